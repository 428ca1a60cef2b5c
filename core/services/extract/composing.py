"""What a paper says: put together from the record, in the language of the order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.domain.account import Account
from core.domain.card import Card
from core.domain.extract import ZONE, Aim, Extract, ExtractKind, Seen, day_of
from core.domain.identifiers.dates import shown_date
from core.domain.ids import RecordId
from core.domain.record import Coding, Panel, Result, Vaccination, Visit
from core.domain.record.figures import reference_of, value_of
from core.domain.record.names import name_of, tidy
from core.ports import Grid, Paper, Paragraph, VerifyPage, Wording
from core.services.extract.provenance import Remark
from core.services.record.lines import Line, lines_of
from core.services.record.sheets import mark_words
from core.services.record.viewing import Entry

VISITS = (13, 27, 34, 26)
RESULTS = (13, 37, 20, 16, 14)
VACCINATIONS = (13, 31, 18, 22, 16)
SEEN = (16, 42, 42)


@dataclass(frozen=True, slots=True)
class Told:
    """What of the record a paper tells."""

    visits: Sequence[Visit] = field(default=(), repr=False)
    results: Sequence[Result | Panel] = field(default=(), repr=False)
    of_panels: Sequence[tuple[Panel, Sequence[Result]]] = field(default=(), repr=False)
    vaccinations: Sequence[Vaccination] = field(default=(), repr=False)
    remarks: Mapping[RecordId, Sequence[Remark]] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Composer:
    """Writes papers: words by the catalogues, codes by their names."""

    wording: Wording
    page: VerifyPage

    def paper(self, extract: Extract, account: Account, card: Card | None, told: Told) -> Paper:
        """Return the paper as it is printed."""
        language = extract.language
        doctor = self._say(language, "by_doctor", name=extract.doctor_name) if extract.doctor_name else ""
        issuer = self._say(language, "issuer")
        return Paper(
            language=language,
            title=self.title(extract),
            dated=(extract.made_at or extract.asked_at).astimezone(ZONE),
            issuer=issuer,
            facts=self.facts(extract, account, card),
            body=self._body(extract, told),
            note=self._say(language, f"note.{extract.kind.value}{'.remarks' if told.remarks else ''}"),
            number=extract.number,
            verify_url=self.page.of(extract.token),
            signed_by=doctor or issuer,
        )

    def title(self, extract: Extract) -> str:
        """Return what the paper is called."""
        return self._say(extract.language, f"title.{extract.kind.value}")

    def facts(self, extract: Extract, account: Account, card: Card | None) -> list[tuple[str, str]]:
        """Return the lines below the title: who, for which time, what for."""
        language, known = extract.language, account.known
        name = " ".join(filter(None, (known.family_name, known.given_name, known.middle_name)))
        facts = [(self._say(language, "patient"), name)]
        if known.birth_date:
            facts.append((self._say(language, "born"), shown_date(known.birth_date)))
        if card is not None:
            facts.append((self._say(language, "card"), card.shown_number))
        facts.append((self._say(language, "period"), self.period(extract)))
        facts.append((self._say(language, "aim"), self.aim(extract)))
        return facts

    def period(self, extract: Extract) -> str:
        """Return the period in words."""
        since, until = extract.order.days(day_of(extract.ordered_at or extract.asked_at))
        if since is None:
            return self._say(extract.language, "until", until=shown_date(until))
        return f"{shown_date(since)} – {shown_date(until)}"

    def aim(self, extract: Extract) -> str:
        """Return the purpose in words: ours, or the citizen's own, which are marked so: they stand on a signed paper."""
        order = extract.order
        if order.aim is Aim.OTHER:
            return self._say(extract.language, "aim_told", words=order.words)
        return self._say(extract.language, f"aim.{order.aim.value}") if order.aim else ""

    def seen(self, extract: Extract, visits: Sequence[Visit]) -> tuple[Seen, ...]:
        """Return the lines of the doctor's paper, the newest first: when, with whom, what was found."""
        language = extract.language
        return tuple(
            Seen(shown_date(day_of(visit.started_at)), _where(visit), self._found(visit, language))
            for visit in visits
            if visit.diagnoses
        )

    def conclusion(self, extract: Extract, seen: Sequence[Seen]) -> str:
        """Return what the doctor starts from."""
        key = "conclusion.some" if seen else "conclusion.none"
        return self._say(extract.language, key, period=self.period(extract), count=str(len(seen)))

    def _body(self, extract: Extract, told: Told) -> list[Grid | Paragraph]:
        language = extract.language
        match extract.kind:
            case ExtractKind.HISTORY:
                body = [self._visits(told.visits, language), self._results(told, language)]
            case ExtractKind.VACCINATIONS:
                body = [self._vaccinations(told, language)]
            case ExtractKind.HEALTH:
                rows = [(line.day, line.where, line.found) for line in extract.seen]
                body = [
                    Paragraph(extract.conclusion, self._say(language, "heading.conclusion")),
                    self._table("seen", rows, SEEN, language),
                ]
        return body

    def _visits(self, visits: Sequence[Visit], language: str) -> Grid | Paragraph:
        rows = [
            (
                shown_date(day_of(visit.started_at)),
                _where(visit),
                self._found(visit, language),
                "\n".join(tidy(each) for each in (*visit.prescriptions, *visit.recommendations)) or "—",
            )
            for visit in visits
        ]
        return self._table("visits", rows, VISITS, language)

    def _results(self, told: Told, language: str) -> Grid | Paragraph:
        held = {panel.id: tuple(results) for panel, results in told.of_panels}
        entries = [Entry(each, held.get(each.id, ()) if isinstance(each, Panel) else (each,)) for each in told.results]
        rows = [self._result(line, language) for line in lines_of(entries, language, ZONE)]
        return self._table("results", rows, RESULTS, language)

    def _result(self, line: Line, language: str) -> tuple[str, ...]:
        value, name = line.measured, line.name
        if line.panel and line.panel != line.name:
            name = f"{line.panel}: {line.name}"
        if value is None:
            return shown_date(line.at.date()), name, line.note or "—", "", ""
        said = (value_of(value, language), reference_of(value, language), mark_words(value, self.wording, language))
        return shown_date(line.at.date()), name, *said

    def _vaccinations(self, told: Told, language: str) -> Grid | Paragraph:
        rows = []
        for each in told.vaccinations:
            dose = self._say(language, "dose", dose=str(each.dose)) if each.dose else ""
            series = "\n".join(filter(None, (tidy(each.series), dose))) or "—"
            remarks = [self._remark(remark, language) for remark in told.remarks.get(each.id, ())]
            name = "\n".join((name_of(each.vaccine, language), *remarks))
            rows.append(
                (shown_date(each.given_on), name, series, tidy(each.institution) or "—", tidy(each.reaction) or "—")
            )
        return self._table("vaccinations", rows, VACCINATIONS, language)

    def _remark(self, remark: Remark, language: str) -> str:
        on = shown_date(day_of(remark.at)) if remark.at else "—"
        return self._say(language, f"remark.{remark.kind}", date=on, name=remark.signer)

    def _table(
        self, name: str, rows: Sequence[Sequence[str]], widths: Sequence[int], language: str
    ) -> Grid | Paragraph:
        heading = self._say(language, f"heading.{name}")
        if not rows:
            return Paragraph(self._say(language, f"nothing.{name}"), heading)
        columns = [self._say(language, f"column.{name}.{place}") for place in range(1, len(widths) + 1)]
        return Grid(columns, rows, widths, heading)

    def _found(self, visit: Visit, language: str) -> str:
        return "\n".join(_coded(each, language) for each in visit.diagnoses) or "—"

    def _say(self, language: str, key: str, **values: str) -> str:
        return self.wording.say(f"extract.paper.{key}", language, values)


def _coded(coding: Coding, language: str) -> str:
    """Return a diagnosis with its code where it has a short one: «J06.9 Острая инфекция …»."""
    name = name_of(coding, language)
    return f"{coding.code} {name}" if coding.code and len(coding.code) <= 7 and coding.code != name else name


def _where(visit: Visit) -> str:
    doctor = ", ".join(filter(None, (tidy(visit.doctor), tidy(visit.speciality))))
    return "\n".join(filter(None, (tidy(visit.institution), doctor))) or "—"
