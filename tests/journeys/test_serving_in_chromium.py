"""One operator serves one person who is signed in: what is done in the window of the desk happens in the chat, and back."""

import re
import secrets
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.journeys.applying import signed_in
from tests.journeys.house import House
from tests.journeys.person import Person, scan
from tests.journeys.windows import Seat, Staffing, asks, staffed

pytestmark = pytest.mark.needs_chromium
CODE = "{name}, код приходит за пять минут. Если его нет, напишите. {operator}"


@pytest.fixture(scope="module")
def staffing(house: House) -> Iterator[Staffing]:
    with staffed(house) as staffing:
        yield staffing


@pytest.fixture(scope="module")
def zoya(staffing: Staffing) -> Seat:
    return staffing.hires("Зоя Лаптева")


def request(person: Person, words: str, *, one_more: bool = False) -> str:
    """Write a request in the chat; returns its number."""
    person.say("/support", "О чём вопрос")
    if one_more:
        person.tap("Вход и коды", "продолжение прошлого обращения")
        person.tap("Нет, вопрос новый", "Опишите, что случилось")
    else:
        person.tap("Вход и коды", "Опишите, что случилось")
    person.say(words, "Приложите фото")
    person.tap("Дальше", "Проверьте обращение")
    number = re.search(r"\d\d-\d{6}", person.tap("Отправить", r"Обращение № \d\d-\d{6} отправлено"))
    assert number is not None
    return number[0]


def test_a_paper_is_asked_for_a_section_is_opened_and_the_bot_takes_over_again(person: Person, zoya: Seat) -> None:
    signed_in(person)
    words = f"Не принимают полис {person.id}"
    asks(person, words)
    zoya.sits()
    zoya.claims(words)
    person.wait("С вами говорит Зоя")

    sheet = zoya.deed("Запросить документ")
    sheet.get_by_label("Какой документ нужен").fill("Пришлите, пожалуйста, лицевую сторону полиса.")
    zoya.shot("serving-paper")
    sheet.get_by_role("button", name="Запросить").click()
    expect(sheet).to_have_count(0)
    person.wait("лицевую сторону полиса")
    expect(zoya.page.locator(".line.operator")).to_contain_text("лицевую сторону полиса")
    person.tap("Отправить документ", "Пришлите фото или файл документа одним сообщением")
    person.upload(scan("polis"), name="полис.jpg")
    came = zoya.page.locator(".line.citizen").last
    expect(came.locator("a.file")).to_contain_text("полис.jpg")
    # It stands as the answer to what was asked for.
    expect(came.locator(".quote")).to_contain_text("лицевую сторону полиса")

    sheet = zoya.deed("Открыть раздел")
    sheet.get_by_label("Куда повести").select_option(label="Сканы документов")
    sheet.get_by_role("button", name="Отправить кнопку").click()
    person.wait("Это можно сделать здесь: Мои документы")
    expect(zoya.page.locator(".line.operator").last).to_contain_text("Это можно сделать здесь: Мои документы")
    person.tap("^Мои документы", "документ")

    # The person asks for nothing any more: the bot goes on with them.
    zoya.page.get_by_role("button", name="Вернуть боту").click()
    expect(zoya.head).to_contain_text("передан боту")
    expect(zoya.page.locator("[data-compose]")).to_contain_text("Разговор завершён")
    person.wait("Дальше вам поможет бот")
    zoya.shot("serving-returned")


def test_what_stands_ready_is_put_in_tags_find_it_again_and_a_number_is_shown_for_a_reason(
    person: Person, staffing: Staffing, zoya: Seat
) -> None:
    citizen = signed_in(person)
    shortcut = f"код-{secrets.token_hex(2)}"
    staffing.readies(shortcut, "Код из СМС", CODE)
    words = f"Жду код уже час {person.id}"
    asks(person, words)
    zoya.sits()
    zoya.claims(words)
    answer = zoya.page.get_by_role("textbox", name="Ответ человеку")
    answer.press_sequentially(f"/{shortcut}")
    offered = zoya.page.locator(".offers li", has_text=f"/{shortcut} · Код из СМС")
    expect(offered).to_have_attribute("aria-selected", "true")
    answer.press("Enter")
    ready = f"{citizen['name']}, код приходит за пять минут. Если его нет, напишите. Зоя"
    expect(answer).to_have_value(ready)
    answer.press("Enter")
    person.wait(re.escape(ready))

    answer.press_sequentially("/статус учётной")
    article = zoya.page.locator(".offers li", has_text="Что значит статус учётной записи")
    expect(article).to_be_visible()
    zoya.shot("serving-offers")
    article.click()
    expect(answer).to_have_value(re.compile(r"^Что значит статус учётной записи\n\n"))
    answer.press("Enter")
    person.wait("Что значит статус учётной записи.*личность ещё не подтверждена")

    aside = zoya.page.get_by_role("complementary", name="Человек")
    tags = aside.get_by_label("Метки")
    tag = f"сложный случай {person.id}"
    tags.fill(f"{tag}, код")
    tags.press("Enter")
    expect(zoya.head).to_contain_text(f"#{tag}")
    expect(zoya.head).to_contain_text("#код")
    tags.fill(tag)
    tags.press("Enter")
    expect(zoya.head.locator("a.badge")).to_have_text([f"#{tag}"])
    place = zoya.talk
    zoya.follows(zoya.head.get_by_role("link", name=f"#{tag}"))
    found = zoya.page.locator("[data-rows] > li")
    expect(found).to_have_count(1)
    expect(zoya.page.get_by_role("searchbox")).to_have_value(f"#{tag}")
    zoya.shot("serving-tagged")
    zoya.follows(found.get_by_role("link"))
    expect(zoya.head).to_contain_text("Ваш разговор")
    assert zoya.talk == place

    snils = aside.locator(".facts > div", has_text="СНИЛС")
    expect(snils).not_to_contain_text(citizen["snils"])
    snils.get_by_text("Показать", exact=True).click()
    snils.get_by_label("Зачем").fill("сверить номер при звонке")
    snils.get_by_role("button", name="Показать номер").click()
    shown = snils.locator("strong")
    expect(shown).to_have_text(re.compile(r"^\d{3}-\d{3}-\d{3} \d\d$"))
    expect(shown).to_be_visible()
    assert re.sub(r"\D", "", shown.inner_text()) == re.sub(r"\D", "", citizen["snils"])
    # It stays while they talk, and is masked for whoever opens the conversation anew.
    answer.fill("Сверяю номер.")
    answer.press("Enter")
    person.wait("Сверяю номер")
    person.say("Хорошо")
    expect(zoya.lines).to_contain_text("Хорошо")
    expect(shown).to_be_visible()
    zoya.shot("serving-revealed")
    zoya.sits(place)
    expect(snils).not_to_contain_text(citizen["snils"])
    zoya.deed("Завершить").get_by_role("button", name="Завершить разговор").click()
    person.wait("Оператор закончил разговор")


def test_a_conversation_is_about_a_request_and_two_requests_become_one(person: Person, zoya: Seat) -> None:
    signed_in(person)
    first = request(person, "Код не приходит на новый номер.")
    second = request(person, "И на старый номер код не идёт.", one_more=True)
    words = f"Что с моими обращениями {person.id}"
    asks(person, words)
    zoya.sits()
    zoya.claims(words)
    aside = zoya.page.get_by_role("complementary", name="Человек")
    entry = aside.locator(".small-list li", has_text=first)
    entry.get_by_role("button", name="Связать с разговором").click()
    expect(entry).to_contain_text("Об этом разговор")
    expect(aside.locator(".small-list li", has_text=second)).not_to_contain_text("Об этом разговор")
    zoya.shot("serving-linked")

    zoya.follows(entry.get_by_role("link", name=first))
    other = zoya.page.locator(".small-list li", has_text=second)
    zoya.shot("serving-ticket")
    zoya.follows(other.get_by_role("link", name=second))
    zoya.page.locator(".small-list li", has_text=first).get_by_role("button", name="Объединить с ним").click()
    expect(zoya.head).to_contain_text("объединено")
    # Nobody can answer here any more, and colleagues can still leave a note.
    expect(zoya.page.get_by_label("Ответ человеку")).to_have_count(0)
    expect(zoya.page.get_by_label("Заметка для коллег")).to_be_visible()
    into = zoya.lines.get_by_text("Это обращение объединено с другим")
    expect(into).to_contain_text(first)
    zoya.shot("serving-merged")
    zoya.follows(into.get_by_role("link", name=first))
    expect(zoya.page.get_by_role("heading", level=1)).to_contain_text(first)
    merged = zoya.page.get_by_role("complementary").locator("section", has_text="Объединены сюда")
    expect(merged).to_contain_text(second)
    zoya.page.get_by_role("textbox", name="Ответ человеку").fill("Оба номера исправлены.")
    zoya.page.get_by_role("button", name="Ответить").click()
    expect(zoya.head).to_contain_text("есть ответ")
    person.wait(f"По обращению № {first} есть ответ")
