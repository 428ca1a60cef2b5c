"""The words of the desk: which language a browser speaks, and how keys, moments and waits are said in it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_datetime, format_time, format_timedelta
from babel.numbers import format_decimal
from fastapi import Request
from markupsafe import Markup, escape

from core.domain.chat import LANGUAGES, language_for
from core.domain.identifiers.dates import long_date
from core.ports import Wording

ZONE = ZoneInfo("Europe/Moscow")
COOKIE = "medkarta_language"
SWITCH = "language"
MOMENT = {"ru": "d MMMM, HH:mm", "en": "d MMMM, HH:mm"}


@dataclass(frozen=True, slots=True)
class Words:
    """Says keys in one language. What it returns is plain text: templates escape it."""

    language: str
    wording: Wording

    def __call__(self, key: str, **values: str) -> str:
        """Return the words of a key."""
        return self.wording.say(key, self.language, values)

    def count(self, key: str, number: int) -> str:
        """Return the words of a key for a number: `key.one`, `key.few`, `key.many` or `key.other`, as its language counts."""
        return self(f"{key}.{Locale.parse(self.language).plural_form(number)}", n=self.number(number))

    def rich(self, key: str, **values: str) -> Markup:
        """Return the words of a key that the chat's windows say as well, with their few tags; the values are escaped."""
        said = self.wording.say(key, self.language, {name: str(escape(value)) for name, value in values.items()})
        return Markup(said.replace("\n", "<br>"))  # noqa: S704 - the catalogues are ours, the values are escaped

    def moment(self, at: datetime) -> str:
        """Return day and time in Moscow: «3 марта, 14:05»."""
        return str(format_datetime(at, MOMENT[self.language], tzinfo=ZONE, locale=self.language))

    def instant(self, at: datetime, zone: tzinfo) -> str:
        """Return a moment with its year by the person's clock: «23 ноября 2026, 21:46»."""
        return str(format_datetime(at, "d MMMM y, HH:mm", tzinfo=zone, locale=self.language))

    def wall(self, at: datetime) -> str:
        """Return what a clock on a wall shows, with its day: «9:40, вторник, 1 декабря 2026»."""
        return str(format_datetime(at, "H:mm, EEEE, d MMMM y", locale=self.language))

    def date(self, day: date) -> str:
        """Write a day out: «23 ноября 2026 г.»."""
        return long_date(day, self.language)

    def day(self, at: datetime) -> str:
        """Return the day in Moscow: «3 марта 2026 г.»."""
        return long_date(at.astimezone(ZONE).date(), self.language)

    def time(self, at: datetime, zone: tzinfo = ZONE) -> str:
        """Return the time of day, in Moscow unless a zone is given: «14:05»."""
        return str(format_time(at, "HH:mm", tzinfo=zone, locale=self.language))

    def number(self, count: int) -> str:
        """Return a number as people read it: «12 345»."""
        return str(format_decimal(count, locale=self.language))

    def wait(self, since: datetime, now: datetime) -> str:
        """Return how long something waits, never more than it does: «1 ч 40 мин», «2 дня»."""
        minutes = int((now - since).total_seconds() // 60)
        if minutes < 1:
            return self("desk.queue.just_now")
        hours, rest = divmod(minutes, 60)
        if hours >= 24:
            return self._span(timedelta(days=hours // 24), "day", "long")
        spoken = [self._span(timedelta(hours=hours), "hour", "short")] if hours else []
        return " ".join([*spoken, self._span(timedelta(minutes=rest), "minute", "short")] if rest else spoken)

    def _span(self, span: timedelta, unit: Literal["day", "hour", "minute"], width: Literal["long", "short"]) -> str:
        # No unit but the one asked for reaches such a threshold: thirty days stay days.
        return str(format_timedelta(span, granularity=unit, threshold=1e9, format=width, locale=self.language))

    def size(self, count: int) -> str:
        """Return a count of bytes as people read it: «1,2 МБ»."""
        kilobytes = count / 1024
        unit, number = ("mb", kilobytes / 1024) if kilobytes >= 1000 else ("kb", max(1, round(kilobytes)))
        return self(f"desk.size.{unit}", n=str(format_decimal(number, "0.#", locale=self.language)))


def language_of(request: Request) -> str:
    """Return the language that the person switched to, else the one the browser likes best."""
    for chosen in (request.query_params.get(SWITCH), request.cookies.get(COOKIE)):
        if chosen in LANGUAGES:
            return chosen
    return language_for(preferred(request.headers.get("accept-language", "")))


def preferred(header: str) -> str | None:
    """Return the first-liked tag of an Accept-Language header (RFC 9110, section 12.5.4), or None."""
    liked: list[tuple[float, str]] = []
    for part in header.split(","):
        tag, _, weight = part.partition(";")
        tag = tag.strip()
        if tag and tag != "*":
            liked.append((_weight(weight), tag))
    return max(liked, key=lambda each: each[0])[1] if liked else None


def _weight(text: str) -> float:
    name, _, value = text.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


async def words_for(request: Request) -> Words:
    """Return the words for whoever asks."""
    wording: Wording = await request.app.state.dishka_container.get(Wording)
    return Words(language_of(request), wording)
