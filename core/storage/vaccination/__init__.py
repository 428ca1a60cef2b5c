"""Claims to vaccinations, the corrections that were signed, and the keys that sign them."""

from core.storage.vaccination.claims import SqlClaims
from core.storage.vaccination.corrections import SqlCorrections, SqlStaffKeys
from core.storage.vaccination.rows import ClaimRow, CorrectionRow, StaffKeyRow, owner_of

__all__ = ["ClaimRow", "CorrectionRow", "SqlClaims", "SqlCorrections", "SqlStaffKeys", "StaffKeyRow", "owner_of"]
