"""The citizen's own pages, behind a link of one use and the second factor: the same use cases as the chat's windows."""

from fastapi import APIRouter

from api.routes.page import (
    account,
    activity,
    card,
    claim,
    claims,
    contact,
    correction,
    documents,
    door,
    handover,
    order,
    results,
    scans,
    security,
    ticket,
    tickets,
    vaccinations,
    visits,
)

pages = APIRouter()
for _each in (
    door,
    results,
    handover,
    visits,
    claim,
    claims,
    correction,
    vaccinations,
    order,
    documents,
    activity,
    card,
    scans,
    account,
    contact,
    security,
    ticket,
    tickets,
):
    pages.include_router(_each.pages)
