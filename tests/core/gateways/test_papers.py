"""Papers: conformant, repeatable, readable in every script, inert whatever they are told; signed, and found out when changed."""

import asyncio
import io
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pikepdf
import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from bot.words import GettextWording
from core.gateways.papers import PadesReader, PadesSigner, TypstPapers
from core.ports import Grid, Paper, Paragraph, Soundness
from core.security.keyring import KeyRingBroken
from core.security.signing import FILE, FileSigningKey

MOSCOW = timezone(timedelta(hours=3))
PAPER = Paper(
    language="ru",
    title="Выписка из истории болезни",
    dated=datetime(2026, 11, 23, 12, 30, 5, 123456, tzinfo=MOSCOW),
    issuer="Медкарта",
    facts=[("Пациент", "Ильина Анна Сергеевна")],
    body=[Grid(["Дата", "Врач", "Диагноз"], [("01.02.2026", "Петров", "J06.9")], (1, 2, 3), "Посещения")],
    note="Сведения взяты из медкарты.",
    number="2611-7342-8569",
    verify_url="https://medkarta.example.org/verify/0f8fad5bd9cb469fa16500",
    signed_by="Медкарта",
)


@pytest.fixture(scope="module")
def papers() -> Iterator[TypstPapers]:
    press = TypstPapers(GettextWording())
    yield press
    press.close()


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> FileSigningKey:
    return FileSigningKey.open(tmp_path_factory.mktemp("ring") / "keys")


@pytest.fixture
def reader(key: FileSigningKey) -> PadesReader:
    return PadesReader(key)


def text_of(pdf: bytes) -> str:
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    return "\n".join(pages).replace("\u200b", "").replace("\xa0", " ")


def is_pdfa_2b(pdf: bytes) -> bool:
    """Look at what can be looked at without a validator: intent, metadata, embedded fonts, no scripts, no encryption."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert opened.open_metadata().pdfa_status == "2B"
        (intent,) = opened.Root.OutputIntents
        assert intent.S == "/GTS_PDFA1"
        assert "/DestOutputProfile" in intent
        assert not opened.is_encrypted
        assert not {"/OpenAction", "/AA", "/Names"} & set(opened.Root.keys())
        fonts = [thing for thing in opened.objects if isinstance(thing, pikepdf.Dictionary) and "/FontName" in thing]
        assert fonts
        assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(font.keys()) for font in fonts)
        for page in opened.pages:
            for note in page.get("/Annots", []):
                assert int(note.F) & 0b10 == 0  # not hidden
                assert int(note.F) & 0b100  # printed
    return True


async def test_a_paper_is_pdfa_and_says_what_it_was_told(papers: TypstPapers) -> None:
    pdf = await papers.pdf(PAPER)
    assert is_pdfa_2b(pdf)
    told = text_of(pdf)
    for words in ("Ильина Анна Сергеевна", "№ 2611-7342-8569", "23 ноября 2026", "стр. 1 из 1", "J06.9", "Посещения"):
        assert words in told
    english = text_of(await papers.pdf(replace(PAPER, language="en")))
    assert "page 1 of 1" in english
    assert "23 November 2026" in english


async def test_the_same_paper_is_the_same_bytes(papers: TypstPapers) -> None:
    first, _, again = [await papers.pdf(each) for each in (PAPER, replace(PAPER, title="Другая"), PAPER)]
    assert first == again


async def test_a_table_over_pages_repeats_its_headings_and_counts_its_pages(papers: TypstPapers) -> None:
    rows = [(f"{number:03}", "Петров Пётр Петрович", "J06.9 Острая инфекция") for number in range(150)]
    pdf = await papers.pdf(replace(PAPER, body=[Grid(["Дата", "Врач", "Диагноз"], rows, (1, 2, 3), "Посещения")]))
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    assert len(pages) > 3
    for number, page in enumerate(pages, 1):
        assert f"стр. {number} из {len(pages)}" in page.replace("\xa0", " ")
        assert ("Диагноз" in page) is any(row[0] in page for row in rows)
    assert all(any(row[0] in page for page in pages) for row in rows)


async def test_names_of_300_letters_wrap_and_stay_on_the_page(papers: TypstPapers) -> None:
    long = "Щ" * 300
    pdf = await papers.pdf(
        replace(
            PAPER,
            title=long,
            issuer=long,
            facts=[(long, long)],
            body=[Grid([long] * 4, [[long] * 4], (), long), Paragraph(long)],
            signed_by=long,
        )
    )
    assert is_pdfa_2b(pdf)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        right = float(opened.pages[0].mediabox[2])
    places = []
    for page in pypdf.PdfReader(io.BytesIO(pdf)).pages:
        page.extract_text(visitor_text=lambda text, cm, tm, font, size: places.append(float(tm[4])) if text else None)
    assert max(places) < right - 20
    assert text_of(pdf).replace("\n", "").count("Щ") >= 300 * 12


async def test_a_word_is_torn_only_where_it_is_wider_than_its_column(papers: TypstPapers) -> None:
    word = "(аспартатаминотрансфераза)"
    rows = [[f"{'й' * before} {word}", "5"] for before in range(1, 19)]
    wide, narrow = [text_of(await papers.pdf(replace(PAPER, body=[Grid(["", ""], rows, (1, n))]))) for n in (1, 9)]
    assert (wide.count(word), narrow.count(word), narrow.count(word[:6])) == (18, 0, 18)


async def test_the_address_to_verify_at_can_be_pressed_and_copied(papers: TypstPapers) -> None:
    pdf = await papers.pdf(PAPER)
    assert PAPER.verify_url in text_of(pdf)
    links = [each.get_object()["/A"]["/URI"] for each in pypdf.PdfReader(io.BytesIO(pdf)).pages[-1]["/Annots"]]
    assert set(links) == {PAPER.verify_url}


async def test_right_to_left_and_unknown_scripts_are_printed(papers: TypstPapers) -> None:
    told = "محمد بن سلمان שלום עולם 漢字 😀 ქართული हिन्दी"
    pdf = await papers.pdf(replace(PAPER, facts=[("Имя", told)], language="en"))
    assert is_pdfa_2b(pdf)
    assert {"م", "ש", "漢", "😀"} <= set(text_of(pdf))


HOSTILE = '#import "@preview/x:1" #read("/etc/passwd") $x$ *b* _i_ `raw` <label> @ref = h // c \\ #panic() [ ] { } "'


async def test_what_it_is_told_is_never_run(papers: TypstPapers) -> None:
    pdf = await papers.pdf(
        replace(
            PAPER,
            title=HOSTILE,
            facts=[(HOSTILE, HOSTILE)],
            body=[Grid([HOSTILE], [[HOSTILE]], (), HOSTILE), Paragraph(HOSTILE, HOSTILE)],
            number=HOSTILE,
            note=HOSTILE,
            signed_by=HOSTILE,
        )
    )
    told = text_of(pdf).replace("\n", " ")
    assert '#read("/etc/passwd")' in told
    assert "root:" not in told


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(max_size=120))
async def test_any_words_make_a_paper(papers: TypstPapers, words: str) -> None:
    pdf = await papers.pdf(replace(PAPER, facts=[(words, words)], body=[Paragraph(words), Grid(["a"], [[words]])]))
    assert pdf.startswith(b"%PDF-1.7")


async def test_a_table_whose_rows_do_not_fit_it_is_a_fault_of_ours(papers: TypstPapers) -> None:
    with pytest.raises(ValueError, match="as many cells"):
        await papers.pdf(replace(PAPER, body=[Grid(["a", "b"], [["a"]])]))


async def test_a_signed_paper_stays_conformant_and_is_found_genuine(
    papers: TypstPapers, key: FileSigningKey, reader: PadesReader
) -> None:
    pdf = await papers.pdf(PAPER)
    signed = await PadesSigner(key).sign(pdf, "Выписка")
    assert signed.startswith(pdf)
    assert is_pdfa_2b(signed)
    with pikepdf.open(io.BytesIO(signed)) as opened:
        (field,) = opened.Root.AcroForm.Fields
        assert field.V.SubFilter == "/ETSI.CAdES.detached"
    assert await reader.soundness(signed) is Soundness.GENUINE


async def test_every_changed_byte_is_found_out(papers: TypstPapers, key: FileSigningKey, reader: PadesReader) -> None:
    signed = await PadesSigner(key).sign(await papers.pdf(PAPER), "Выписка")
    # The signature's own place is the one part that it cannot cover; there the hash tells (`core.services.extract.verifying`).
    gap = signed.index(b"/Contents <")
    for place in (9, len(signed) // 3, gap - 40, signed.index(b"/ByteRange") + 15, len(signed) - 30):
        changed = bytearray(signed)
        changed[place] ^= 1
        assert await reader.soundness(bytes(changed)) is not Soundness.GENUINE, place


async def test_what_is_added_after_the_signature_is_found_out(
    papers: TypstPapers, key: FileSigningKey, reader: PadesReader
) -> None:
    signed = await PadesSigner(key).sign(await papers.pdf(PAPER), "Выписка")
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    writer.root["/Note"] = generic.pdf_string("hello")
    writer.update_root()
    added = io.BytesIO()
    writer.write(added)
    for changed in (added.getvalue(), signed + b"\n% more\n", signed[:-100]):
        assert await reader.soundness(changed) is Soundness.CHANGED


async def test_a_second_signature_by_somebody_else_changes_the_paper(
    papers: TypstPapers, key: FileSigningKey, reader: PadesReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed = await PadesSigner(key).sign(await papers.pdf(PAPER), "Выписка")
    monkeypatch.setattr("core.gateways.papers.signing.FIELD", "Another")
    twice = await PadesSigner(FileSigningKey.open(tmp_path / "other")).sign(signed, "Чужое")
    assert await reader.soundness(twice) is Soundness.CHANGED


async def test_somebody_elses_paper_is_foreign_and_rubbish_is_unreadable(
    papers: TypstPapers, reader: PadesReader, tmp_path: Path
) -> None:
    pdf = await papers.pdf(PAPER)
    theirs = await PadesSigner(FileSigningKey.open(tmp_path / "other")).sign(pdf, "Выписка")
    assert await reader.soundness(theirs) is Soundness.FOREIGN
    assert await reader.soundness(pdf) is Soundness.FOREIGN
    for rubbish in (b"", b"hello", b"%PDF-1.7", b"%PDF-1.7\n" + os.urandom(2000), b"\0" * 5000, pdf[:3000]):
        assert await reader.soundness(rubbish) is Soundness.UNREADABLE


def bomb(own: bytes) -> bytes:
    """Return a PDF whose form has 2^60 fields: each of 60 has the next one twice. Our certificate lies in it."""
    chain = [f"<< /T (n) /Kids [{number} 0 R {number} 0 R] >>" for number in range(4, 64)]
    objects = [
        "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [3 0 R] >> >>",
        "<< /Type /Pages /Kids [] /Count 0 >>",
    ]
    body, places = b"%PDF-1.7\n%" + own.hex().encode() + b"\n", []
    for number, each in enumerate([*objects, *chain, "<< /T (n) /FT /Tx >>"], 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{each}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(places) + 1
    tail = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + tail.encode()


def running() -> list[str]:
    """Return the programs that this one has started and that still run."""
    return [word for path in Path("/proc/self/task").glob("*/children") for word in path.read_text().split()]


async def test_a_file_made_to_be_slow_is_given_up_and_its_program_is_gone(
    papers: TypstPapers, key: FileSigningKey
) -> None:
    before = running()
    impatient, hostile = PadesReader(key, seconds=6.0), bomb(key.certificate)
    outcomes = await asyncio.gather(*(impatient.soundness(hostile) for _ in range(3)))
    assert outcomes == [Soundness.UNREADABLE] * 3
    assert running() == before
    signed = await PadesSigner(key).sign(await papers.pdf(PAPER), "Выписка")
    assert await PadesReader(key, seconds=120.0).soundness(signed) is Soundness.GENUINE


async def test_what_cannot_be_ours_is_not_parsed_at_all(key: FileSigningKey, monkeypatch: pytest.MonkeyPatch) -> None:
    async def no_program(*_: object, **__: object) -> None:
        pytest.fail("a stranger's file was parsed")

    monkeypatch.setattr(asyncio, "create_subprocess_exec", no_program)
    assert await PadesReader(key).soundness(bomb(b"nobody")) is Soundness.FOREIGN


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    first = FileSigningKey.open(tmp_path / "keys")
    assert FileSigningKey.open(tmp_path / "keys").certificate == first.certificate
    assert (tmp_path / "keys" / FILE).stat().st_mode & 0o777 == 0o600
    (tmp_path / "keys" / FILE).chmod(0o644)
    with pytest.raises(KeyRingBroken, match="open to other users"):
        FileSigningKey.open(tmp_path / "keys")


def test_a_damaged_key_says_what_to_do(tmp_path: Path) -> None:
    FileSigningKey.open(tmp_path / "keys")
    path = tmp_path / "keys" / FILE
    whole = path.read_bytes()
    FileSigningKey.open(tmp_path / "others")
    stranger = (tmp_path / "others" / FILE).read_bytes()
    certificate = stranger[stranger.index(b"-----BEGIN CERTIFICATE") :]
    for broken in (b"", b"rubbish", whole[: whole.index(b"-----BEGIN CERTIFICATE")] + certificate):
        path.write_bytes(broken)
        with pytest.raises(KeyRingBroken, match="put it back"):
            FileSigningKey.open(tmp_path / "keys")
