"""What a window of the bot asks for, as a person reads it."""

import re
from dataclasses import dataclass
from typing import Any

from tests.journeys.person import words

TITLES = {
    "birth_date": "Дата рождения\n",
    "sex": "Пол\n",
    "snils": "СНИЛС\n",
    "passport_number": "Серия и номер паспорта\n",
    "passport_issued": "Дата выдачи паспорта\n",
    "passport_issuer": "Кем выдан паспорт\n",
    "passport_code": "Код подразделения\n",
    "address": "Адрес регистрации\n",
    "policy": "Полис ОМС\n",
}
"""How the window that asks for a field is headed."""

SIGNS = {
    "card": r"медкарта создана|Медкарта № \d",
    "waiting": r"Заявка отправлена, ждём ответа",
    "signing": r"Последний шаг: код",
    "summary": r"нажмите «Отправить заявку»|Кое-чего ещё не хватает\. Нажмите «Исправить»",
    "which": r"Что исправить\?",
    "known": r"известно с портала",
    "proof": r"отправили SMS с кодом на ваш номер|Осталось подтвердить номером",
    "scans": r"^Документы|Всё нужное на месте",
    "consent": r"^Согласие на обработку|«Согласие",
    "leaving": r"Выйти из учётной записи\?",
    "asking": r"нет ответа\. Спросите иначе|Не уверен, что понял",
    "visitor": r"войдите через портал|^Вход через портал|новая ссылка|сначала нужно войти|Вы вышли",
    "menu": r"Медкарта: (ещё не создана|заявка|действует|приостановлена)",
    "welcome": r"Вы вошли как",
}
"""The first that fits, after the questions of the form, says what kind of window it is. What fits none is a push."""

FORM = frozenset({"field", "proof", "scans", "consent", "summary", "signing", "waiting", "card", "known"})
"""Windows that show where the application stands."""

MISREAD = re.compile(
    r"а получилось|Получилось|пишется так|только цифры|не только цифры|нужны слова|не хватает названия"
)
"""Words about an answer that was read as the answer to another question than its own."""

TURNED_AWAY = re.compile(
    r"Здесь текст не нужен|нет ответа|Не уверен"
    r"|С таким сообщением|Что-то сломалось|Здесь отвечают кнопками|Попробуйте|ещё раз|Слишком много"
    rf"|не записал|не сохран|уже не действует|Не могу|не могу|{MISREAD.pattern}"
)
"""Words by which a person learns that what they have just sent was not taken."""


@dataclass(frozen=True)
class Window:
    """A message of the bot that wants something. `field` where it is a question of the form."""

    id: int
    kind: str
    text: str
    field: str = ""


def read(message: dict[str, Any]) -> Window | None:
    """Return what a message asks for; None when it is no window, or not the bot's."""
    text = words(message)
    if message["from"] != "bot":
        return None
    if re.search(r"Шаг \d из 9", text) and not re.search(SIGNS["proof"], text):
        for name, title in TITLES.items():
            if title in text:
                return Window(message["id"], "field", text, name)
    for kind, sign in SIGNS.items():
        if re.search(sign, text, re.MULTILINE):
            return Window(message["id"], kind, text)
    return None


def latest(messages: list[dict[str, Any]]) -> Window | None:
    """Return the lowest window of a chat."""
    return next(filter(None, map(read, sorted(messages, key=lambda each: -each["id"]))), None)
