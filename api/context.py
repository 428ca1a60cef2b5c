"""What a request finds around it: how the desk was set up, and the time."""

from fastapi import Request

from api.settings import ApiSettings
from core.ports import Clock


def settings_of(request: Request) -> ApiSettings:
    """Return what the desk was told at start."""
    settings: ApiSettings = request.app.state.settings
    return settings


async def clock_of(request: Request) -> Clock:
    """Return the clock of the container."""
    clock: Clock = await request.app.state.dishka_container.get(Clock)
    return clock
