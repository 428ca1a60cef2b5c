"""The product's own articles, put where there are none, renewed where nobody at the desk has touched them."""

from dataclasses import dataclass, replace

from core.domain.ids import ArticleId, new_id
from core.domain.knowledge import Article, Articles, ArticleState, SlugTaken, seeds
from core.ports import Clock, Transaction


@dataclass(frozen=True, slots=True)
class SeedArticles:
    """Bring in what came with this version of the product; what was edited or retired at the desk stays. Returns how many."""

    transaction: Transaction
    articles: Articles
    clock: Clock

    async def __call__(self) -> int:
        now, changed = self.clock.now(), 0
        async with self.transaction:
            known = {each.slug: each for each in await self.articles.all()}
            for seed in seeds():
                stands = known.get(seed.slug)
                if stands is not None and stands.seeded in {None, seed.digest}:
                    continue
                changed += 1
                if stands is not None:
                    renewed = replace(stands, content=seed.content, seeded=seed.digest, reviewed_at=now, edited_at=now)
                    await self.articles.change(renewed)
                    continue
                article = Article(
                    ArticleId(new_id(now)),
                    seed.slug,
                    seed.content,
                    ArticleState.REVIEWED,
                    edited_at=now,
                    reviewed_at=now,
                    seeded=seed.digest,
                )
                try:
                    await self.articles.add(article)
                except SlugTaken:
                    changed -= 1  # another process was first
        return changed
