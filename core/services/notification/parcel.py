"""What goes as one message: a notification, or a person's digest."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from core.domain.ids import BroadcastId, ChatId
from core.domain.notification import Button, Channel, Notification
from core.ports import Push, Refused, Wording

LONGEST_DIGEST = 20
MOST_BUTTONS = 8


@dataclass(frozen=True, slots=True)
class Parcel:
    """Notifications of one chat that go as one message, or one of another channel."""

    notifications: tuple[Notification, ...]

    @property
    def first(self) -> Notification:
        """The one whose lane and chat are those of all."""
        return self.notifications[0]


def parcels_of(claimed: Sequence[Notification]) -> tuple[list[Parcel], list[Notification]]:
    """Return what goes now, one parcel a chat, and what has to wait until that has gone."""
    going: list[Parcel] = []
    waiting: list[Notification] = []
    digests: dict[ChatId, list[Notification]] = {}
    for each in claimed:
        if each.in_digest and each.chat is not None and each.channel is Channel.TELEGRAM:
            digests.setdefault(each.chat, []).append(each)
    busy: set[ChatId] = set()
    for each in claimed:
        if each.chat is None or each.channel is not Channel.TELEGRAM:
            going.append(Parcel((each,)))
        elif each.chat not in busy:
            busy.add(each.chat)
            together = digests[each.chat] if each.in_digest else [each]
            going.append(Parcel(tuple(together[:LONGEST_DIGEST])))
    gone = {each.id for parcel in going for each in parcel.notifications}
    waiting = [each for each in claimed if each.id not in gone]
    return going, waiting


class Words:
    """The words of one claim. What holds no values of a person, a broadcast above all, is put into words once a language."""

    def __init__(self, wording: Wording, texts: Mapping[BroadcastId, Mapping[str, str]]) -> None:
        self._wording, self._texts = wording, texts
        self._said: dict[tuple[str, str], str] = {}

    def push_of(self, parcel: Parcel) -> Push:
        """Return the message: a digest has a heading and a line each; one that may have come before says so first."""
        language = parcel.first.language
        lines = [self._text(each) for each in parcel.notifications]
        text = lines[0]
        if len(lines) > 1:
            text = "\n\n".join([self._say("notification.digest", language), *(f"• {line}" for line in lines)])
        if any(each.doubtful for each in parcel.notifications):
            text = f"{self._say('notification.again', language)}\n\n{text}"
        buttons = _united(button for each in parcel.notifications for button in each.buttons)
        rows = tuple(((self._say(each.label_key, language), _opened(each)),) for each in buttons)
        # What is pinned waits to be looked for: it calls nobody.
        return Push(text, rows, silent=all(each.pinned_until is not None for each in parcel.notifications))

    def _text(self, notification: Notification) -> str:
        if notification.line is not None:
            # Its words are read from the line itself.
            return ""
        if notification.broadcast is not None:
            said = self._texts.get(notification.broadcast)
            if said is None:
                raise Refused("its broadcast is gone")
            return said.get(notification.language) or said["ru"]
        if not notification.values:
            return self._say(notification.key, notification.language)
        values = {name: escape(value) for name, value in notification.values.items()}
        return self._wording.say(notification.key, notification.language, values)

    def _say(self, key: str, language: str) -> str:
        said = self._said.get((key, language))
        if said is None:
            said = self._said[key, language] = self._wording.say(key, language, {})
        return said


def _united(buttons: Iterable[Button]) -> list[Button]:
    return list({_opened(button): button for button in buttons}.values())[:MOST_BUTTONS]


def _opened(button: Button) -> str:
    return f"{button.place}/{button.arg}" if button.arg else button.place
