"""The record as its owner looks at it: each look through the gate, with its line in the journal."""

from core.services.record.course import CourseView, DrawCourse, Drawn, ViewCourse
from core.services.record.export import ExportResults, Format, InCourse, InPanel, InPeriod, Paperwork, Selection
from core.services.record.listing import Categories, CountResults, ListCategories
from core.services.record.search import SearchResults, ViewFound
from core.services.record.viewing import Entry, OpenPanel, ResultPage, ViewResults
from core.services.record.visits import ExportVisits, OpenVisit, ViewVisits, VisitPage

__all__ = [
    "Categories",
    "CountResults",
    "CourseView",
    "DrawCourse",
    "Drawn",
    "Entry",
    "ExportResults",
    "ExportVisits",
    "Format",
    "InCourse",
    "InPanel",
    "InPeriod",
    "ListCategories",
    "OpenPanel",
    "OpenVisit",
    "Paperwork",
    "ResultPage",
    "SearchResults",
    "Selection",
    "ViewCourse",
    "ViewFound",
    "ViewResults",
    "ViewVisits",
    "VisitPage",
]
