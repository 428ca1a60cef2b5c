"""A conversation goes from hand to hand: every page that is open shows whose it is, and the person in the chat hears it too."""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Route, expect

from tests.journeys.house import House
from tests.journeys.person import Person
from tests.journeys.windows import Seat, asks, listens, staffed

pytestmark = pytest.mark.needs_chromium
OURS = f"Группа записи к врачу {secrets.token_hex(2)}"


@dataclass
class Shift:
    """Two operators, the second of them in a group, and a senior."""

    zoya: Seat
    oleg: Seat
    vera: Seat


@pytest.fixture(scope="module")
def shift(house: House) -> Iterator[Shift]:
    with staffed(house) as staffing:
        group = staffing.group(OURS)
        yield Shift(
            staffing.hires("Зоя Лаптева"),
            staffing.hires("Олег Константинопольский-Задунайский", team=group),
            staffing.hires("Вера Сомова", "senior"),
        )


def claim_at_once(*seats: Seat) -> None:
    """Press «Взять разговор» in every window before anybody's press has left."""
    held: list[Route] = []
    for seat in seats:
        seat.page.route("**/claim", lambda route: held.append(route))
        with seat.page.expect_request("**/claim"):
            seat.page.get_by_role("button", name=re.compile("Взять разговор")).click()
    for route in held:
        route.continue_()
    for seat in seats:
        seat.page.unroute("**/claim")


def test_of_two_who_press_at_once_one_has_it_and_hands_it_on_with_a_note(person: Person, shift: Shift) -> None:
    words = f"Талон не открывается {person.id}"
    asks(person, words)
    for seat in (shift.zoya, shift.oleg):
        seat.sits()
        seat.opens(words)
    claim_at_once(shift.zoya, shift.oleg)
    said = person.wait("С вами говорит (Зоя|Олег)")
    first, second = (shift.zoya, shift.oleg) if "Зоя" in said else (shift.oleg, shift.zoya)
    expect(first.head).to_contain_text("Ваш разговор")
    expect(second.page.get_by_role("alert")).to_contain_text(f"Разговор уже ведёт {first.name}")
    expect(second.head).to_contain_text(f"Ведёт {first.name}")
    expect(second.field).to_have_attribute("aria-label", re.compile("Заметка для коллег"))

    sheet = first.deed("Передать")
    sheet.get_by_label("Коллеге").select_option(value=second.id)
    sheet.get_by_label("Заметка для коллег").fill("Талон выдан, но ссылка в нём старая")
    first.shot("handing-transfer")
    sheet.get_by_role("button", name="Передать").click()
    expect(first.page.get_by_text("Разговор не открыт")).to_be_visible()
    expect(second.head).to_contain_text("Ваш разговор")
    expect(second.page.locator(".line.note")).to_contain_text("Талон выдан, но ссылка в нём старая")
    expect(second.page.locator(".line.note")).to_contain_text("позвали вас")
    person.wait(f"С вами говорит {second.name.split()[0]}")
    answer = second.page.get_by_role("textbox", name="Ответ человеку")
    answer.fill("Здравствуйте, теперь с вами я.")
    answer.press("Enter")
    person.wait("теперь с вами я")
    person.say("Хорошо, жду")
    expect(second.lines).to_contain_text("Хорошо, жду")

    # A senior is called by a note, wherever she is at the desk, and gives it to somebody else by hand.
    shift.vera.sits("/desk/tickets")
    second.page.keyboard.press("Escape")
    second.page.keyboard.press("n")
    second.field.press_sequentially("Нужен совет @Вер")
    second.page.get_by_role("option", name="Вера Сомова", exact=True).wait_for()
    second.shot("handing-mention")
    second.field.press("Enter")
    second.field.press("Enter")
    expect(second.page.locator(".line.note").last).to_contain_text("позвали: Вера Сомова")
    expect(shift.vera.page.locator("[data-called]")).to_contain_text("Вас позвали в разговор")
    shift.vera.shot("handing-called")
    shift.vera.follows(shift.vera.page.get_by_role("link", name="Посмотреть заметку"))
    expect(shift.vera.page.locator(".line.note:target")).to_contain_text("Нужен совет @Вера Сомова")
    sheet = shift.vera.deed("Назначить")
    sheet.get_by_label("Кому").select_option(value=first.id)
    sheet.get_by_role("button", name="Назначить").click()
    expect(shift.vera.head).to_contain_text(f"Ведёт {first.name}")
    expect(second.head).to_contain_text(f"Ведёт {first.name}")
    first.follows(first.page.get_by_role("link", name=re.compile("^Мои")))
    first.opens("Хорошо, жду")
    expect(first.head).to_contain_text("Ваш разговор")
    first.deed("Завершить").get_by_role("button", name="Завершить разговор").click()
    person.wait("Оператор закончил разговор")


def test_a_group_gets_it_and_whoever_signs_out_in_mid_sentence_finds_the_draft(person: Person, shift: Shift) -> None:
    words = f"К какому врачу записаться {person.id}"
    zoya, oleg, vera = shift.zoya, shift.oleg, shift.vera
    asks(person, words)
    for seat in (zoya, oleg):
        seat.sits()
    zoya.claims(words)
    place = zoya.talk
    expect(oleg.row(words)).to_have_count(0)
    other = zoya.page.context.new_page()
    other.goto(place)
    listens(other)
    sheet = zoya.deed("Передать")
    sheet.get_by_label("Или группе").select_option(label=OURS)
    sheet.get_by_label("Заметка для коллег").fill("Это вопрос о записи")
    sheet.get_by_role("button", name="Передать").click()
    # It leaves the one list and comes into the other; whoever is not of the group does not see it any more.
    expect(oleg.row(words)).to_be_visible()
    expect(zoya.page.get_by_text("Разговор не открыт")).to_be_visible()
    expect(zoya.page.locator("[data-alarm] [data-text]")).to_have_text("")
    expect(other.get_by_text("Разговор не открыт")).to_be_visible()
    expect(other.get_by_role("alert")).to_contain_text("его передали другой группе")
    other.close()
    for tab in ("Ждут", "Все"):
        zoya.follows(zoya.page.get_by_role("link", name=re.compile(f"^{tab}")))
        expect(zoya.row(words)).to_have_count(0)

    oleg.claims(words)
    expect(oleg.page.locator(".line.note")).to_contain_text("Это вопрос о записи")
    person.wait("С вами говорит Олег")
    vera.sits(place)
    expect(vera.head).to_contain_text(f"Ведёт {oleg.name}")
    oleg.page.get_by_role("textbox", name="Ответ человеку").press_sequentially("Вам нужен терапевт, а потом")
    oleg.page.get_by_role("button", name="Выйти").click()
    expect(oleg.page.get_by_role("heading", name="Вход для сотрудников")).to_be_visible()
    person.wait("Оператору пришлось отойти")
    expect(vera.head).to_contain_text("Ждёт оператора")
    expect(vera.page.locator("[data-compose]")).to_contain_text("Чтобы ответить, возьмите разговор")
    expect(vera.lines).to_contain_text(f"{oleg.name}: оператор отошёл, разговор вернулся в очередь")
    vera.shot("handing-away")

    oleg.signs_in()
    oleg.sits()
    oleg.claims(words)
    answer = oleg.page.get_by_role("textbox", name="Ответ человеку")
    expect(answer).to_have_value("Вам нужен терапевт, а потом")
    answer.press("End")
    answer.press_sequentially(" он скажет, к кому дальше.")
    answer.press("Enter")
    person.wait("Вам нужен терапевт, а потом он скажет, к кому дальше")

    # The person leaves Telegram for good: the operator reads it at once, not after an hour of waiting.
    person.act("block")
    answer.fill("Записать вас?")
    answer.press("Enter")
    expect(oleg.page.locator(".line.operator .delivery").last).to_contain_text("не доставлено: бот заблокирован")
    expect(oleg.head).to_contain_text("Человек заблокировал бота: сообщения не дойдут")
    oleg.follows(oleg.page.get_by_role("link", name=re.compile("^Мои")))
    expect(oleg.row("Записать вас?")).to_contain_text("бот заблокирован")
    oleg.shot("handing-blocked")
