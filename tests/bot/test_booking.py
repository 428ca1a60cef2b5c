"""What the windows of booking show: labels that are whole, days that are marked, times in their parts of the day."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from aiogram.enums import ButtonStyle
from aiogram.fsm.state import State
from aiogram.types import InlineKeyboardMarkup
from aiogram_dialog.tools.preview import FakeManager
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogs.booking import dialog, samples
from bot.dialogs.booking.checking import show_check, show_gone
from bot.dialogs.booking.days import PER_PAGE, read_day, show_doctors, show_times
from bot.dialogs.booking.placing import show_clinics
from bot.dialogs.booking.position import DOCTOR, MOVES, SLOT, choose, want, wanted_of
from bot.dialogs.booking.shown import (
    LABEL,
    choice_label,
    distance,
    full_time,
    initials_of,
    labelled,
    shown_days,
)
from bot.dialogs.booking.slip import slip_text
from bot.preview import preview_manager
from bot.states import Booking
from core.domain.ids import DoctorId, FacilityId, new_id
from core.domain.notification import WallTime
from core.domain.schedule import Wanted

TODAY = date(2026, 11, 30)


def standing_at(state: State = Booking.main) -> FakeManager:
    """A person who stands in a window."""
    manager = preview_manager("ru")
    manager.set_dialog(dialog())
    manager.set_state(state)
    return manager


@given(what=st.text(max_size=200), when=st.sampled_from(["завтра, 9:40", "пт 25 дек., 14:20", "мест нет"]))
def test_a_long_name_is_cut_and_the_time_never(what: str, when: str) -> None:
    label = labelled(what, when, "ru")
    assert len(label.encode("utf-16-le")) // 2 <= LABEL
    assert label.endswith(when)


def test_a_label_says_to_whom_and_when() -> None:
    assert choice_label(samples.choice(1, 9, 40), samples.NOW, "ru") == "Терапевт Иванова · завтра, 9:40"
    assert choice_label(samples.choice(3, 14, 5), samples.NOW, "ru") == "Терапевт Иванова · чт 3 дек., 14:05"
    assert initials_of("Иванова Мария Петровна") == "Иванова\N{NO-BREAK SPACE}М.\N{NO-BREAK SPACE}П."


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("4.12", date(2026, 12, 4)),
        ("4 декабря", date(2026, 12, 4)),
        ("04.12.2026", date(2026, 12, 4)),
        ("5.01", date(2027, 1, 5)),
        ("завтра утром", None),
        ("31.02", None),
        ("", None),
        ("9" * 400, None),
    ],
)
def test_a_day_to_come_is_read_without_its_year(typed: str, day: date | None) -> None:
    assert read_day(typed, TODAY) == day


@given(st.text(max_size=60))
def test_whatever_is_typed_for_a_day_is_a_day_or_nothing(typed: str) -> None:
    assert read_day(typed, TODAY) is None or isinstance(read_day(typed, TODAY), date)


def test_days_are_told_by_months_for_who_listens() -> None:
    days = [date(2026, 12, 1), date(2026, 12, 4), date(2027, 1, 2)]
    assert shown_days(days, "ru") == "1, 4 декабря; 2 января"
    assert shown_days([], "ru") == ""


def test_distances_are_said_as_people_say_them() -> None:
    assert [distance(km, "ru") for km in (0.004, 0.45, 2.44, 38.6)] == ["10 м", "450 м", "2,4 км", "39 км"]


async def test_the_calendar_marks_the_days_that_can_be_had() -> None:
    manager = standing_at(Booking.calendar)
    markup = (await manager.show_raw()).reply_markup
    assert isinstance(markup, InlineKeyboardMarkup)
    green = [each.text for row in markup.inline_keyboard for each in row if each.style == ButtonStyle.SUCCESS.value]
    assert green == ["•1", "•2", "•3", "•4", "•7", "•8", "•9", "•28"]


def test_times_stand_in_pages_of_their_part_of_the_day() -> None:
    manager = standing_at()
    many = [samples.choice(1, 8 + place // 4, 15 * (place % 4)) for place in range(PER_PAGE + 3)]
    shown = show_times(replace(samples.times(), morning=many), samples.NOW, manager)
    assert len(shown["slots"]) == PER_PAGE
    assert shown["page"]
    assert [label for _, label in shown["parts"]] == ["Днём: 2 места", "Вечером: 1 место"]
    assert shown["slots"][0][1] == "8:00 утра, Иванова"
    manager.dialog_data[DOCTOR] = str(samples.IVANOVA.id)
    assert show_times(samples.times(), samples.NOW, manager)["slots"][0][1] == "9:00 утра"


def test_who_lives_by_another_clock_is_told_whose_it_is() -> None:
    manager = standing_at()
    at = datetime(2026, 12, 1, 9, 40)
    assert "местное" not in full_time(WallTime(at, "Europe/Moscow"), "77", samples.NOW, manager)
    assert "время местное: Екатеринбург" in full_time(WallTime(at, "Asia/Yekaterinburg"), "66", samples.NOW, manager)


def test_the_own_clinic_is_named_and_distances_end_the_list_at_one_page() -> None:
    manager = standing_at()
    shown = show_clinics(samples.places(), samples.NOW, manager)
    assert shown["clinics"][0][1].startswith("Ваша: ")
    near = [replace(each, km=number / 2) for number, each in enumerate(samples.places().places * 4)]
    by_distance = show_clinics(replace(samples.places(), places=near), samples.NOW, manager)
    assert by_distance["page"] == ""
    assert by_distance["more"] == [("77", "Ещё клиники: Москва")]
    assert shown["more"] == []


def test_doctors_without_free_time_are_words_and_not_buttons() -> None:
    shown = show_doctors(samples.doctors(), samples.NOW, standing_at())
    assert shown["doctors_full"] == initials_of("Сидорова Ольга Игоревна")
    assert not any("Сидорова" in label for _, label in shown["doctors"])


def test_without_the_referral_that_is_wanted_nothing_can_be_confirmed() -> None:
    hold = samples.hold()
    wanting = replace(hold, referral=None, speciality=replace(hold.speciality, referral=True))
    shown = show_check(wanting, samples.NOW, standing_at())
    assert shown["referral"]
    assert not shown["new"]
    assert show_check(hold, samples.NOW, standing_at())["new"]


def test_what_the_clinic_says_of_a_visit_is_read_before_it_is_confirmed() -> None:
    assert "От клиники: возьмите прежние снимки" in show_check(samples.hold(), samples.NOW, standing_at())["text"]
    silent = replace(samples.hold().choice, doctor=replace(samples.IVANOVA, note=""))
    hold = replace(samples.hold(), choice=silent)
    assert "От клиники" not in show_check(hold, samples.NOW, standing_at())["text"]


def test_after_the_time_is_up_the_same_slot_can_be_asked_for_again() -> None:
    manager = standing_at()
    assert not show_gone(manager)["gone"]
    manager.dialog_data[SLOT] = str(new_id(samples.NOW))
    assert show_gone(manager)["gone"]


def test_another_choice_forgets_what_followed_from_the_former_one() -> None:
    manager = standing_at()
    now = datetime(2026, 11, 30, tzinfo=UTC) + timedelta(hours=1)
    wanted = Wanted("therapist", "77", FacilityId(new_id(now)), DoctorId(new_id(now)))
    want(manager, wanted)
    manager.dialog_data[MOVES] = "kept"
    assert wanted_of(manager) == wanted
    choose(manager, "speciality", "dentist")
    assert wanted_of(manager) == Wanted("dentist", "77")
    assert manager.dialog_data[MOVES] == "kept"


def test_there_is_no_slip_before_the_clinic_has_answered() -> None:
    manager, booked = standing_at(), samples.booked()
    assert f"Талон № {booked.booking.number}" in slip_text(booked, samples.NOW, manager)
    asked = slip_text(replace(booked, asked=True), samples.NOW, manager)
    assert booked.booking.number not in asked
    assert "Иванова Мария Петровна" in asked
