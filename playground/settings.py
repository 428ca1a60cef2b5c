"""What the playground is told at start."""

import os
from dataclasses import dataclass
from typing import Self

DEFAULT_TOKEN = "7000000001:playground"  # noqa: S105 - public: it opens nothing but the playground

LIVELY = 6
"""How many people a minute book at random where somebody looks at the playground; in tests nobody does."""


@dataclass(frozen=True)
class PlaygroundSettings:
    """Where the playground listens and the secrets it shares with the product.

    Ports are TCP ports; `public_url` is how a browser and the product reach the playground, without a slash at the end.
    `desk_url`, when given, is where the chat page links to the desk. `clinics_url` is where the playground's clinic sends
    data to, and `clinics_audience` what the product calls its token endpoint. `crowd`: how often a minute somebody books at
    random on a clinic's own server.
    """

    host: str = "127.0.0.1"
    port: int = 8081
    token: str = DEFAULT_TOKEN
    smtp_port: int = 8025
    public_url: str = "http://127.0.0.1:8081"
    portal_client_id: str = "medkarta"
    portal_client_secret: str = "playground-secret"  # noqa: S105 - public, as the token is
    desk_url: str = ""
    clinics_url: str = ""
    clinics_audience: str = ""
    crowd: int = 0

    @classmethod
    def from_env(cls) -> Self:
        """Read PLAYGROUND_* variables; what is absent keeps its default."""
        start = cls()
        host = os.environ.get("PLAYGROUND_HOST", start.host)
        port = int(os.environ.get("PLAYGROUND_PORT", start.port))
        return cls(
            host=host,
            port=port,
            token=os.environ.get("PLAYGROUND_TOKEN", start.token),
            smtp_port=int(os.environ.get("PLAYGROUND_SMTP_PORT", start.smtp_port)),
            public_url=os.environ.get("PLAYGROUND_PUBLIC_URL", f"http://{host}:{port}").rstrip("/"),
            portal_client_id=os.environ.get("PORTAL_CLIENT_ID", start.portal_client_id),
            portal_client_secret=os.environ.get("PORTAL_CLIENT_SECRET", start.portal_client_secret),
            desk_url=os.environ.get("PLAYGROUND_DESK_URL", start.desk_url),
            clinics_url=os.environ.get("PLAYGROUND_CLINICS_URL", start.clinics_url).rstrip("/"),
            clinics_audience=os.environ.get("PLAYGROUND_CLINICS_AUDIENCE", start.clinics_audience),
            crowd=int(os.environ.get("PLAYGROUND_CROWD", LIVELY)),
        )
