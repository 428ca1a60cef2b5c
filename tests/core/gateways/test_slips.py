"""Slips on paper and as pictures: everything a desk asks for, whole in every script, and never valid when they are not."""

import io
from collections.abc import Iterator
from dataclasses import replace

import pypdf
import pytest
from PIL import Image

from bot.words import GettextWording, say
from core.domain.booking import SlipState, initials
from core.domain.chat import LANGUAGES
from core.domain.schedule import Doctor
from core.domain.speciality import PREPARED, SPECIALITIES
from core.gateways.papers import TypstPapers
from core.ports import Paper
from tests.core.gateways.slips import DOCTOR, PAGE, SLIP, TOKEN, WRITER, drawn, ended, modules_of
from tests.core.gateways.test_papers import is_pdfa_2b, text_of


@pytest.fixture(scope="module")
def papers() -> Iterator[TypstPapers]:
    press = TypstPapers(GettextWording())
    yield press
    press.close()


async def printed(papers: TypstPapers, paper: Paper) -> str:
    pdf = await papers.pdf(paper)
    assert is_pdfa_2b(pdf)
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) == 1
    return text_of(pdf)


async def test_a_slip_says_all_that_a_desk_asks_for_on_one_page(papers: TypstPapers) -> None:
    told = await printed(papers, WRITER.paper(SLIP, "ru"))
    for words in (
        "Электронный талон", "K7QX-3M2A", "9:40", "вторник, 1 декабря 2026", "время местное, Екатеринбург", "214",
        "Иванцова Анна Петровна", "Сдать кровь", "Поликлиника № 3", "ул. Мира, 5", "Ильина Мария Сергеевна",
        "Приходите натощак", "Возьмите маленькую бутылку воды",
    ):  # fmt: skip
        assert words in told.replace("\n", " "), words
    english = await printed(papers, WRITER.paper(SLIP, "en"))
    for words in ("Appointment slip", "Tuesday, 1 December 2026", "local time, Yekaterinburg", "empty stomach"):
        assert words in english.replace("\n", " "), words


async def test_the_code_on_the_picture_leads_to_the_page_of_this_slip(papers: TypstPapers) -> None:
    png = await papers.png(WRITER.paper(SLIP, "ru"))
    picture = Image.open(io.BytesIO(png))
    assert picture.width == 1080
    # What Telegram takes as a photo: sides of 10,000 together, none twenty times the other.
    assert picture.width + picture.height < 10_000
    url = f"https://medkarta.example.org/slip/{TOKEN}"
    assert PAGE.of(TOKEN) == url
    assert modules_of(png, url) == drawn(url)


@pytest.mark.parametrize(
    ("state", "stamp"),
    [
        (SlipState.CANCELLED, "Запись отменена"),
        (SlipState.CALLED_OFF, "Клиника отменила этот приём"),
        (SlipState.MOVED, "Запись перенесена на другое время"),
        (SlipState.OVER, "Время приёма прошло"),
    ],
)
async def test_a_slip_that_does_not_stand_says_so_and_asks_nobody_to_prepare(
    papers: TypstPapers, state: SlipState, stamp: str
) -> None:
    told = (await printed(papers, WRITER.paper(ended(state), "ru"))).replace("\n", " ")
    assert stamp in told
    assert "Как подготовиться" not in told
    assert "Запись" not in await printed(papers, WRITER.paper(SLIP, "ru"))


async def test_names_of_300_letters_wrap_and_stay_on_the_slip(papers: TypstPapers) -> None:
    long = "Щ" * 300
    facility = replace(SLIP.choice.facility, name=long, address=long)
    doctor = replace(DOCTOR, name=long, room=long, note=long)
    slip = replace(SLIP, name=long, choice=replace(SLIP.choice, facility=facility, doctor=doctor))
    pdf = await papers.pdf(WRITER.paper(slip, "ru"))
    assert is_pdfa_2b(pdf)
    (page,) = pypdf.PdfReader(io.BytesIO(pdf)).pages
    places: list[float] = []
    page.extract_text(
        visitor_text=lambda text, cm, tm, font, size: places.append(float(tm[4])) if text.strip() else None
    )
    assert max(places) < float(page.mediabox.right) - 10
    assert text_of(pdf).count("Щ") == 300 * 6


async def test_right_to_left_names_are_printed(papers: TypstPapers) -> None:
    told = await printed(papers, WRITER.paper(replace(SLIP, name="محمد بن سلمان שלום"), "en"))
    assert {"م", "ש"} <= set(told)
    assert initials("محمد بن سلمان") == "م. ب. س."


async def test_words_of_a_clinic_are_never_run(papers: TypstPapers) -> None:
    hostile = '#read("/etc/passwd") $x$ *b* <label> @ref'
    doctor = Doctor(DOCTOR.id, DOCTOR.facility, hostile, "therapist", hostile, hostile)
    told = await printed(papers, WRITER.paper(replace(SLIP, choice=replace(SLIP.choice, doctor=doctor)), "ru"))
    assert '#read("/etc/passwd")' in told
    assert "root:" not in told


async def test_a_paper_that_is_no_slip_is_no_picture(papers: TypstPapers) -> None:
    with pytest.raises(ValueError, match="no picture"):
        await papers.png(replace(WRITER.paper(SLIP, "ru"), banner=None))


async def test_the_same_slip_is_the_same_bytes(papers: TypstPapers) -> None:
    first, again = [await papers.pdf(WRITER.paper(SLIP, "ru")) for _ in range(2)]
    assert first == again


def test_what_one_prepares_for_is_a_speciality_and_has_words() -> None:
    assert set(SPECIALITIES) >= PREPARED
    for language in LANGUAGES:
        assert all(len(say(f"prepare.{code}", language)) < 300 for code in PREPARED)


def test_a_name_is_shown_by_its_letters_alone() -> None:
    assert initials("Ильина Мария Сергеевна") == "И. М. С."
    assert initials("Щ" * 300) == "Щ."
    assert initials("") == ""
    assert initials(" ".join(["Анна"] * 50)) == "А. А. А. А."
