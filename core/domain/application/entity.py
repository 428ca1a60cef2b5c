"""The application as a whole: where it stands, what is missing, and the ways it may go."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol, Self

from core.domain.account import WrongMove
from core.domain.actor import Citizen
from core.domain.application.fields import FIELDS_OF, STEPS, Answer, Check, Field, Step
from core.domain.ids import AccountId, ApplicationId


class ApplicationState(StrEnum):
    """DRAFT is being filled in, CODE_SENT waits for the code, WAITING for registries that were away, COMPLETED made the card.

    COMPLETED is the article's «завершено». DROPPED was thrown away by the person, who starts anew.
    """

    DRAFT = "draft"
    CODE_SENT = "code_sent"
    WAITING = "waiting"
    COMPLETED = "completed"
    DROPPED = "dropped"


MOVES: Mapping[ApplicationState, frozenset[ApplicationState]] = {
    ApplicationState.DRAFT: frozenset({ApplicationState.CODE_SENT, ApplicationState.DROPPED}),
    ApplicationState.CODE_SENT: frozenset(
        {
            ApplicationState.DRAFT,
            ApplicationState.CODE_SENT,
            ApplicationState.WAITING,
            ApplicationState.COMPLETED,
            ApplicationState.DROPPED,
        }
    ),
    ApplicationState.WAITING: frozenset({ApplicationState.DRAFT, ApplicationState.COMPLETED, ApplicationState.DROPPED}),
    ApplicationState.COMPLETED: frozenset(),
    ApplicationState.DROPPED: frozenset(),
}

OPEN = frozenset({ApplicationState.DRAFT, ApplicationState.CODE_SENT, ApplicationState.WAITING})


class NoApplication(Exception):
    """There is no open application."""

    message_key = "application.none"


class StillMissing(Exception):
    """The application cannot be sent yet: steps, documents (by kind) or the consent are missing."""

    message_key = "application.still_missing"

    def __init__(self, steps: tuple[Step, ...], documents: tuple[str, ...], *, consent: bool) -> None:
        super().__init__()
        self.steps = steps
        self.documents = documents
        self.consent = consent


class Blocked(Exception):
    """The application waits for the registries: nothing can be changed until they answer, except dropping it."""

    message_key = "application.waiting"


@dataclass(frozen=True, slots=True)
class Application:
    """An application. `benefits`: the person asks for a disability's benefits. `reviewed`: what the portal knew was confirmed."""

    id: ApplicationId
    account: AccountId
    state: ApplicationState
    answers: Mapping[Field, Answer] = field(repr=False)
    benefits: bool = False
    reviewed: bool = False
    version: int = 1
    created_at: datetime | None = None

    def gap(self) -> Field | None:
        """Return the first field that still wants something of the person, in the form's order; None when all are there."""
        for step in STEPS:
            for wanted in FIELDS_OF[step]:
                answer = self.answers.get(wanted)
                if answer is None or not answer.settled:
                    return wanted
        return None

    def gaps(self) -> tuple[Step, ...]:
        """Return the steps that are not complete."""
        return tuple(step for step in STEPS if not self.complete(step))

    def complete(self, step: Step) -> bool:
        """Every field of the step is settled."""
        return all((answer := self.answers.get(each)) is not None and answer.settled for each in FIELDS_OF[step])

    def waits_for(self) -> tuple[Field, ...]:
        """Return the fields that a registry has not confirmed yet."""
        return tuple(each for each, answer in self.answers.items() if answer.check is Check.WAITING)

    def answered(self, answer: Answer) -> Self:
        """Return the application with this answer, back in DRAFT: what was changed must be sent anew.

        A new date of birth leaves the passport's date of issue to be looked at again only if it contradicts it:
        the caller reads it anew. A new phone unproves a policy that was proved through the old one.
        """
        if self.state is ApplicationState.WAITING:
            raise Blocked
        if self.state not in OPEN:
            raise NoApplication
        answers = {**self.answers, answer.field: answer}
        return replace(self, answers=answers, state=ApplicationState.DRAFT)

    def moved(self, to: ApplicationState) -> Self:
        """Return the application in the state `to`; WrongMove when MOVES has no such way."""
        if to not in MOVES[self.state]:
            raise WrongMove
        return replace(self, state=to)

    def digest(self) -> str:
        """Return the SHA-256, hex, of all answers: what the confirmation code confirms (a simple electronic signature)."""
        lines = [f"{each.value}={self.answers[each].text}" for each in Field if each in self.answers]
        return hashlib.sha256("\n".join([str(self.id), str(self.benefits), *lines]).encode()).hexdigest()


class Applications(Protocol):
    """The applications. One open an account: the database refuses a second."""

    async def open_of(self, citizen: Citizen) -> Application | None:
        """Return the open one with all its answers."""
        ...

    async def get(self, application: ApplicationId) -> Application:
        """For the product's own work (the worker's later checks); NoApplication otherwise."""
        ...

    async def completed_of(self, account: AccountId) -> Application | None:
        """Return the one that made the account's card; None for a card that came another way."""
        ...

    async def add(self, application: Application, now: datetime) -> None:
        """Store a new one with its answers; WrongMove when there is an open one already."""
        ...

    async def save(self, application: Application, now: datetime) -> Application:
        """Store state, flags and changed answers; returns it with its new version; WrongMove when it changed meanwhile."""
        ...

    async def touch(self, application: ApplicationId, now: datetime) -> None:
        """Note that it was looked at: others that wait have their turn first."""
        ...

    async def waiting_for_registries(self, limit: int) -> list[ApplicationId]:
        """Return open applications with a WAITING check, longest untouched first."""
        ...
