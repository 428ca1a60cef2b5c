"""The people at the desk: two reviewers who decide the same requests, and an administrator who writes to everybody."""

import random
import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import pyotp

from core.domain.actor import Role
from core.services.staff import AddStaff, NewMember
from tests.faults.post import Post
from tests.faults.town import Subscriber

AGAIN_S = 0.4
PAUSED_AFTER_S, PAUSED_FOR_S = 1.5, 1.0
NOBODY_ANSWERED = 0
DECIDED = frozenset({204, 409})
"""Done by me, or done already: by the other reviewer, or by me when I did not hear the answer."""
REASON = "Номера не видно"
BROKEN_FROM = 500


@dataclass
class Petition:
    """What one subscriber asks. `heard` is what each reviewer was answered, by what they decided."""

    subscriber: Subscriber
    heard: dict[str, list[int]] = field(default_factory=dict)


@dataclass
class Mailing:
    """A broadcast as the administrator knows it: `text` stands in it and in no other message."""

    number: int
    text: str
    id: str = ""
    heard: list[tuple[str, int]] = field(default_factory=list)
    report: dict[str, Any] = field(default_factory=dict)


class Seat:
    """One member of staff, signed in with password and authenticator. An answer of 0 is none at all."""

    def __init__(self, api: str, login: str, member: NewMember, over: threading.Event) -> None:
        self.over = over
        self.http = httpx.Client(base_url=f"{api}/api/v1", timeout=20, trust_env=False, headers={"Origin": api})
        # A connection of its own for each call: the one before it may have led to a process that was killed.
        self.http.headers["Connection"] = "close"
        code = pyotp.TOTP(member.totp_secret).now()
        me = self.http.post("/sessions", json={"login": login, "password": member.password, "code": code})
        self.http.headers["X-CSRF-Token"] = me.raise_for_status().json()["csrf"]
        key = self.http.post("/me/authenticator").raise_for_status().json()["totp_secret"]
        own = {"new": secrets.token_urlsafe(15), "code": pyotp.TOTP(key).now()}
        self.http.put("/me/secrets", json=own).raise_for_status()

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None, **headers: str) -> tuple[int, Any]:
        """Ask once."""
        try:
            answer = self.http.request(method, path, json=body, headers=headers)
        except httpx.HTTPError:
            return NOBODY_ANSWERED, None
        return answer.status_code, answer.json() if answer.content else None

    def insist(self, method: str, path: str, body: dict[str, Any] | None, heard: list[int], **headers: str) -> Any:
        """Ask until somebody answers who is not broken; `heard` gets every answer. Returns the last one's body."""
        while not self.over.is_set():
            status, said = self.ask(method, path, body, **headers)
            heard.append(status)
            if NOBODY_ANSWERED < status < BROKEN_FROM:
                return said
            self.over.wait(AGAIN_S)
        return None


@dataclass
class Desk:
    """Who sits there. Methods run each in a thread of its own."""

    reviewers: Sequence[Seat]
    administrator: Seat
    petitions: Sequence[Petition]
    seed: int
    calm: threading.Event
    mailings: list[Mailing] = field(default_factory=list)

    @classmethod
    def staffed(cls, api: str, post: Post, town: Sequence[Subscriber], seed: int, over: threading.Event,
                calm: threading.Event) -> "Desk":  # fmt: skip
        """Hire everybody and sign them in."""

        async def hire(login: str, role: Role) -> NewMember:
            async with post.container() as scope:
                return await (await scope.get(AddStaff))(login, login, role)

        def seat(login: str, role: Role = Role.REVIEWER) -> Seat:
            return Seat(api, login, post.run(hire(login, role)), over)

        petitions = [Petition(each) for each in town if each.petition is not None]
        return cls([seat("vera"), seat("zoya")], seat("anna", Role.ADMINISTRATOR), petitions, seed, calm)

    def review(self, place: int, seconds: float) -> None:
        """Decide every request within so many seconds, as the other reviewer does at the same time, perhaps otherwise."""
        dice, seat = random.Random(f"desk {self.seed} {place}"), self.reviewers[place]
        for petition in self.petitions:
            decision = dice.choice(["approve", "refuse"])
            body = {"decision": decision, **({"reasons": {"passport": REASON}} if decision == "refuse" else {})}
            path = f"/verifications/{petition.subscriber.petition}"
            seat.ask("GET", path)
            seat.insist("POST", f"{path}/decision", body, petition.heard.setdefault(f"{place} {decision}", []))
            self.calm.wait(seconds / max(1, len(self.petitions)) * dice.uniform(0.5, 1.0))

    def write_to_all(self, playground: str, fickle: Sequence[Subscriber], times: int, seconds: float) -> None:
        """Send so many broadcasts within so many seconds; each is paused once and goes on."""
        with httpx.Client(base_url=playground, timeout=40, trust_env=False) as world:
            for number in range(1, times + 1):
                self.broadcast(number, lambda: _block(world, fickle))
                self.calm.wait(max(0.0, seconds / times - PAUSED_AFTER_S - PAUSED_FOR_S))

    def broadcast(self, number: int, launched: Any) -> None:
        """Write a draft, let it go, pause it, let it go on; each until it is answered."""
        seat, made = self.administrator, Mailing(number, f"Новость номер {number:03d}: поликлиника открыта до 20:00.")
        self.mailings.append(made)
        draft = {"texts": {"ru": made.text}, "urgent": True}
        key = {"Idempotency-Key": f"mailing-{self.seed}-{number}"}
        shown = seat.insist("POST", "/broadcasts", draft, heard := [], **key)
        made.heard += [("create", each) for each in heard]
        made.id = str((shown or {}).get("id", ""))
        for step, rest in (("launch", PAUSED_AFTER_S), ("pause", PAUSED_FOR_S), ("resume", 0.0)):
            seat.insist("POST", f"/broadcasts/{made.id}/{step}", {} if step == "launch" else None, heard := [])
            made.heard += [(step, each) for each in heard]
            if step == "launch":
                launched()
            self.calm.wait(rest)

    def look(self) -> None:
        """Read the reports of all broadcasts."""
        for each in self.mailings:
            each.report = self.administrator.insist("GET", f"/broadcasts/{each.id}", None, []) or {}

    def close(self) -> None:
        """Leave."""
        for seat in (*self.reviewers, self.administrator):
            seat.http.close()


def _block(world: httpx.Client, fickle: Sequence[Subscriber]) -> None:
    for each in fickle:
        world.post(f"/people/{each.chat}/block")
