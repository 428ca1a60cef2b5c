"""What the clinic itself does to appointments: it cancels, and it moves."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeAlias

from playground.outside.schedules import grid
from playground.outside.schedules.grid import Time
from playground.outside.schedules.resources import Refused, Resource, instant
from playground.outside.schedules.server import OVER, Server, slots_of

REASON = "Врач заболел"
Act: TypeAlias = Callable[[Server], Resource]


def cancel(server: Server, id_: str, reason: str) -> Resource:
    """Cancel an appointment: its slot is given to nobody else. Raises Refused."""
    now = _living(server, id_)
    told = {**now, "status": "cancelled", "cancelationReason": {"text": reason.strip()[:200] or REASON}}
    with server.all_or_nothing():
        for slot in slots_of(now):
            server.turn(server.time(slot), "busy-unavailable")
        return server.put("Appointment", id_, told, None)


def move(server: Server, id_: str, slot: str) -> Resource:
    """Move an appointment to another time, and free the one that it had. Raises Refused."""
    now, there = _living(server, id_), server.time(slot)
    if server.status(there) != "free":
        raise Refused(409, "conflict", f"Slot/{slot} is not free")
    told = {
        **now,
        "slot": [{"reference": f"Slot/{slot}"}],
        "start": instant(there.start),
        "end": instant(there.end),
    }
    with server.all_or_nothing():
        for before in slots_of(now):
            server.turn(server.time(before), "free")
        server.turn(there, "busy")
        return server.put("Appointment", id_, told, None)


def free_like(server: Server, appointment: Resource, limit: int) -> list[Time]:
    """The soonest free times of the same doctor."""
    held = [time for time in (grid.time_of(server.town, slot) for slot in slots_of(appointment)) if time]
    if not held:
        return []
    now = server.clock()
    first, last = grid.window(server.town, now)
    found: list[Time] = []
    for after in range((last - first).days + 1):
        times = grid.times_of(server.town, held[0].doctor, first + timedelta(days=after))
        found += [time for time in times if time.start > now and server.status(time) == "free"]
        if len(found) >= limit:
            break
    return found[:limit]


def who(appointment: Resource) -> str:
    """Whose it is, as far as the clinic was told."""
    for each in appointment.get("contained", ()):
        name: Resource = next(iter(each.get("name", ())), {})
        if each.get("resourceType") == "Patient" and name:
            return str(name.get("text") or " ".join([name.get("family", ""), *name.get("given", ())]))
    names = [each.get("actor", {}).get("display") for each in appointment.get("participant", ())]
    return next((str(name) for name in names if name), "Без имени")


def _living(server: Server, id_: str) -> Resource:
    now = server.read("Appointment", id_)
    if now["status"] in OVER:
        raise Refused(409, "conflict", f"Appointment/{id_} is over")
    return now
