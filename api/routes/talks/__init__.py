"""The desk of whoever answers citizens: conversations and requests, as pages over the same use cases that /api/v1 has."""

from api.routes.talks import deeds, pages, ready, ticket_deeds, tickets, writing

ROUTERS = (ready.pages, deeds.deeds, writing.writing, pages.pages, ticket_deeds.deeds, tickets.pages)

__all__ = ["ROUTERS"]
