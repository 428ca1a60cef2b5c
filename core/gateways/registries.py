"""The state registries over HTTP: passports, СНИЛС, policies. A person waits for the answer: two seconds."""

from datetime import date

import httpx

from core.gateways.wire import ask
from core.ports import Unavailable, Verdict

SECONDS = 2.0

VERDICTS = {
    "valid": Verdict.VALID,
    "not_found": Verdict.NOT_FOUND,
    "mismatch": Verdict.MISMATCH,
    "expired": Verdict.EXPIRED,
    "invalid": Verdict.NOT_FOUND,
}
"""`invalid` is a number that the registry would never issue: for the person the same as one it does not know."""

NOWHERE = frozenset({"not_attached", "not_found", "invalid"})
LONGEST_CODE = 40


class HttpRegistries:
    """`core.ports.Registries`: POST `{base}/passport`, `/snils`, `/oms`, `/attachment` with JSON, answered by `{"status": …}`."""

    def __init__(self, base_url: str, http: httpx.AsyncClient) -> None:
        self._base = base_url.rstrip("/")
        self._http = http

    async def passport(self, series: str, number: str, *, surname: str | None, birth_date: date | None) -> Verdict:
        """Ask МВД. Raises Unavailable("registry.passport")."""
        return await self._ask("passport", "passport", surname, birth_date, series=series, number=number)

    async def snils(self, snils: str, *, surname: str | None, birth_date: date | None) -> Verdict:
        """Ask СФР. Raises Unavailable("registry.snils")."""
        return await self._ask("snils", "snils", surname, birth_date, snils=snils)

    async def policy(self, number: str, *, series: str | None, surname: str | None, birth_date: date | None) -> Verdict:
        """Ask the ОМС registry: the single number goes as `enp`, an older policy as `series` and `number`.

        Raises Unavailable("registry.policy").
        """
        named = {"enp": number} if series is None else {"series": series, "number": number}
        return await self._ask("policy", "oms", surname, birth_date, **named)

    async def attached(self, policy: str) -> str | None:
        """Ask the ОМС registry where a policy is attached: POST `{base}/attachment`, `{"facility": code}` where it is.

        Raises Unavailable("registry.attachment").
        """
        system = "registry.attachment"
        url = f"{self._base}/attachment"
        answer = await ask(self._http, "POST", url, system=system, seconds=SECONDS, json={"policy": policy})
        told = (answer.json() or {}) if answer.status == 200 else {}
        facility = told.get("facility")
        if isinstance(facility, str) and 0 < len(facility) <= LONGEST_CODE:
            return facility
        if told.get("status") in NOWHERE:
            return None
        raise Unavailable(system)

    async def _ask(
        self, registry: str, path: str, surname: str | None, birth_date: date | None, **named: str
    ) -> Verdict:
        system = f"registry.{registry}"
        known = {"surname": surname, "birth_date": birth_date.isoformat() if birth_date else None}
        body = {**named, **{name: value for name, value in known.items() if value is not None}}
        answer = await ask(self._http, "POST", f"{self._base}/{path}", system=system, seconds=SECONDS, json=body)
        status = (answer.json() or {}).get("status") if answer.status == 200 else None
        if not isinstance(status, str) or status not in VERDICTS:
            raise Unavailable(system)
        return VERDICTS[status]
