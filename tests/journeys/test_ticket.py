"""A request from the first tap to the rating: written in the chat, answered at the desk, followed in the chat."""

import re
import secrets
from typing import Any

from tests.journeys.applying import signed_in
from tests.journeys.desk import Desk
from tests.journeys.house import House
from tests.journeys.person import Person, buttons, scan

WORDS = "Не приходит код по СМС, хотя номер верный."


def done(desk: Desk, path: str, **body: Any) -> dict[str, Any]:
    """Do something at the desk, once."""
    answer = desk.http.post(path, json=body, headers={"Idempotency-Key": secrets.token_hex(16)})
    assert answer.status_code in {200, 201}, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_request_is_written_answered_given_papers_closed_and_rated(person: Person, house: House) -> None:
    signed_in(person)
    person.say("/support", "О чём вопрос")
    person.tap("Вход и коды", "Эти данные приложим сами.*СНИЛС: •••-•••-.*Опишите, что случилось")
    person.say("Не вышло", "подробнее: от 10 до 3000")
    person.say(WORDS, "Приложите фото")
    person.upload(scan("1"), scan("2"), scan("3"), kind="photo", expect="Приложено 3 файла")
    # Whoever looks elsewhere in the middle finds what was written.
    person.say("/menu", "")
    person.say("/support", "начатое обращение")
    person.tap("Дописать", f"Проверьте обращение.*{WORDS}.*Приложено 3 файла")
    sent = person.tap("Отправить", r"Обращение № \d\d-\d{6} отправлено.*в обработке.*Ответим до")
    number = re.search(r"\d\d-\d{6}", sent)
    assert number is not None
    copied = [button.get("copy_text") for _, button in buttons(person.chat())]
    assert number[0] in str(copied)

    vera = Desk.of(house, "operator")
    listed = vera.http.get("/tickets", params={"limit": 100}).raise_for_status().json()["tickets"]
    (ticket,) = [each["id"] for each in listed if each["number"] == number[0]]
    opened = vera.http.get(f"/tickets/{ticket}").raise_for_status().json()
    assert WORDS in str(opened)
    done(vera, f"/tickets/{ticket}/questions", text="Пришлите, пожалуйста, снимок экрана с <ошибкой>.")
    person.wait(f"По обращению № {number[0]} нужен ваш ответ или документ")
    person.tap("^Ответить", "Пришлите фото или файл")
    person.upload(scan("4"), caption="Вот снимок", expect="Файлов получено: 1")
    person.tap("Готово", "Пришлите, пожалуйста, снимок экрана с <ошибкой>.*Вот снимок.*Ваши файлы.*в обработке")
    done(vera, f"/tickets/{ticket}/answers", text="Номер исправили, попробуйте ещё раз.")
    person.wait(f"По обращению № {number[0]} есть ответ")
    person.tap("Открыть обращение", "Номер исправили")

    person.tap("Вопрос решён", "Закрыть обращение")
    person.tap("Да, закрыть", "Как мы справились")
    person.tap("4 – хорошо", "оценка сохранена.*пару слов")
    person.say("Помогли быстро", "мы прочитаем.*закрыто")
    person.tap("Открыть снова", "что осталось")
    person.say("Код опять не приходит", "снова в обработке")
    person.say("/tickets", "Мои обращения")
    person.tap(f"{number[0]}.*в обработке", "Код опять не приходит")
    seen = vera.http.get(f"/tickets/{ticket}").raise_for_status().json()
    assert "Помогли быстро" in str(seen)


def test_a_file_of_an_answer_comes_into_the_chat_and_is_in_no_letter(person: Person, house: House) -> None:
    signed_in(person)
    person.say("/support", "О чём вопрос")
    person.tap("Вход и коды", "Опишите, что случилось")
    person.say(WORDS, "Приложите фото")
    person.tap("Дальше", "Проверьте обращение")
    sent = person.tap("Отправить", r"Обращение № \d\d-\d{6} отправлено")
    number = re.search(r"\d\d-\d{6}", sent)
    assert number is not None
    vera = Desk.of(house, "operator")
    listed = vera.http.get("/tickets", params={"limit": 100}).raise_for_status().json()["tickets"]
    (ticket,) = [each["id"] for each in listed if each["number"] == number[0]]
    paper = scan("как включить код")
    answer = vera.http.post(
        f"/tickets/{ticket}/answers",
        data={"text": "Сделайте как на снимке."},
        files=[("file", ("../как <включить> код.jpg", paper, "image/png"))],
        headers={"Idempotency-Key": secrets.token_hex(16)},
    )
    assert answer.status_code == 201, answer.text
    pushed = person.wait(f"По обращению № {number[0]} есть ответ")
    assert "включить" not in pushed
    person.tap("Открыть обращение", "Сделайте как на снимке.*Файлы специалиста")
    person.tap("Файлы от специалиста: 1", "Нажмите на файл")
    person.tap("как <включить> код.jpg", "Нажмите на файл")
    (file,) = [each["file"] for each in person.messages() if each["from"] == "bot" and each.get("file")]
    assert file["name"] == "как <включить> код.jpg"
    assert person.http.get(file["url"]).raise_for_status().content.startswith(b"\xff\xd8\xff")
    person.tap("Назад", "Сделайте как на снимке")


def test_contacts_are_there_before_anybody_signs_in(person: Person) -> None:
    person.say("/start", "")
    person.say("/support", "Чтобы оставить обращение, войдите")
    person.tap("Контакты", "Контакты.*Специалисты отвечают: пн.*по Москве")
    person.tap("Региональные центры", "Выберите регион")
    person.say("тверская область", "Центры: Тверская область.*Советская")
    person.say("Атлантида", "пока нет")
    person.say("/tickets", "портал")
