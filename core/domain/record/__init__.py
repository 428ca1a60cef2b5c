"""The medical record: results, visits, vaccinations and referrals, as clinics delivered them."""

from core.domain.record.coding import Coding, NotFound, Period
from core.domain.record.referral import Referral, Referrals
from core.domain.record.result import Category, Kind, Mark, Measured, Panel, Result, Results
from core.domain.record.vaccination import Origin, Vaccination, Vaccinations
from core.domain.record.visit import Visit, Visits

__all__ = [
    "Category",
    "Coding",
    "Kind",
    "Mark",
    "Measured",
    "NotFound",
    "Origin",
    "Panel",
    "Period",
    "Referral",
    "Referrals",
    "Result",
    "Results",
    "Vaccination",
    "Vaccinations",
    "Visit",
    "Visits",
]
