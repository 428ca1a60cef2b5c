"""Signing in through the portal, out again, and from a second Telegram account."""

from core.services.signin.entering import BeginSignIn, CompleteSignIn, OpenSignIn, Outcome, Passage
from core.services.signin.moving import MoveAccount, SignOut, StayApart
from core.services.signin.welcoming import Welcome

__all__ = [
    "BeginSignIn",
    "CompleteSignIn",
    "MoveAccount",
    "OpenSignIn",
    "Outcome",
    "Passage",
    "SignOut",
    "StayApart",
    "Welcome",
]
