"""Members of staff: at the door, in the list, and in their sessions; pages for people, REST for programs."""

from api.routes.staff import door, manage, own, people, sessions

pages = (door.pages, own.pages, sessions.pages, manage.pages)
rest = (door.rest, own.rest, people.rest)

__all__ = ["pages", "rest"]
