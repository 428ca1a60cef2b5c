"""The addresses, one file a noun: pages for people, REST under /api/v1 for programs, the same use cases under both."""

from api.routes import document, health, queue, signin, staff, verification

PAGES = (signin.pages, staff.pages, queue.pages, verification.pages, document.pages, health.pages)
REST = (staff.rest, queue.rest, verification.rest, document.rest)
