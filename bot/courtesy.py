"""Small talk: a greeting, thanks, a farewell, a bare yes or no. It is no question, so no article is looked for."""

import re

GREETING, THANKS, FAREWELL, ASSENT = "menu.greeted", "menu.thanked", "menu.farewell", "menu.not_understood"
"""What is said back. A yes without a question before it is answered by the buttons alone."""

_BY_KIND: tuple[tuple[str, frozenset[str]], ...] = (
    (THANKS, frozenset({"спасибо", "спасибочки", "благодарю", "спс", "thanks", "thank", "thx"})),
    (
        ASSENT,
        frozenset({"да", "нет", "ок", "окей", "хорошо", "понятно", "понял", "поняла", "ясно", "ладно", "угу"})
        | frozenset({"yes", "no", "ok", "okay", "fine"}),
    ),
    (FAREWELL, frozenset({"свидания", "пока", "прощайте", "всего", "goodbye", "bye"})),
    (
        GREETING,
        frozenset({"привет", "здравствуйте", "здравствуй", "приветствую", "добрый", "доброе", "доброго"})
        | frozenset({"hello", "hi", "hey", "good"}),
    ),
)
"""The first kind that has any of the words decides: thanks may begin with a greeting, and «пока нет» is no farewell."""
_BETWEEN = frozenset(
    {"до", "вам", "вас", "тебе", "большое", "огромное", "очень", "за", "помощь", "ответ", "всё", "все", "день", "дня"}
    | {"вечер", "вечера", "утро", "утра", "хорошего", "доброго", "you", "very", "much", "so", "for", "the", "help"}
    | {"day", "morning", "afternoon", "evening", "бот", "bot"}
)
"""What may stand beside them; with any other word it may be a question."""
_MOST_WORDS = 6


def courtesy_of(text: str) -> str | None:
    """Return the message key that answers it, None for whatever may be a question."""
    words = re.findall(r"\w+", text.casefold())
    if not 0 < len(words) <= _MOST_WORDS:
        return None
    kinds = [kind for kind, known in _BY_KIND if any(word in known for word in words)]
    known = _BETWEEN.union(*(each for _, each in _BY_KIND))
    return kinds[0] if kinds and known.issuperset(words) else None
