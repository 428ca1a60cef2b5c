"""Medical data taken in from clinics."""

from core.services.resource.taking import One, TakeIn, Taken

__all__ = ["One", "TakeIn", "Taken"]
