"""The pages for whoever plays the clinic: a day of it, its faults, its own cancellations and moves, and the people at random."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from playground.outside.answers import problem
from playground.outside.expiring import Clock
from playground.outside.faults import Fault, Faults
from playground.outside.pages import page
from playground.outside.schedules import acting, grid
from playground.outside.schedules.crowd import PACES, Crowd
from playground.outside.schedules.doctors import Doctor, doctors_of
from playground.outside.schedules.resources import Refused
from playground.outside.schedules.server import OVER, Server, slots_of
from playground.outside.schedules.towns import BY_CODE, TOWNS, Town

FAULTS = {
    "ok": ("работает", Fault()),
    "slow": ("медленный", Fault(mode="slow", delay_ms=8_000)),
    "down": ("не работает", Fault(mode="down")),
    "lost": ("ответы теряются", Fault(mode="lost")),
}
"""What the page can do to a server; `/clinics/faults` can do more."""
OFFERED = 24
WEEKDAYS = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")


class SchedulePages:
    """`/schedules` and what lies below."""

    def __init__(self, servers: Mapping[str, Server], crowd: Crowd, faults: Faults, clock: Clock) -> None:
        self._servers, self._crowd, self._faults, self._clock = servers, crowd, faults, clock

    def routes(self) -> list[Route]:
        return [
            Route("/schedules", self.every),
            Route("/schedules/crowd", self.crowd, methods=["POST"]),
            Route("/schedules/{code}", self.day),
            Route("/schedules/{code}/fault", self.fault, methods=["POST"]),
            Route("/schedules/{code}/cancel", self.cancel, methods=["POST"]),
            Route("/schedules/{code}/move", self.move, methods=["POST"]),
        ]

    async def every(self, request: Request) -> Response:
        """All clinics, with what is free today."""
        return page(request, "schedules.html", clinics=[self._card(town) for town in TOWNS], **self._people())

    async def day(self, request: Request) -> Response:
        """A clinic's day (`day`, an ISO date): who receives when, and what is taken by whom."""
        town = BY_CODE.get(request.path_params["code"])
        if town is None:
            return problem(404, "no such clinic")
        first, last = grid.window(town, self._clock())
        try:
            day = min(max(date.fromisoformat(request.query_params.get("day", first.isoformat())), first), last)
        except ValueError:
            day = first
        days = [first + timedelta(days=after) for after in range((last - first).days + 1)]
        return page(
            request,
            "schedule.html",
            town=town,
            card=self._card(town),
            faults=FAULTS,
            day=day,
            days=[(each, WEEKDAYS[each.weekday()]) for each in days],
            doctors=[self._row(town, doctor, day) for doctor in doctors_of(town)],
            appointments=self._appointments(town),
            weekdays=WEEKDAYS,
        )

    async def crowd(self, request: Request) -> Response:
        """Let people at random come so often: `pace` a minute, one of PACES."""
        told = str((await request.form()).get("pace", ""))
        if not told.isdecimal() or int(told) not in PACES:
            return problem(422, f"pace is one of {', '.join(map(str, PACES))}")
        self._crowd.turn(int(told))
        return _after(request, "/schedules", {"pace": self._crowd.pace})

    async def fault(self, request: Request) -> Response:
        """Break a clinic's server, or mend it: `mode` of FAULTS."""
        code, mode = request.path_params["code"], str((await request.form()).get("mode", ""))
        if code not in self._servers or mode not in FAULTS:
            return problem(404, "no such server, or no such fault")
        self._faults.turn(FAULTS[mode][1], f"{code}.read", f"{code}.write")
        return _after(request, f"/schedules/{code}", {"mode": mode})

    async def cancel(self, request: Request) -> Response:
        """The clinic cancels an appointment (`appointment`), with a `reason`."""
        form = await request.form()
        return self._acted(
            request, lambda server: acting.cancel(server, str(form.get("appointment")), str(form.get("reason", "")))
        )

    async def move(self, request: Request) -> Response:
        """The clinic moves an appointment (`appointment`) to another of its times (`slot`)."""
        form = await request.form()
        return self._acted(
            request, lambda server: acting.move(server, str(form.get("appointment")), str(form.get("slot")))
        )

    def _acted(self, request: Request, act: acting.Act) -> Response:
        code = request.path_params["code"]
        if code not in self._servers:
            return problem(404, "no such server")
        try:
            changed = act(self._servers[code])
        except Refused as refused:
            return problem(refused.status, refused.says)
        return _after(request, f"/schedules/{code}", changed)

    def _people(self) -> dict[str, Any]:
        crowd = self._crowd
        return {"pace": crowd.pace, "paces": PACES, "booked": crowd.booked, "given_back": crowd.given_back}

    def _card(self, town: Town) -> dict[str, Any]:
        now = self._clock()
        server, today = self._servers.get(town.code), grid.today(town, now)
        times = [time for doctor in doctors_of(town) for time in grid.times_of(town, doctor, today)]
        ahead = [time for time in times if time.start > now]
        mode = self._faults.now(f"{town.code}.read").mode if server else "ok"
        return {
            "town": town,
            "now": now.astimezone(town.clock),
            "ahead": len(ahead),
            "free": sum(server.status(time) == "free" for time in ahead) if server else None,
            "mode": mode if mode in FAULTS else "down",
            "said": FAULTS[mode][0] if mode in FAULTS else "сломан",
        }

    def _row(self, town: Town, doctor: Doctor, day: date) -> dict[str, Any]:
        server, now = self._servers.get(town.code), self._clock()
        held = _held(server) if server else {}
        times = [
            {
                "time": time,
                "status": ("ours" if time.id in held else server.status(time)) if server else "own",
                "gone": time.start <= now,
            }
            for time in grid.times_of(town, doctor, day)
        ]
        return {"doctor": doctor, "times": times}

    def _appointments(self, town: Town) -> list[dict[str, Any]]:
        server = self._servers.get(town.code)
        if server is None:
            return []
        return [
            {
                "id": each["id"],
                "comment": each.get("comment"),
                "who": acting.who(each),
                "starts": datetime.fromisoformat(each["start"]).astimezone(town.clock) if "start" in each else None,
                "over": each["status"] in OVER,
                "places": [] if each["status"] in OVER else acting.free_like(server, each, OFFERED),
            }
            for each in reversed(server.appointments.values())
        ]


def _held(server: Server) -> dict[str, str]:
    return {
        id_: each["id"] for each in server.appointments.values() if each["status"] not in OVER for id_ in slots_of(each)
    }


def _after(request: Request, place: str, told: Mapping[str, Any]) -> Response:
    if "text/html" in request.headers.get("accept", ""):
        return RedirectResponse(place, 303)
    return JSONResponse(told)
