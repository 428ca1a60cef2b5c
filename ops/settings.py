"""Configuration: environment variables or `.env`, read once; a malformed one stops the start with one line that names it."""

import re
import sys
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.domain.subscription import NIGHT, InvalidQuietHours, QuietHours
from core.domain.ticket import Centre
from ops.centres import centres_of, read_centres
from playground.centres import CENTRES
from playground.settings import DEFAULT_TOKEN, LIVELY, PlaygroundSettings

TOKEN = re.compile(r"\d+:[\w-]+")
TELEPHONE = re.compile(r"\+?\d[\d ()-]{1,30}")
SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")
HERE = frozenset({"127.0.0.1", "::1", "localhost"})
SCHEMES = {
    "database_url": ("postgresql", "postgres", "sqlite"),
    "redis_url": ("redis", "rediss", "unix"),
    "smtp_url": ("smtp", "smtps"),
}


class Settings(BaseSettings):
    """Every variable of `.env.example`. What is None here stands for the playground's or the embedded default."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore", frozen=True
    )

    bot_token: SecretStr | None = None
    bot_api_url: str | None = None
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    webhook_host: str = "127.0.0.1"
    webhook_port: int = Field(default=8082, ge=1, le=65535)
    probe_host: str = "127.0.0.1"
    probe_port: int | None = Field(default=None, ge=1, le=65535)
    chat_rate: float = Field(default=1.5, gt=0, le=1000)
    database_url: SecretStr | None = None
    database_connections: int = Field(default=20, ge=2, le=1000)
    redis_url: SecretStr | None = None
    public_url: str | None = None
    portal_issuer: str | None = None
    portal_client_id: str = "medkarta"
    portal_client_secret: SecretStr | None = None
    registries_url: str | None = None
    sms_url: str | None = None
    smtp_url: SecretStr | None = None
    mail_from: str = "no-reply@medkarta.example.org"
    api_host: str = "127.0.0.1"
    api_port: int = Field(default=8080, ge=1, le=65535)
    trusted_proxies: str = ""
    own_networks: str = ""
    fhir_max_body_mb: int = Field(default=20, ge=1, le=1000)
    playground_port: int = Field(default=8081, ge=1, le=65535)
    playground_smtp_port: int = Field(default=8025, ge=1, le=65535)
    state_dir: Path = Path("var")
    keyring_path: Path | None = None
    chat_url: str | None = None
    chat_personal_data: str = "on"
    hotline: str | None = "+7 800 555-35-35, 09:00–20:00 МСК"
    support_mail: str | None = None
    helpline: str = "+7 495 989-50-50"
    child_helpline: str = "8 800 2000-122"
    contacts_path: Path | None = None
    quiet_hours: str | None = None
    paid_broadcast_rate: int = Field(default=30, ge=1, le=1000)
    log_level: str = "INFO"

    @field_validator(
        "bot_api_url", "webhook_url", "public_url", "portal_issuer", "registries_url", "sms_url", "chat_url"
    )
    @classmethod
    def _is_url(cls, value: str | None) -> str | None:
        if not value:
            return None
        if urlsplit(value).scheme not in {"http", "https"}:
            raise ValueError("must be an address that begins with http:// or https://")
        return value.rstrip("/")

    @field_validator("bot_token")
    @classmethod
    def _is_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError("must be a token as BotFather gives it, digits, a colon and letters")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _is_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("must be 16 to 256 of A-Z, a-z, 0-9, _ and -")
        return value

    @field_validator("database_url", "redis_url", "smtp_url")
    @classmethod
    def _is_known_scheme(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        known = SCHEMES[info.field_name or ""]
        if value and urlsplit(value.get_secret_value()).scheme.partition("+")[0] not in known:
            raise ValueError(f"must begin with {' or '.join(f'{scheme}://' for scheme in known)}")
        return value

    @field_validator("chat_personal_data")
    @classmethod
    def _is_on_or_off(cls, value: str) -> str:
        if value.lower() not in {"on", "off"}:
            raise ValueError("must be on or off")
        return value.lower()

    @field_validator("helpline", "child_helpline")
    @classmethod
    def _is_telephone(cls, value: str) -> str:
        if not TELEPHONE.fullmatch(value):
            raise ValueError("must be a telephone number such as +7 495 989-50-50")
        return value

    @field_validator("log_level")
    @classmethod
    def _is_level(cls, value: str) -> str:
        if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
        return value.upper()

    @field_validator("quiet_hours")
    @classmethod
    def _are_quiet_hours(cls, value: str | None) -> str | None:
        try:
            return value if value in {None, "off"} else str(QuietHours.parse(value or ""))
        except InvalidQuietHours:
            raise ValueError("must be two times like 22:00-08:00, or off") from None

    @field_validator("contacts_path")
    @classmethod
    def _are_centres(cls, value: Path | None) -> Path | None:
        if value is not None:
            read_centres(value)
        return value

    @field_validator("trusted_proxies", "own_networks")
    @classmethod
    def _are_networks(cls, value: str) -> str:
        try:
            return ",".join(str(ip_network(each.strip())) for each in value.split(",") if each.strip())
        except ValueError:
            raise ValueError("must be addresses or networks like 10.0.0.0/8, with commas between them") from None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        """Refuse to serve real people with the playground behind: its portal lets anybody in, its inbox shows the codes."""
        if self.portal_issuer and not self.portal_client_secret:
            raise ValueError("PORTAL_CLIENT_SECRET: must be set, since PORTAL_ISSUER is")
        if self.webhook_url and not self.webhook_secret:
            raise ValueError("WEBHOOK_SECRET: must be set, since WEBHOOK_URL is")
        for name in ("public_url", "webhook_url"):
            address = urlsplit(getattr(self, name) or "")
            if address.scheme == "http" and address.hostname not in HERE:
                raise ValueError(f"{name.upper()}: must begin with https://, unless it is this machine")
        if self.bot_token and self.public_url:
            outside = ("portal_issuer", "registries_url", "sms_url", "smtp_url")
            lacking = [name.upper() for name in outside if getattr(self, name) is None]
            if lacking:
                raise ValueError(f"{lacking[0]}: must be set, since BOT_TOKEN and PUBLIC_URL are")
        return self

    @classmethod
    def read(cls) -> Self:
        """Read them, or end the process with one line a fault that names the variable and what is wrong with it."""
        try:
            return cls()
        except ValidationError as error:
            for fault in error.errors(include_url=False, include_input=False):
                name = "_".join(str(part) for part in fault["loc"]).upper()
                message = fault["msg"].removeprefix("Value error, ")
                # What two variables make of each other has no place of its own: the message begins with the name.
                sys.stderr.write(f"{name}: {message}\n" if name else f"{message}\n")
            raise SystemExit(2) from None

    @property
    def with_playground(self) -> bool:
        """The playground stands in for the outside world unless a bot token is set."""
        return self.bot_token is None and self.bot_api_url is None

    @property
    def playground(self) -> PlaygroundSettings:
        """What the playground is told."""
        return PlaygroundSettings(
            port=self.playground_port,
            smtp_port=self.playground_smtp_port,
            public_url=self.playground_url,
            portal_client_id=self.portal_client_id,
            portal_client_secret=self._portal_secret,
            desk_url=f"{self.api_url}/desk",
            clinics_url=f"http://127.0.0.1:{self.api_port}",
            clinics_audience=f"{self.api_url}/oauth/token",
            crowd=LIVELY,
        )

    @property
    def inside(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """Networks of one's own in which clinics' servers and programs that are told may stand."""
        return tuple(ip_network(each) for each in self.own_networks.split(",") if each)

    @property
    def playground_url(self) -> str:
        """Where the playground is."""
        return f"http://127.0.0.1:{self.playground_port}"

    @property
    def api_url(self) -> str:
        """Where the citizen's browser reaches `api`."""
        return self.public_url or f"http://127.0.0.1:{self.api_port}"

    @property
    def token(self) -> str:
        """The bot's token."""
        return self.bot_token.get_secret_value() if self.bot_token else DEFAULT_TOKEN

    @property
    def telegram(self) -> str | None:
        """Where the Bot API is; None for Telegram's own."""
        if self.bot_api_url is None and self.bot_token is None:
            return self.playground_url
        return self.bot_api_url

    @property
    def night(self) -> QuietHours | None:
        """The quiet hours of whoever has not chosen any; with the playground none, for whoever tries it out at night."""
        if self.quiet_hours is None:
            return None if self.with_playground else NIGHT
        return None if self.quiet_hours == "off" else QuietHours.parse(self.quiet_hours)

    @property
    def centres(self) -> tuple[Centre, ...]:
        """The regional centres of support; the playground's where none are told."""
        if self.contacts_path is not None:
            return read_centres(self.contacts_path)
        return centres_of(CENTRES) if self.with_playground else ()

    @property
    def database(self) -> str:
        """The database's URL."""
        if self.database_url:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.state_dir.resolve() / 'medkarta.sqlite'}"

    @property
    def keyring(self) -> Path:
        """The folder of the keys."""
        return self.keyring_path or self.state_dir / "keys"

    @property
    def issuer(self) -> str:
        """The portal."""
        return self.portal_issuer or f"{self.playground_url}/portal"

    @property
    def portal_secret(self) -> str:
        """The secret that the portal knows us by."""
        return self._portal_secret

    @property
    def _portal_secret(self) -> str:
        if self.portal_client_secret:
            return self.portal_client_secret.get_secret_value()
        return PlaygroundSettings().portal_client_secret

    @property
    def registries(self) -> str:
        """The registries."""
        return self.registries_url or f"{self.playground_url}/registries"

    @property
    def sms(self) -> str:
        """The SMS gateway."""
        return self.sms_url or f"{self.playground_url}/sms"

    @property
    def smtp(self) -> str:
        """The mail relay."""
        return self.smtp_url.get_secret_value() if self.smtp_url else f"smtp://127.0.0.1:{self.playground_smtp_port}"

    @property
    def chat(self) -> str:
        """Where the person goes back to from a page of ours."""
        return self.chat_url or self.playground_url
