"""What the windows of a question show. They remember ids alone: the words are in the database, sealed."""

from html import escape
from typing import Any
from uuid import UUID

from aiogram_dialog import DialogManager
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.notice import note, take
from bot.text import language_of
from core.domain.ids import ArticleId
from core.domain.knowledge import ArticleNotThere, AskedId
from core.services.knowledge import ReadArticle

ASKED, ARTICLE, NEAR, RATED, OPERATOR, UNHELPED = "asked", "article", "near", "rated", "operator", "unhelped"
LONGEST_LABEL = 60


def asked_of(manager: DialogManager) -> AskedId:
    """Return the question that the window is about."""
    return AskedId(UUID(manager.dialog_data[ASKED]))


def article_of(manager: DialogManager) -> ArticleId:
    """Return the article that is shown."""
    return ArticleId(UUID(manager.dialog_data[ARTICLE]))


def has_beneath(manager: DialogManager) -> bool:
    """Whether a window waits beneath: the person asked in the middle of something."""
    return len(manager.current_stack().intents) > 1


def drawn(title: str, body: str) -> str:
    """Return an article as Telegram shows it."""
    return f"<b>{escape(title, quote=False)}</b>\n\n{escape(body, quote=False)}"


@inject
async def show_answer(
    dialog_manager: DialogManager, read_article: FromDishka[ReadArticle], **_data: Any
) -> dict[str, Any]:
    """Show the article; one that was retired meanwhile is said to be gone."""
    data = dialog_manager.dialog_data
    shown: dict[str, Any] = {"answer": "", "place": ""}
    try:
        article = await read_article(article_of(dialog_manager), language_of(dialog_manager))
    except ArticleNotThere as fault:
        note(dialog_manager, fault.message_key)
    else:
        shown = {"answer": drawn(article.title, article.body), "place": article.place}
    return (
        shown
        | {
            "unrated": bool(shown["answer"]) and not data.get(RATED),
            "to_operator": bool(data.get(OPERATOR)) or shown["place"] == OPERATOR,
            "beneath": has_beneath(dialog_manager),
        }
        | take(dialog_manager)
    )


@inject
async def show_near(
    dialog_manager: DialogManager, read_article: FromDishka[ReadArticle], **_data: Any
) -> dict[str, Any]:
    """Show what is near. After an answer that did not help, that one is left out."""
    data, language = dialog_manager.dialog_data, language_of(dialog_manager)
    unhelped, found = bool(data.get(UNHELPED)), []
    for each in data.get(NEAR, ()):
        if unhelped and each == data.get(ARTICLE):
            continue
        try:
            article = await read_article(ArticleId(UUID(each)), language)
        except ArticleNotThere:
            continue
        title = article.title
        found.append((each, title if len(title) <= LONGEST_LABEL else f"{title[: LONGEST_LABEL - 1]}…"))
    offered = bool(data.get(OPERATOR))
    return {
        "articles": found,
        "unsure": bool(found) and not unhelped and not offered,
        "nothing": not found and not unhelped and not offered,
        "unhelped": unhelped and not offered,
        "offered": offered,
        "beneath": has_beneath(dialog_manager),
    } | take(dialog_manager)
