"""A reviewer at the desk, through its REST API."""

import re
import secrets
from dataclasses import dataclass
from typing import Any

import httpx
import pyotp

from tests.journeys.house import House


def own_secrets(http: httpx.Client) -> pyotp.TOTP:
    """Take a password and a key of one's own in place of those that the command printed; return the new authenticator."""
    offered = http.post("/me/authenticator")
    assert offered.status_code == 200, offered.text
    authenticator = pyotp.TOTP(offered.json()["totp_secret"])
    taken = http.put("/me/secrets", json={"new": secrets.token_urlsafe(15), "code": authenticator.now()})
    assert taken.status_code == 204, taken.text
    return authenticator


@dataclass
class Desk:
    """One reviewer, signed in with password and authenticator."""

    http: httpx.Client

    @classmethod
    def of(cls, house: House, role: str = "reviewer") -> "Desk":
        login = f"zoya.{secrets.token_hex(4)}"
        made = house.command("staff", "add", login, "--name", "Зоя Лаптева", "--role", role)
        assert made.returncode == 0, made.stderr
        password, key = (re.search(rf"{what}\s+(\S+)", made.stdout) for what in ("Password", "Authenticator key"))
        assert password is not None
        assert key is not None
        http = httpx.Client(base_url=f"{house.api}/api/v1", timeout=60, trust_env=False)
        house.clients.append(http)
        # The desk trusts cookies of its own pages alone.
        http.headers["Origin"] = house.api
        me = http.post(
            "/sessions",
            json={"login": login, "password": password.group(1), "code": pyotp.TOTP(key.group(1)).now()},
        )
        assert me.status_code == 201, me.text
        http.headers["X-CSRF-Token"] = me.json()["csrf"]
        own_secrets(http)
        return cls(http)

    def waiting(self) -> list[dict[str, Any]]:
        """What waits for a reviewer."""
        found: list[dict[str, Any]] = self.http.get("/queue").raise_for_status().json()["waiting"]
        return found

    def request_of(self, citizen: dict[str, Any]) -> dict[str, Any]:
        """Find somebody's pending verification among all that wait, and open it."""
        for each in self.waiting():
            if each["kind"] == "verification":
                opened: dict[str, Any] = self.http.get(f"/verifications/{each['id']}").raise_for_status().json()
                if opened["full_name"] == citizen["full_name"]:
                    return opened
        raise AssertionError(f"nobody waits under the name of {citizen['full_name']}")

    def documents_of(self, citizen: dict[str, Any]) -> dict[str, str]:
        """Return ids of somebody's application documents that wait, by kind."""
        name = f"{citizen['name']} {citizen['surname'][0]}."
        return {
            each["document"]: each["id"]
            for each in self.waiting()
            if each["kind"] == "document" and each["name"] == name
        }

    def content(self, document: str) -> bytes:
        """Open a scan."""
        return self.http.get(f"/documents/{document}/content").raise_for_status().content

    def decide(self, what: str, subject: str, **decision: Any) -> None:
        """Approve or refuse a `verifications` request or one of `documents`."""
        answer = self.http.post(f"/{what}/{subject}/decision", json=decision)
        assert answer.status_code == 204, answer.text
