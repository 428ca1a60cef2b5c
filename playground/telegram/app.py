"""The local Telegram as one ASGI application; what it does not know goes to the application behind it."""

from starlette.types import ASGIApp, Receive, Scope, Send

from playground.settings import PlaygroundSettings
from playground.telegram.bot_api import BotApi
from playground.telegram.control_http import PATHS, ControlSide
from playground.telegram.person_http import PeopleSide
from playground.telegram.server import Telegram


class TelegramApp:
    """Plain prefix dispatch: this is the path that thousands of calls a second take."""

    def __init__(self, settings: PlaygroundSettings, behind: ASGIApp) -> None:
        self.telegram = Telegram(settings)
        self._bot_api = BotApi(self.telegram)
        self._people = PeopleSide(self.telegram)
        self._control = ControlSide(self.telegram)
        self._behind = behind

    def hang_up(self) -> None:
        """Answer everybody who waits: the server is about to stop."""
        self.telegram.hang_up()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._behind(scope, receive, send)
            return
        path: str = scope["path"]
        if path.startswith("/bot"):
            await self._bot_api(scope, receive, send)
        elif path.startswith("/people/") or path == "/people":
            await self._people(scope, receive, send)
        elif path.startswith("/file/bot"):
            await self._bot_api.download(scope, receive, send)
        elif path.startswith("/files/"):
            await self._people.file(scope, send)
        elif path in PATHS:
            await self._control(scope, receive, send)
        else:
            await self._behind(scope, receive, send)
