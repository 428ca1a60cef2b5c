"""The registries: passports, SNILS numbers and OMS policies, asked over HTTP."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from playground.outside import numbers
from playground.outside.answers import body_of
from playground.outside.citizens import Citizen
from playground.outside.expiring import Clock
from playground.outside.faults import Faults

Status: TypeAlias = Literal["valid", "not_found", "mismatch", "expired", "invalid"]
NOT_DIGITS = re.compile(r"\D")


class Question(BaseModel):
    surname: str | None = None
    birth_date: date | None = None


class PassportQuestion(Question):
    series: str
    number: str


class SnilsQuestion(Question):
    snils: str


class PolicyQuestion(Question):
    """A single number (`enp`), or `series` and `number` of the old form (a temporary certificate has a number alone)."""

    enp: str | None = None
    series: str | None = None
    number: str | None = None


class PassportRecord(BaseModel):
    series: str
    number: str
    issued_at: date | None = None
    revoked: bool = False


class Person(BaseModel):
    """What the registries know of somebody; what is absent they do not know."""

    surname: str
    birth_date: date
    snils: str | None = None
    passport: PassportRecord | None = None
    enp: str | None = None
    old_policy: str | None = Field(default=None, description="series and number with a space between")


@dataclass(frozen=True, slots=True)
class Finding:
    status: Status
    detail: str | None = None

    def response(self) -> Response:
        return JSONResponse({"status": self.status} | ({"detail": self.detail} if self.detail else {}))


class Registries:
    """Knows the people it was given and nobody else.

    Every question is answered with 200 and a status: `invalid` (impossible number; a revoked passport), `not_found`, `mismatch`
    (the number is another surname's or birth date's), `expired` (a passport not replaced in time), `valid`.
    """

    def __init__(self, clock: Clock, citizens: Iterable[Citizen] = ()) -> None:
        self._clock = clock
        self._passports: dict[str, Person] = {}
        self._snils: dict[str, Person] = {}
        self._policies: dict[str, Person] = {}
        self._faults = Faults("passport", "snils", "oms")
        for citizen in citizens:
            self.add_citizen(citizen)

    def add_citizen(self, citizen: Citizen) -> None:
        passport = citizen.passport
        self.add(
            Person(
                surname=citizen.surname,
                birth_date=citizen.birth_date,
                snils=citizen.snils,
                passport=PassportRecord(
                    series=passport.series,
                    number=passport.number,
                    issued_at=passport.issued_at,
                )
                if passport
                else None,
                enp=citizen.enp,
                old_policy=citizen.old_policy,
            )
        )

    def add(self, person: Person) -> None:
        if person.passport:
            self._passports[_digits(person.passport.series + person.passport.number)] = person
        if person.snils:
            self._snils[_digits(person.snils)] = person
        for policy in (person.enp, person.old_policy):
            if policy:
                self._policies[_plain(policy)] = person

    def passport(self, question: PassportQuestion) -> Finding:
        series, number = _digits(question.series), _digits(question.number)
        if len(series) != 4 or len(number) != 6:
            return Finding("invalid", "a series has 4 digits, a number 6")
        person = self._passports.get(series + number)
        finding = _compare(person, question)
        if finding.status != "valid" or person is None or person.passport is None:
            return finding
        if person.passport.revoked:
            return Finding("invalid", "the passport is revoked")
        issued = person.passport.issued_at
        if issued and numbers.passport_expired(person.birth_date, issued, self._clock().date()):
            return Finding("expired", "the passport was to be replaced at 20 or at 45")
        return finding

    def snils(self, question: SnilsQuestion) -> Finding:
        number = _digits(question.snils)
        if not numbers.snils_is_right(number):
            return Finding("invalid", "wrong check digits")
        return _compare(self._snils.get(number), question)

    def policy(self, question: PolicyQuestion) -> Finding:
        if question.enp is not None:
            number = _digits(question.enp)
            if len(number) != 16 or not numbers.luhn_is_right(number):
                return Finding("invalid", "wrong check digit")
            return _compare(self._policies.get(number), question)
        number = _plain((question.series or "") + (question.number or ""))
        if not 6 <= len(number) <= 30:
            return Finding("invalid", "either enp, or series and number")
        return _compare(self._policies.get(number), question)

    def routes(self) -> list[Route]:
        return [
            Route(
                "/registries/passport",
                self._faults.guard("passport", self._ask_passport),
                methods=["POST"],
            ),
            Route(
                "/registries/snils",
                self._faults.guard("snils", self._ask_snils),
                methods=["POST"],
            ),
            Route(
                "/registries/oms",
                self._faults.guard("oms", self._ask_policy),
                methods=["POST"],
            ),
            Route("/registries/people", self._add_person, methods=["POST"]),
            *self._faults.routes("/registries/faults"),
        ]

    async def _ask_passport(self, request: Request) -> Response:
        return self.passport(await body_of(request, PassportQuestion)).response()

    async def _ask_snils(self, request: Request) -> Response:
        return self.snils(await body_of(request, SnilsQuestion)).response()

    async def _ask_policy(self, request: Request) -> Response:
        return self.policy(await body_of(request, PolicyQuestion)).response()

    async def _add_person(self, request: Request) -> Response:
        person = await body_of(request, Person)
        self.add(person)
        return JSONResponse(person.model_dump(mode="json", exclude_none=True), status_code=201)


def _compare(person: Person | None, question: Question) -> Finding:
    if person is None:
        return Finding("not_found")
    if question.surname is not None and _name(question.surname) != _name(person.surname):
        return Finding("mismatch", "surname")
    if question.birth_date is not None and question.birth_date != person.birth_date:
        return Finding("mismatch", "birth_date")
    return Finding("valid")


def _digits(number: str) -> str:
    return NOT_DIGITS.sub("", number)


def _plain(number: str) -> str:
    return "".join(character for character in number.casefold() if character.isalnum())


def _name(name: str) -> str:
    return name.strip().casefold().replace("ё", "е")
