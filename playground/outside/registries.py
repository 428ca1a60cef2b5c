"""The registries: passports, SNILS numbers, OMS policies and where these are attached, asked over HTTP."""

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
from playground.outside.schedules import towns

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


class AttachmentQuestion(BaseModel):
    """A policy of whatever kind, in one line."""

    policy: str


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
    facility: str | None = Field(default=None, description="the code of the clinic that the policy is attached to")


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
        self._faults = Faults("passport", "snils", "oms", "attachment")
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
                facility=_facility(citizen, self._clock().date()),
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

    def attached(self, policy: str) -> str | None:
        """The code of the clinic that whoever bears the policy is attached to."""
        person = self._policies.get(_plain(policy))
        return person.facility if person else None

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
            Route(
                "/registries/attachment",
                self._faults.guard("attachment", self._ask_attachment),
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

    async def _ask_attachment(self, request: Request) -> Response:
        facility = self.attached((await body_of(request, AttachmentQuestion)).policy)
        told = {"status": "attached", "facility": facility} if facility else {"status": "not_attached"}
        return JSONResponse(told)

    async def _add_person(self, request: Request) -> Response:
        person = await body_of(request, Person)
        self.add(person)
        return JSONResponse(person.model_dump(mode="json", exclude_none=True), status_code=201)


def _facility(citizen: Citizen, today: date) -> str | None:
    """A clinic of the region that issued the policy (its first two digits say which); a children's one for a child."""
    town = towns.attached(citizen.sub, citizen.enp[:2], child=citizen.age(today) < 18)
    return town.code if town else None


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
