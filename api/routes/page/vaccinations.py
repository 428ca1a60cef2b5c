"""«Данные о прививках» on a page: what was given, one in full, what the national calendar says by age."""

from dishka.integrations.fastapi import FromDishka
from fastapi import APIRouter, Request
from fastapi.responses import Response
from markupsafe import Markup, escape

from api.routes.page.dose import vaccine_name
from api.routes.page.record import page_of, record_of
from api.routes.page.route import PageRoute
from api.routes.page.session import Proved, show
from api.words import Words, words_for
from core.domain.record.calendar import Disease, Due, Standing
from core.domain.record.names import tidy
from core.domain.vaccination import ClaimState
from core.services.vaccination import ListVaccinations, ViewVaccination

pages = APIRouter(prefix="/my/vaccinations", route_class=PageRoute, include_in_schema=False)
ANSWERED = {ClaimState.WAITING: "waits", ClaimState.REFUSED: "refused", ClaimState.ACCEPTED: "done"}
"""How a dose speaks of the correction that was asked for."""


@pages.get("")
async def vaccinations(request: Request, mine: Proved, listed: FromDishka[ListVaccinations]) -> Response:
    """A page of what was given, and what is due."""
    words, found = await words_for(request), await listed(mine.citizen, mine.zone, page_of(request))
    doses = [
        {
            "id": each.id,
            "name": vaccine_name(each.vaccine, words),
            "day": words.date(each.given_on),
            "series": tidy(each.series),
            "institution": tidy(each.institution),
        }
        for each in found.vaccinations
    ]
    plan = found.plan
    return await show(
        request,
        mine,
        "vaccinations",
        doses=doses,
        paging=found.paging,
        known=plan is not None,
        now=[due_of(each, words) for each in (*plan.overdue, *plan.due)] if plan else [],
        upcoming=[due_of(each, words) for each in plan.upcoming] if plan else [],
        claims=found.waiting + found.answered,
        begun=found.begun,
    )


@pages.get("/{record}")
async def vaccination(request: Request, mine: Proved, record: str, view: FromDishka[ViewVaccination]) -> Response:
    """One in full: what did not come is said so."""
    words, found = await words_for(request), await view(mine.citizen, record_of(record))
    dose, asked = found.vaccination, found.correction
    unknown = words("vaccination.unknown")
    rows = {
        "given_on": words.date(dose.given_on),
        "dose": str(dose.dose) if dose.dose else "",
        "series": tidy(dose.series) or unknown,
        "institution": tidy(dose.institution) or unknown,
        "reaction": tidy(dose.reaction) or words("vaccination.no_reaction"),
        "advice": tidy(dose.advice),
        "next_on": words.date(dose.next_on) if dose.next_on else "",
        "origin": words(f"vaccination.origin.{dose.origin.value}"),
    }
    note = words(f"vaccination.correction_{ANSWERED[asked.state]}", reason=asked.reason) if asked else None
    return await show(
        request,
        mine,
        "vaccination",
        record=dose.id,
        name=vaccine_name(dose.vaccine, words),
        rows=rows,
        note=note,
        correctable=asked is None or not asked.waiting,
    )


def due_of(due: Due, words: Words) -> Markup:
    """Return «грипп, каждый год: с 1 сентября 2026 г.»; for some groups alone, that is said."""
    if due.disease is Disease.FLU:
        dose = "vaccination.dose.yearly"
    else:
        dose = f"vaccination.dose.{due.disease.value}.{due.dose}" if due.dose else "vaccination.dose.again"
    name = words(f"vaccination.disease.{due.disease.value}")
    # A childhood dose of which nothing is known is no delay of so many years: the record does not know of it.
    unknown = due.standing is Standing.OVERDUE and not due.known
    key = "vaccination.due_unknown" if unknown else f"vaccination.due_{due.standing.value}"
    said = escape(words(key, name=name, dose=words(dose), on=words.date(due.on)).removeprefix("• "))
    return Markup("{} {}").format(said, words.rich("vaccination.for_groups")) if due.for_groups else said
