"""The outside world on one machine: Telegram, the portal, the registries, SMS and mail. Spoken to over HTTP alone."""
