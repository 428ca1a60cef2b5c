"""The people at the desk and their sessions."""

from core.storage.staff.members import SqlStaffMembers
from core.storage.staff.rows import DUTIES, TEAMS, SessionRow, StaffRow

__all__ = ["DUTIES", "TEAMS", "SessionRow", "SqlStaffMembers", "StaffRow"]
