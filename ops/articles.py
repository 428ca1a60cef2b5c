"""The worker's duties about articles: those that came with this version are brought in, questions are forgotten after a day."""

from collections.abc import Awaitable, Callable

from dishka import AsyncContainer

from core.services.knowledge import ForgetAsked, SeedArticles

EVERY_S = 3600.0


class ArticleDuties:
    """Each is a round of its own; the first one is at the start."""

    def __init__(self, container: AsyncContainer) -> None:
        self.container = container

    @property
    def duties(self) -> tuple[tuple[str, Callable[[], Awaitable[None]], float], ...]:
        """Names, duties, and seconds between their rounds."""
        return (("seed_articles", self.seed, EVERY_S), ("forget_asked", self.forget, EVERY_S))

    async def seed(self) -> None:
        """Bring in the product's own articles; what the desk has edited stays."""
        async with self.container() as scope:
            await (await scope.get(SeedArticles))()

    async def forget(self) -> None:
        """Forget what was asked."""
        async with self.container() as scope:
            await (await scope.get(ForgetAsked))()
