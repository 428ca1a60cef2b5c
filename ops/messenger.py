"""What stands behind the messenger where no bot runs: the desk alone, and commands of whoever runs the machine."""

from core.ports import Push, Unavailable


class NoMessenger:
    """`core.ports.Messenger` that sends nothing: what is due waits for the worker."""

    async def send(self, chat: int, push: Push) -> int:  # noqa: ARG002 (the port's shape)
        """Raise Unavailable."""
        raise Unavailable("telegram")

    async def pin(self, chat: int, message: int) -> None:  # noqa: ARG002 (the port's shape)
        """Raise Unavailable."""
        raise Unavailable("telegram")

    async def unpin(self, chat: int, message: int) -> None:  # noqa: ARG002 (the port's shape)
        """Raise Unavailable."""
        raise Unavailable("telegram")

    async def edit(self, chat: int, message: int, text: str, *, caption: bool = False) -> None:  # noqa: ARG002 (the port's shape)
        """Raise Unavailable."""
        raise Unavailable("telegram")

    async def remove(self, chat: int, message: int) -> None:  # noqa: ARG002 (the port's shape)
        """Raise Unavailable."""
        raise Unavailable("telegram")

    async def typing(self, chat: int) -> None:  # noqa: ARG002 (the port's shape)
        """Raise Unavailable."""
        raise Unavailable("telegram")
