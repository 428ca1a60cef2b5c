"""What stands in the way of an article."""


class ArticleNotThere(Exception):
    """No such article, or not one that the reader may see."""

    message_key = "knowledge.not_there"


class ArticleChanged(Exception):
    """Somebody changed it since it was read: look again."""

    message_key = "knowledge.changed"


class WrongArticleMove(Exception):
    """It cannot go from its state to the one that is wanted."""

    message_key = "knowledge.wrong_move"


class OwnWords(Exception):
    """Whoever wrote the last change does not publish it while somebody else may."""

    message_key = "knowledge.own_words"


class SlugTaken(Exception):
    """There is an article with this short name already."""

    message_key = "knowledge.slug_taken"


class BadArticle(Exception):
    """Something in the article is missing, too long, or leads nowhere; `field` names it, as `ru.title`."""

    message_key = "knowledge.bad"

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field
