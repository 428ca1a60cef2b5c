"""The people at the desk and their sessions."""

from core.storage.staff.members import SqlStaffMembers
from core.storage.staff.rows import SessionRow, StaffRow

__all__ = ["SessionRow", "SqlStaffMembers", "StaffRow"]
