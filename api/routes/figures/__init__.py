"""The desk's figures: a page, a table, the wall, and all of it for programs."""

from api.routes.figures.pages import pages
from api.routes.figures.rest import rest

__all__ = ["pages", "rest"]
