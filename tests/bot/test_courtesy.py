"""Small talk is answered as such; whatever may be a question is one."""

import pytest

from bot.courtesy import courtesy_of


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Привет!", "menu.greeted"),
        ("Добрый день 🙂", "menu.greeted"),
        ("hello", "menu.greeted"),
        ("Спасибо", "menu.thanked"),
        ("Здравствуйте, спасибо большое за помощь", "menu.thanked"),
        ("Thank you very much", "menu.thanked"),
        ("хорошо, спасибо", "menu.thanked"),
        ("До свидания", "menu.farewell"),
        ("всего доброго", "menu.farewell"),
        ("Да", "menu.not_understood"),
        ("пока нет", "menu.not_understood"),
    ],
)
def test_small_talk_has_an_answer_of_its_own(text: str, key: str) -> None:
    assert courtesy_of(text) == key


@pytest.mark.parametrize(
    "text",
    [
        "Спасибо, а код не приходит",
        "Здравствуйте, как отозвать согласие",
        "Хорошо ли защищены данные",
        "Привет как записаться к врачу",
        "Добрый день, болит горло",
        "Помощь",
        "день",
        "👍",
        "",
    ],
)
def test_whatever_may_be_a_question_is_no_small_talk(text: str) -> None:
    assert courtesy_of(text) is None
