"""Staff: added and managed, signed in with password and TOTP, listed, signed out."""

from core.services.staff.entering import DESK, FindSession, SignInStaff, SignOutStaff
from core.services.staff.managing import (
    COMMAND,
    LOGIN,
    SHORTEST_PASSWORD,
    SIGNERS,
    AddStaff,
    BadLogin,
    ChangeRole,
    DisableStaff,
    EnableStaff,
    NameWanted,
    NewMember,
    NoSuchMember,
    ResetStaff,
    WeakPassword,
)
from core.services.staff.owning import OfferedKey, OfferKey, TakeOwnSecrets
from core.services.staff.watching import ChangePassword, Colleague, EndSession, ListSessions, Roster, ViewStaff

__all__ = [
    "COMMAND",
    "DESK",
    "LOGIN",
    "SHORTEST_PASSWORD",
    "SIGNERS",
    "AddStaff",
    "BadLogin",
    "ChangePassword",
    "ChangeRole",
    "Colleague",
    "DisableStaff",
    "EnableStaff",
    "EndSession",
    "FindSession",
    "ListSessions",
    "NameWanted",
    "NewMember",
    "NoSuchMember",
    "OfferKey",
    "OfferedKey",
    "ResetStaff",
    "Roster",
    "SignInStaff",
    "SignOutStaff",
    "TakeOwnSecrets",
    "ViewStaff",
    "WeakPassword",
]
