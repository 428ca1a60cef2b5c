"""The public page of a slip: whether it stands, and no more of its owner than a desk needs; guessing is of no use."""

from dataclasses import replace

import pytest

from core.domain.booking import BookingState
from tests.api.appointments import DOCTOR, FACILITY, appointment, ends
from tests.api.office import Office

STRICT = {"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"}


async def test_the_page_shows_number_time_doctor_room_and_initials_and_never_more(office: Office):
    booking = await appointment(office)
    async with office.browser() as anybody:
        answer = await anybody.get(f"/slip/{booking.token}")
    assert answer.status_code == 200
    for words in (
        "Запись действует",
        booking.number,
        f"{booking.wall.at:%H:%M}".lstrip("0"),
        "Иванцова",
        "214",
        "И. А. С.",
    ):
        assert words in answer.text, words
    secrets = ("Ильина", "Сергеевна", "сихиатр", "psychiatr", FACILITY.name, FACILITY.address, str(booking.account))
    assert not [each for each in secrets if each in answer.text]


async def test_nobody_keeps_the_page_frames_it_or_finds_it_by_a_search(office: Office):
    booking = await appointment(office)
    async with office.browser() as anybody:
        for place in (booking.token, "y" * 43):
            headers = (await anybody.get(f"/slip/{place}")).headers
            assert set(headers["content-security-policy"].split("; ")) >= STRICT
            assert "noindex" in headers["x-robots-tag"]
            assert headers["cache-control"] == "no-store"
            assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (BookingState.CANCELLED, "Запись отменена"),
        (BookingState.MOVED, "Запись перенесена"),
        (BookingState.CALLED_OFF, "Запись отменила клиника"),
    ],
)
async def test_a_slip_that_does_not_stand_says_so(office: Office, state: BookingState, words: str):
    booking = await appointment(office)
    await ends(office, booking, state)
    async with office.browser() as anybody:
        answer = await anybody.get(f"/slip/{booking.token}")
    assert words in answer.text
    assert "Запись действует" not in answer.text


async def test_one_whose_time_is_past_says_so(office: Office):
    booking = await appointment(office)
    office.clock.passes(hours=30)
    async with office.browser() as anybody:
        assert "Время приёма прошло" in (await anybody.get(f"/slip/{booking.token}")).text


async def test_codes_are_not_guessed_and_guessing_is_slow(office: Office):
    booking = await appointment(office)
    guesses = ("x" * 43, "nothing", "%00", "a" * 500, booking.token[:-1], booking.token.swapcase(), booking.number)
    async with office.browser() as anybody:
        for token in guesses:
            answer = await anybody.get(f"/slip/{token}")
            assert answer.status_code == 404
            assert "Такого талона нет" in answer.text
        for _ in range(60):
            last = await anybody.get(f"/slip/{'y' * 43}")
        assert last.status_code == 429
        assert int(last.headers["retry-after"]) > 0
        assert "Слишком часто" in last.text
        # Papers and slips are counted together; the right code helps nobody who has guessed so often.
        assert (await anybody.get(f"/verify/{'y' * 22}")).status_code == 429
        assert (await anybody.get(f"/slip/{booking.token}")).status_code == 429
        office.clock.passes(minutes=6)
        assert (await anybody.get(f"/slip/{booking.token}")).status_code == 200


async def test_it_speaks_english_and_words_of_a_clinic_are_only_words(office: Office):
    booking = await appointment(office, replace(DOCTOR, name="<script>alert(1)</script>", room="<b>2</b>"))
    async with office.browser() as anybody:
        answer = await anybody.get(f"/slip/{booking.token}", headers={"Accept-Language": "en"})
    assert "The appointment stands" in answer.text
    assert "<script>alert" not in answer.text
    assert "<b>2</b>" not in answer.text
