"""The medical record as rows: what is medical is one sealed value a row, what finds it stands in clear."""

from core.storage.record.referral import SqlReferrals
from core.storage.record.result import SqlResults
from core.storage.record.rows import ReferralRow, ResultRow, VaccinationRow, VisitRow
from core.storage.record.vaccination import SqlVaccinations
from core.storage.record.visit import SqlVisits

__all__ = [
    "ReferralRow", "ResultRow", "SqlReferrals", "SqlResults", "SqlVaccinations", "SqlVisits", "VaccinationRow", "VisitRow",
]  # fmt: skip
