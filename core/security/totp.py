"""Authenticator codes (RFC 6238)."""

from datetime import datetime

from pyotp import TOTP, random_base32
from pyotp.exceptions import OTPVerificationError

DRIFT = 1


class PyotpTotp:
    """`core.ports.Totp`. Knows nothing of replays: the caller keeps the last accepted step, takes only later ones."""

    def __init__(self, issuer: str = "Медкарта") -> None:
        """`issuer` is the name that the authenticator shows."""
        self._issuer = issuer

    def fresh_secret(self) -> str:
        """Return 160 random bits in base32: 32 characters."""
        return random_base32()

    def step(self, secret: str, code: str, at: datetime) -> int | None:
        """Return the 30-second step of the code, one step of drift either way, or None when it is wrong."""
        digits = "".join(code.split())
        if len(digits) != 6 or not (digits.isascii() and digits.isdigit()):
            return None
        try:
            return TOTP(secret).verify_and_get_timecode(digits, for_time=at, valid_window=DRIFT)
        except OTPVerificationError:
            return None

    def uri(self, secret: str, login: str) -> str:
        """Return the otpauth:// address for an authenticator."""
        return TOTP(secret).provisioning_uri(name=login, issuer_name=self._issuer)
