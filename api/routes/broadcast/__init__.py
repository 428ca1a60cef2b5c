"""One message to many: pages for administrators, REST for programs."""

from api.routes.broadcast.pages import pages
from api.routes.broadcast.rest import rest

__all__ = ["pages", "rest"]
