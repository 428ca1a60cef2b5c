"""Where programs are told of tickets: pages for administrators, REST for programs."""

from api.routes.hook.pages import pages
from api.routes.hook.rest import rest

__all__ = ["pages", "rest"]
