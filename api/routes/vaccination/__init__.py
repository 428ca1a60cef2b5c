"""Vaccinations at the desk."""

from api.routes.vaccination.keys import pages as key_pages
from api.routes.vaccination.keys import rest as key_rest
from api.routes.vaccination.pages import pages, rest

__all__ = ["key_pages", "key_rest", "pages", "rest"]
