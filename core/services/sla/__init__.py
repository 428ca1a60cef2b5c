"""How soon people are answered: limits set, waits watched, promises renewed before they are broken."""

from core.services.sla.limits import LimitsView, SetLimits, ViewLimits
from core.services.sla.renewing import Renewal, RenewPromises
from core.services.sla.watching import Marker, WarnOverdue

__all__ = ["LimitsView", "Marker", "RenewPromises", "Renewal", "SetLimits", "ViewLimits", "WarnOverdue"]
