"""With CHAT_PERSONAL_DATA=off, over HTTP: the chat points to pages, and holds nothing medical and no identifier."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest

from tests.journeys.applying import LITTLE, signed_in, spoken
from tests.journeys.browser import Browser
from tests.journeys.delivering import delivered
from tests.journeys.house import House, standing
from tests.journeys.person import Person, scan, words
from tests.journeys.test_form import changed_last

MEDICAL = ("Глюкоза", "ммоль", "Липидный", "Холестерин", "Триглицериды", "выше нормы", "поликлиника № 7")


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory, keys: Path) -> Iterator[House]:
    """A house that keeps personal data out of the chat."""
    with standing(tmp_path_factory.mktemp("quiet"), keys, CHAT_PERSONAL_DATA="off") as house:
        yield house


def through(person: Person, browser: Browser) -> Browser:
    """Follow the link that the chat shows."""
    browser.open(person.tap("/my/open/"))
    assert "Медкарта на этом устройстве" in browser.text
    return browser.submit()


def filled_in(person: Person, browser: Browser, citizen: dict[str, str]) -> None:
    """Fill the card's form in, each field first with a mistake where one can be made."""
    said = spoken(citizen)
    assert "Это известно с портала" in browser.text
    browser.page = browser.http.post(_at(browser, "/my/card/known"), data={"csrf": _csrf(browser)})
    for name in LITTLE:
        at = _at(browser, f"/my/card/{name.replace('_', '-')}")
        if name == "sex":
            browser.submit("female" if citizen["sex"] == "F" else "male")
            continue
        if name == "snils":
            browser.submit(value=changed_last(said[name]))
            assert browser.page.status_code == 422
            assert "опечатка" in browser.text.lower() or "провер" in browser.text.lower()
            assert str(browser.page.url) == at
        browser.submit(value=said[name])
        assert browser.page.status_code == 200, browser.text
        assert "Записано" in browser.text, browser.text
    browser.submit(value=said["policy"])
    assert "отправили SMS с кодом" in browser.text
    code = person.code(citizen["phone"])
    browser.submit(code=changed_last(code))
    assert "осталось попыток" in browser.text.lower()
    browser.submit(code=code)
    assert "сканы" in browser.text


def uploaded(person: Person, browser: Browser) -> None:
    """Send the application's scans: the chat takes none, the page does."""
    person.say("/menu", "Учётная запись")
    person.upload(scan(), kind="photo", expect="данные лучше писать на странице")
    assert person.until(lambda chat: not any(each["file"] for each in chat))
    person.upload(b"%PDF-1.4 a passport", name="passport.pdf", expect="Файл из чата убран")
    assert person.until(lambda chat: not any(each["file"] for each in chat))
    person.tap("В меню", "Учётная запись")
    person.tap("Сканы", "Их присылают на отдельной странице")
    for kind in ("passport", "snils", "registration"):
        at = _at(browser, f"/my/scans/{kind}")
        browser.open(at)
        file = {"scan": ("scan.jpg", scan(), "image/jpeg")}
        browser.page = browser.http.post(at, data={"csrf": _csrf(browser)}, files=file)
        assert "Файл принят" in browser.text
    assert "Всё нужное на месте" in browser.text


def test_the_chat_holds_nothing_medical_and_no_identifier(quiet: House) -> None:
    person = Person.new(quiet.playground)
    citizen = signed_in(person, age=34, known="contacts")
    said = spoken(citizen)
    person.say("/card", "на отдельной странице")
    with Browser() as browser:
        url = person.tap("/my/open/")
        through(person, browser)
        assert browser.open(url).page.status_code == 410
        person.tap("Новая ссылка", "Вот новая ссылка")
        assert person.tap("/my/open/") != url

        person.say(said["snils"], "данные лучше писать на странице")
        assert person.until(lambda chat: not any(said["snils"] in words(each) for each in chat))
        person.say("/menu", "Учётная запись")
        person.say(said["passport_number"], "данные лучше писать на странице")
        assert person.until(lambda chat: not any(said["passport_number"] in words(each) for each in chat))

        browser.open(_at(browser, "/my/card"))
        filled_in(person, browser, citizen)
        uploaded(person, browser)
        person.say("/status", "Статус, документы для проверки, телефон и почта")
        person.say("/consent", "«Согласие")
        person.tap("Согласен", "огласие")
        browser.open(_at(browser, "/my/card")).submit()
        browser.submit(code=person.code(citizen["phone"]))
        assert "Ваша медкарта" in browser.text

        person.say("/security", "ключ и коды в чат не попадают")
        through(person, browser)
        browser.page = browser.http.post(_at(browser, "/my/security/totp"), data={"csrf": _csrf(browser)})
        key = re.sub(r"\s", "", re.findall(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", browser.text)[-1])
        browser.submit(code="000000")
        assert browser.page.status_code == 422
        browser.submit(code=pyotp.TOTP(key).now())
        assert len(set(re.findall(r"[0-9A-Z]{5}-[0-9A-Z]{5}", browser.text))) == 10

        delivered(quiet, person)
        person.say("/results", "В чате их не видно никому")
        through(person, browser)
        assert "Разделы закрыты вторым замком" in browser.text, "a new link is a new session, and shows its own code"
        browser.submit(code=pyotp.TOTP(key).generate_otp(int(time.time()) // 30 + 1))
        assert "Мои результаты" in browser.text
        browser.open(_at(browser, "/my/results/list"))
        assert "Липидный профиль" in browser.text
        assert "выше нормы" in browser.text or "вне нормы" in browser.text
        for command, hint in (
            ("/visits", "В чате её нет"),
            ("/vaccinations", "В чате их нет"),
            ("/documents", "В чат мы их не присылаем"),
        ):
            person.say(command, hint)

    # What the bot was told stands in its getUpdates; what it said itself, in everything else.
    calls = person.http.get("/calls", params={"after": 0}).json()
    told = json.dumps([each for each in calls if each["method"] != "getUpdates"], ensure_ascii=False)
    assert "на отдельной странице" in told
    seen = "\n".join(words(each) for each in person.messages())
    numbers = {said[name] for name in ("snils", "passport_number", "policy", "address", "phone", "email")}
    for value in (*numbers, *(re.sub(r"\D", "", each) for each in (said["snils"], said["policy"])), *MEDICAL, key):
        assert value not in told, value
        assert value not in seen, value


def test_pages_are_pointed_to_in_english_too(quiet: House) -> None:
    person = Person.new(quiet.playground, "Anna", "en")
    citizen = person.http.post("/portal/citizens", json={"age": 40}).raise_for_status().json()
    person.say("/start", "portal")
    person.sign_in(citizen["login"], citizen["password"])
    person.say("/results", "Nobody sees them in the chat")
    with Browser() as browser:
        browser.open(person.tap("/my/open/"))
        assert "Your card on this device" in browser.text
        assert "second lock" in browser.submit().text


def _at(browser: Browser, path: str) -> str:
    return str(browser.page.url.join(path))


def _csrf(browser: Browser) -> str:
    return str(browser.forms[0]["fields"]["csrf"])


def test_booking_is_by_telephone_then(quiet: House) -> None:
    person = Person.new(quiet.playground)
    signed_in(person, age=34)
    for command in ("/book", "/appointments"):
        person.say(command, "в этом чате отключены.*Телефон: ")
        person.say("болит зуб", "Сообщение убрано")
        assert person.until(lambda chat: not any("болит зуб" in words(each) for each in chat if each["from"] != "bot"))
