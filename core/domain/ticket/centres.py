"""Where help is to be had beside the bot: the regional centres, out of the configuration."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Centre:
    """A centre of a region (two digits). What is not known is empty."""

    region: str
    name: str
    address: str = ""
    phone: str = ""
    hours: str = ""
