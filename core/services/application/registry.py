"""Asking the registry that knows a field, and what its answer means for the person."""

from dataclasses import dataclass
from datetime import date

from core.domain.application import Answer, Application, Check, Field
from core.domain.application.fields import CHECKED_BY_REGISTRY
from core.domain.identifiers import BirthDate, FullName, PassportNumber, PolicyNumber
from core.ports import Registries, Unavailable, Verdict


class RegistryRefused(Exception):
    """A registry does not know the value, or knows it for somebody else; `message_key` names field and fault."""

    def __init__(self, field: Field, verdict: Verdict) -> None:
        super().__init__()
        self.field = field
        self.message_key = f"registry.{field.value}.{verdict.value}"


@dataclass(frozen=True, slots=True)
class FieldCheck:
    """One field checked against its registry, by what else the application says of the person."""

    registries: Registries

    async def __call__(self, application: Application, field: Field, text: str) -> Check:
        """Return VALID, NONE where no registry knows such a field, WAITING where it is away. Raises RegistryRefused."""
        if field not in CHECKED_BY_REGISTRY:
            return Check.NONE
        try:
            verdict = await self._ask(application, field, text)
        except Unavailable:
            return Check.WAITING
        if verdict is not Verdict.VALID:
            raise RegistryRefused(field, verdict)
        return Check.VALID

    async def _ask(self, application: Application, field: Field, text: str) -> Verdict:
        surname, born = _surname(application), _born(application)
        if field is Field.SNILS:
            return await self.registries.snils(text, surname=surname, birth_date=born)
        if field is Field.PASSPORT_NUMBER:
            passport = PassportNumber.parse(text)
            return await self.registries.passport(passport.series, passport.number, surname=surname, birth_date=born)
        policy = PolicyNumber.parse(text)
        return await self.registries.policy(policy.number, series=policy.series, surname=surname, birth_date=born)


def _surname(application: Application) -> str | None:
    answer: Answer | None = application.answers.get(Field.NAME)
    return FullName.parse(answer.text).surname if answer else None


def _born(application: Application) -> date | None:
    answer = application.answers.get(Field.BIRTH_DATE)
    return date.fromisoformat(answer.text) if answer else None


def whose(application: Application) -> tuple[str | None, date | None]:
    """Return by what a registry knows the owner of a number: surname and date of birth."""
    return _surname(application), _born(application)


def born(application: Application) -> BirthDate | None:
    """Return the date of birth that the application has."""
    day = _born(application)
    return BirthDate(day) if day else None
