"""Into the account through the portal's own pages, out of it, and from a second Telegram account."""

import pytest

from tests.journeys.applying import new_citizen, question_of, signed_in, with_card
from tests.journeys.browser import Browser
from tests.journeys.house import House
from tests.journeys.person import Person, words


def at_the_portal(browser: Browser, link: str) -> Browser:
    """Open the link of the chat and go on to the portal's page."""
    browser.open(link)
    assert "Если эту ссылку" in browser.text
    return browser.submit()


def through(browser: Browser, link: str, citizen: dict[str, str]) -> Browser:
    """Sign in and agree."""
    at_the_portal(browser, link).submit(login=citizen["login"], password=citizen["password"])
    return browser.submit("allow")


def begun(person: Person) -> str:
    """Say /start and take the link."""
    person.say("/start", "портал|portal")
    return person.link()


def test_a_wrong_password_is_answered_on_the_portals_own_page_and_never_in_the_chat(person: Person) -> None:
    citizen = new_citizen(person)
    link = begun(person)
    before = len(person.messages())
    with Browser() as browser:
        at_the_portal(browser, link).submit(login=citizen["login"], password="не тот пароль")
        assert browser.page.status_code == 401
        assert "Неверный логин или пароль" in browser.text
        browser.submit(login="nobody", password=citizen["password"])
        assert "Неверный логин или пароль" in browser.text
        assert len(person.messages()) == before
        mark = person.chat()["seq"]
        browser.submit(login=citizen["login"], password=citizen["password"]).submit("allow")
        assert "вернитесь в чат" in browser.text
    person.wait(f"Вы вошли как {citizen['name']}", mark)
    assert not any(citizen["password"] in words(each) for each in person.messages())


def test_who_refuses_the_portals_consent_page_is_not_signed_in_and_may_try_again(person: Person) -> None:
    citizen = new_citizen(person)
    link = begun(person)
    with Browser() as browser:
        at_the_portal(browser, link).submit(login=citizen["login"], password=citizen["password"]).submit("deny")
        assert "Вход отменён" in browser.text
    person.say("/card", "сначала нужно войти")
    person.sign_in(citizen["login"], citizen["password"])


def test_a_link_serves_once(person: Person) -> None:
    citizen = new_citizen(person)
    link = begun(person)
    with Browser() as browser:
        mark = person.chat()["seq"]
        through(browser, link, citizen)
        person.wait("Вы вошли как", mark)
        browser.open(link)
        assert browser.page.status_code == 410
        assert "больше не действует" in browser.text
    with Browser() as browser:
        assert browser.open(f"{link}x").page.status_code == 410


def test_a_link_forwarded_to_another_browser_signs_nobody_in(person: Person) -> None:
    citizen = new_citizen(person)
    link = begun(person)
    with Browser() as mine, Browser() as theirs:
        at_the_portal(mine, link).submit(login=citizen["login"], password=citizen["password"])
        mine.http.follow_redirects = False
        callback = mine.submit("allow").page.headers["location"]
        theirs.open(callback)
        assert theirs.page.status_code == 400
        assert "Вход не завершён" in theirs.text
        person.say("/menu", "войдите через портал")
        mine.http.follow_redirects = True
        mine.open(callback)
        assert mine.page.status_code == 200


def test_the_page_before_the_portal_says_whose_chat_it_is(house: House) -> None:
    person = Person.new(house.playground, "Анна <b>Жирная</b>")
    with Browser() as browser:
        browser.open(begun(person))
        assert "«Анна <b>Жирная</b>»" in browser.text
        assert "<b>Жирная" not in browser.page.text


@pytest.mark.parametrize("moves", [True, False])
def test_from_a_second_telegram_account_the_person_is_asked_and_the_first_one_is_told(
    person: Person, house: House, moves: bool
) -> None:
    citizen = signed_in(person)
    if moves:
        with_card(person, citizen)
    second = Person.new(house.playground, "Второй телефон")
    second.say("/start", "портал")
    mark = person.chat()["seq"]
    second.sign_in(citizen["login"], citizen["password"], "уже открыта в другом чате.*Перенести")
    second.say("/menu", "войдите через портал")
    if moves:
        second.tap("^Да", "Вы вошли как")
        person.wait("открыта в другом чате Telegram, здесь вы из неё вышли", mark)
        second.say("/card", "Действует")
        person.say("/card", "сначала нужно войти")
    else:
        second.tap("Нет, оставить")
        second.alert("ничего не поменялось")
        person.wait("переносить учётную запись не стал", mark)
        person.say("/status", "Подтверждена")
        second.say("/card", "сначала нужно войти")
    assert not second.has_button("^Да|Нет, оставить")


def test_a_link_lives_on_while_the_chat_is_looked_at_and_ends_when_a_new_one_is_asked_for(person: Person) -> None:
    citizen = new_citizen(person)
    link = begun(person)
    with Browser() as browser:
        at_the_portal(browser, link).submit(login=citizen["login"], password=citizen["password"])
        person.say("/menu", "войдите через портал")
        person.say("/card", "сначала нужно войти")
        mark = person.chat()["seq"]
        browser.submit("allow")
        person.wait("Вы вошли как", mark)
    other = Person.new(person.playground, "Ещё один")
    first = begun(other)
    other.say("/card", "сначала нужно войти")
    other.tap("Новая ссылка", "Прежняя больше не работает")
    with Browser() as browser:
        assert "/start" in browser.open(first).text
        assert browser.page.status_code == 410


def test_another_persons_account_in_the_same_chat_is_asked_about(person: Person) -> None:
    first, other = signed_in(person), new_citizen(person)
    person.say("/menu", first["name"])
    person.tap("Выйти", "Выйти из учётной записи")
    person.tap("^Выйти$", "Вы вышли")
    person.sign_in(other["login"], other["password"], f"Вы вошли как {other['name']}")
    person.say("/menu", other["name"])


def test_out_and_in_again_everything_is_in_its_place(person: Person) -> None:
    citizen = signed_in(person, known="contacts")
    person.tap("медкарт", "известно с портала")
    person.tap("Всё верно", question_of("birth_date"))
    person.say("/menu", "заявка начата")
    person.tap("Выйти", "Выйти из учётной записи")
    person.tap("Остаться", "заявка начата")
    person.tap("Выйти", "Выйти из учётной записи")
    person.tap("^Выйти$", "Вы вышли.*остались в учётной записи")
    assert not person.has_button("Медкарт|Продолжить")
    person.say("/card", "сначала нужно войти")
    person.sign_in(citizen["login"], citizen["password"])
    person.say("/card", question_of("birth_date"))


def test_when_the_portal_is_down_the_page_says_so_and_the_chat_goes_on(person: Person) -> None:
    citizen = new_citizen(person)
    link = begun(person)
    with Browser() as browser:
        at_the_portal(browser, link).submit(login=citizen["login"], password=citizen["password"])
        person.http.post("/portal/faults", json={"service": "token", "mode": "down"}).raise_for_status()
        try:
            browser.submit("allow")
        finally:
            person.http.delete("/portal/faults").raise_for_status()
        assert browser.page.status_code == 503
        assert "Портал сейчас не отвечает" in browser.text
        assert "сохранено" in browser.text
    person.say("/help", "103")
    person.say("/start", "портал")
    person.sign_in(citizen["login"], citizen["password"])


def test_an_english_phone_is_spoken_to_in_english_and_the_language_can_be_changed(house: House) -> None:
    emma = Person.new(house.playground, "Emma", "en")
    citizen = new_citizen(emma)
    emma.say("/start", "portal")
    emma.sign_in(citizen["login"], citizen["password"], "You are signed in as|signed in")
    assert {each["command"] for each in emma.chat()["commands"]} >= {"start", "card", "status", "consent", "help"}
    english = emma.chat()["commands"]
    emma.say("/language", "Which language")
    emma.tap("Русский", "Дальше говорю по-русски")
    assert emma.chat()["commands"] != english
    emma.say("/status", "Статус: Подтверждена")
    emma.say("/language", "На каком языке")
    emma.tap("English", "Account|account")
    emma.say("/status", "Confirmed|Verified")
