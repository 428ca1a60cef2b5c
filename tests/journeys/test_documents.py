"""Scans: in any order, as photo or file, one by one or as an album, replaced, removed, refused, and never readable on the disk."""

import io
from pathlib import Path

import pikepdf

from tests.journeys.applying import signed_in, with_card, with_documents, with_form
from tests.journeys.desk import Desk
from tests.journeys.house import House
from tests.journeys.person import Person, scan, words
from tests.journeys.test_status import name_nobody_else_has

OVER_FIVE_MB = 5 * 1024 * 1024 + 1
MAGIC = (b"\xff\xd8\xff", b"\x89PNG", b"%PDF", b"JFIF")


def pdf(pages: int = 1) -> bytes:
    document, out = pikepdf.new(), io.BytesIO()
    for _ in range(pages):
        document.add_blank_page(page_size=(595, 842))
    document.save(out)
    return out.getvalue()


def at_the_list(person: Person) -> dict[str, str]:
    citizen = signed_in(person, full_name=name_nobody_else_has())
    with_form(person, citizen)
    return citizen


def no_file_stays(person: Person) -> bool:
    return person.until(lambda chat: not any(each["file"] for each in chat))


def test_photo_file_and_pdf_are_taken_in_any_order_by_name_caption_or_button_and_leave_the_chat(
    person: Person, house: House
) -> None:
    at_the_list(person)
    before = set(Path(house.settings["STATE_DIR"]).rglob("*"))
    person.upload(scan(), kind="photo", caption="это прописка", expect="Записали как «Регистрация.*✓ Регистрация")
    person.upload(pdf(2), name="снилс.pdf", expect="Записали как «СНИЛС».*следующий файл запишем как «Паспорт»")
    person.upload(scan(form="PNG"), name="1.png", expect="Записали как «Паспорт».*Всё нужное на месте")
    assert no_file_stays(person)

    files = [each for each in set(Path(house.settings["STATE_DIR"]).rglob("*")) - before if each.is_file()]
    scans = [each.read_bytes() for each in files if "files" in each.parts]
    assert len(scans) == 3
    assert not any(magic in each for each in scans for magic in MAGIC)


def test_an_album_at_once_fills_the_list_and_is_answered_in_one_window(person: Person) -> None:
    at_the_list(person)
    person.upload(scan("1"), scan("2"), scan("3"), kind="photo", expect="Всё нужное на месте")
    assert words(person.last()).count("Файл принят") == 3
    assert person.until(
        lambda chat: [each["from"] == "bot" and "Документы" in words(each) for each in chat].count(True) == 1
    )
    assert no_file_stays(person)


def test_a_scan_taken_for_the_wrong_document_is_renamed_replaced_and_removed(person: Person) -> None:
    at_the_list(person)
    person.upload(scan(), expect="Записали как «Паспорт»")
    person.tap("Это другой документ", "Последний файл записан как «Паспорт»")
    person.tap("СНИЛС", "Записали как «СНИЛС».*Паспорт: ещё нет")
    person.tap("СНИЛС", "СНИЛС: есть.*Прислан.*Чтобы заменить, просто пришлите новый")
    person.upload(scan("new"), expect="Записали как «СНИЛС»")
    person.tap("СНИЛС", "Прислан")
    person.tap("Убрать", "Убрать этот документ")
    person.tap("Да, убрать", "файл убран.*СНИЛС: ещё нет")


def wrong_files() -> list[tuple[bytes, str, str]]:
    """Return what people send by mistake or by malice, and what is said of it."""
    return [
        (b"%PDF-1.4 broken", "паспорт.pdf", "не открывается"),
        (scan()[:400], "паспорт.jpg", "не открывается"),
        (b"MZ" + bytes(4000), "паспорт.jpg", "PDF, JPG или PNG"),
        (b"GIF89a" + bytes(100), "паспорт.jpg", "PDF, JPG или PNG"),
        (b"<html><script>alert(1)</script></html>", "паспорт.pdf", "PDF, JPG или PNG"),
        (scan() + bytes(OVER_FIVE_MB - len(scan())), "паспорт.jpg", "больше 5 МБ"),
        (scan(size=(90, 90)), "паспорт.jpg", "маленькая"),
        (pdf(41), "паспорт.pdf", "страниц"),
    ]


def test_every_wrong_file_gets_its_reason_and_nothing_is_taken(person: Person) -> None:
    at_the_list(person)
    for content, name, fault in wrong_files():
        person.upload(content, name=name, expect=f"«Паспорт».*не подошёл.*{fault}.*Паспорт: ещё нет")
    person.say("вот мой паспорт", "ждём файл или фото документа.*Паспорт: ещё нет")
    person.upload(b"OggS" + bytes(64), kind="voice", name="voice.ogg", expect="не похоже на документ")
    person.upload(scan(), name="паспорт.jpg", expect="✓ Паспорт: есть")


def test_the_disability_certificate_is_offered_only_to_who_asks_for_its_benefits(person: Person) -> None:
    citizen = at_the_list(person)
    assert "инвалидности" not in words(person.last())
    person.tap("Льготы", "Льготы по инвалидности")
    person.tap("Нужны", "Справка об инвалидности: по желанию")
    person.upload(scan(), scan(), scan(), expect="Всё нужное на месте|По желанию")
    person.upload(scan(), expect="Записали как «Справка об инвалидности»")
    told = person.upload(scan(), scan(), scan(), expect="Все документы уже есть")
    assert told.count("Все документы уже есть") == 1
    person.tap("Дальше", "«Согласие")
    person.tap("Согласен", "Справка об инвалидности: есть")
    person.tap("Отправить заявку", "код из SMS")
    person.say(person.code(citizen["phone"]), "медкарта создана")


def test_what_a_reviewer_refuses_is_told_with_the_reason_and_sent_again(person: Person, desk: Desk) -> None:
    citizen = signed_in(person, full_name=name_nobody_else_has())
    with_documents(person, citizen)
    waiting = desk.documents_of(citizen)
    assert set(waiting) == {"passport", "snils", "registration"}
    assert desk.content(waiting["snils"]).startswith(MAGIC[0])

    mark = person.chat()["seq"]
    desk.decide("documents", waiting["passport"], decision="approve")
    desk.decide("documents", waiting["snils"], decision="refuse", reason="Номер не читается")
    person.wait("«СНИЛС»: нужен новый скан", mark)
    person.tap("Сканы", "Паспорт: есть, проверено.*СНИЛС: нужен новый. Причина: Номер не читается")
    person.upload(scan("again"), expect="Записали как «СНИЛС».*Всё нужное на месте")
    assert set(desk.documents_of(citizen)) == {"snils", "registration"}


def test_a_scan_refused_after_the_card_was_made_is_sent_again_too(person: Person, desk: Desk) -> None:
    citizen = signed_in(person, full_name=name_nobody_else_has())
    with_card(person, citizen)
    mark = person.chat()["seq"]
    desk.decide("documents", desk.documents_of(citizen)["passport"], decision="refuse", reason="Фото размыто")
    person.wait("«Паспорт»: нужен новый скан", mark)
    person.tap("Сканы", "Причина: Фото размыто")
    person.upload(scan("again"), expect="Записали как «Паспорт»")
    assert "passport" in desk.documents_of(citizen)
    person.say("/card", "Действует")
