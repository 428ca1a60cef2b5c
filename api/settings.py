"""What the desk is told at start."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """`public_url` is how a browser reaches us, without a slash at the end; `chat_url` leads back to the chat.

    `cookie_secure` says that this is HTTPS: cookies get their `__Host-` names and browsers are told to stay on it.
    `metrics_networks` are the networks (CIDR) that may read /metrics. `trusted_proxies` are those of reverse proxies
    whose X-Forwarded-For is believed. `fhir_max_body` is how many bytes a clinic may send at once.
    """

    public_url: str
    cookie_secure: bool
    version: str
    chat_url: str
    metrics_networks: tuple[str, ...] = ("127.0.0.0/8", "::1/128")
    trusted_proxies: tuple[str, ...] = ()
    fhir_max_body: int = 20 * 1024 * 1024
