"""«Мои результаты» over HTTP: locked, unlocked, by category and period, a panel, a chart, search, files; nothing stays typed."""

import csv
import io

from tests.journeys.applying import signed_in, with_card
from tests.journeys.delivering import delivered
from tests.journeys.house import House
from tests.journeys.person import Person, words


def test_who_has_no_card_is_told_what_to_do_and_sees_no_button(person: Person) -> None:
    signed_in(person)
    person.say("/results", "карт")
    person.say("/menu", "Учётная запись")
    assert not person.has_button("Результаты")
    person.say("/documents", "Здесь нужна медкарта")
    person.tap("Сканы заявки", "Открытой заявки сейчас нет")
    person.say("/documents", "Здесь нужна медкарта")
    person.tap("Медкарта", "известно с портала")


def test_results_are_looked_through_to_the_last_value(person: Person, house: House) -> None:
    with_card(person, signed_in(person, age=34))
    person.set_up_authenticator()
    person.say("/results", "Результатов пока нет")
    delivered(house, person)

    person.say("/menu", "действует")
    person.tap("Результаты", "Мои результаты")
    assert person.has_button("Анализы: 21")
    assert person.has_button("Рост, вес, давление: 3")
    person.tap("Анализы", "Найдена 21 запись")
    person.tap("За неделю", "Период: за неделю\nНайдено 2 записи")
    person.tap("За всё время", "Найдена 21 запись")
    first = person.tap("Показать результаты", "Страница 1 из 3")
    assert "Липидный профиль\n4 показателя · ❗\u00a02\u00a0вне\u00a0нормы" in first
    assert "5,132\u00a0ммоль" in first
    person.tap("Последняя", "Страница 3 из 3")
    person.tap("Первая", "Страница 1 из 3")

    panel = person.tap("1. Липидный профиль", "Холестерин ЛПНП")
    assert "Триглицериды: 1,3\u00a0ммоль/л · норма\u00a0до\u00a01,7\n" in panel
    assert "3,414\u00a0ммоль/л · норма\u00a0до\u00a03,3 · ❗\u00a0выше\u00a0нормы" in panel
    person.tap("Холестерин общий", "Холестерин общий.*Сначала новые")
    person.tap("Назад", "Холестерин ЛПНП")
    person.tap("Назад", "Страница 1 из 3")

    person.tap("2. Глюкоза", "измерено 20 раз.*Меньше всего: 4,03.*Страница 1 из 2")
    person.tap("Показать график", "Сначала новые")
    picture = next(each for each in person.messages() if "Больше всего" in words(each) and not each.get("keyboard"))
    assert picture["protected"]
    person.tap("Назад", "Страница 1 из 3")

    person.tap("Таблица CSV", "Страница 1 из 3")
    table = list(csv.reader(io.StringIO(file_of(person, ".csv").decode("utf-8-sig"), newline=""), delimiter=";"))
    assert len(table) == 1 + 24
    assert "3,4135723443" in {cell for row in table for cell in row}
    person.tap("Скачать PDF", "Страница 1 из 3")
    assert file_of(person, ".pdf").startswith(b"%PDF-")


def file_of(person: Person, ending: str) -> bytes:
    """Fetch the file that the bot sent, as the phone does."""
    files = [each["file"] for each in person.messages() if each.get("file")]
    found = next(each for each in reversed(files) if str(each.get("name", "")).endswith(ending))
    return person.http.get(str(found["url"])).raise_for_status().content


def test_a_name_is_found_whatever_way_it_is_typed_and_the_words_go(person: Person, house: House) -> None:
    with_card(person, signed_in(person, age=34))
    person.set_up_authenticator()
    delivered(house, person)
    person.say("/results", "Мои результаты")
    person.tap("Найти по названию", "Напишите, что найти")
    person.say("ukerjpf", "1. Глюкоза.*20 раз")
    assert person.until(lambda chat: not any("ukerjpf" in words(each) for each in chat))
    person.say("жираф", "Ничего похожего нет")
    person.say("липидный", "1. Липидный профиль")
    person.tap("1. Липидный профиль", "Триглицериды")
    person.tap("Назад", "Поиск по названию")


def test_days_are_chosen_by_calendar_or_typed(person: Person, house: House) -> None:
    with_card(person, signed_in(person, age=34))
    person.set_up_authenticator()
    delivered(house, person)
    person.say("/results", "Мои результаты")
    person.tap("Рост, вес, давление", "Найдено 3 записи")
    person.tap("Свои даты", "С какого дня")
    person.tap("^🗓", "С какого дня")
    person.tap("^‹ 20", "С какого дня")
    person.tap("^Март$", "С какого дня")
    person.tap("^5$", "По какой день.*5 марта")
    person.tap("Только этот день", "Период: 5 марта.*За это время ничего нет")
    person.say("31.02.2025", "Не получилось понять даты")
    person.say("с 1.1.2024 по 2 января 2024", "Период: с 1 января 2024.г. по 2 января 2024")
    person.tap("За всё время", "Найдено 3 записи")


def test_a_button_of_results_after_the_session_opens_nothing(person: Person, house: House) -> None:
    with_card(person, signed_in(person, age=34))
    person.set_up_authenticator()
    delivered(house, person)
    person.say("/results", "Мои результаты")
    person.say("/security", "Разделы открыты")
    person.tap("Закрыть", "закрыт")
    assert person.until(lambda chat: not any("Мои результаты" in words(each) for each in chat))
    person.say("/results", "код")
    person.unlock("Мои результаты")
