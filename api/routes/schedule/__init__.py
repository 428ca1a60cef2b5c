"""Schedules at the desk: facilities, their weeks, their days; and the same for programs."""

from api.routes.schedule import day, facilities, rest_appointments, rest_facilities, rest_timetable, week

pages = (facilities.pages, week.pages, day.pages)
rest = (rest_facilities.rest, rest_timetable.rest, rest_appointments.rest)

__all__ = ["pages", "rest"]
