"""Articles that answer citizens: pages for who writes and reviews them, REST for programs."""

from api.routes.knowledge.pages import pages
from api.routes.knowledge.rest import rest

__all__ = ["pages", "rest"]
