"""Papers over HTTP: ordered, made while one looks, taken along, mailed, checked by whoever receives them, signed at the desk."""

import hashlib
import io
import re
import time

import httpx
import pikepdf
import pyotp
import pypdf
from PIL import Image

from tests.journeys.applying import signed_in, with_card, with_form
from tests.journeys.desk import own_secrets
from tests.journeys.house import House
from tests.journeys.person import Person, scan, words

RUSSIAN = {"Accept-Language": "ru"}


def patient(person: Person) -> dict[str, object]:
    """Somebody with a card and an authenticator, whose sections are open."""
    citizen = signed_in(person)
    with_card(person, citizen)
    person.say("/security", "одного этого чата мало")
    person.set_up_authenticator()
    return citizen


def ordered(person: Person, kind: str, state: str) -> None:
    """Order a paper with the authenticator's code, and see how far it is."""
    person.say("/documents", "Медицинские документы")
    person.tap("^Заказать документ", "Какой документ нужен")
    person.tap(kind, "За какое время")
    person.tap("^За год", "Для чего нужен документ")
    person.tap("^Работа", "Проверьте заказ")
    person.say(person.totp(), state)


def paper_of(person: Person) -> bytes:
    """Return the PDF that the bot sent last."""
    sent = [each for each in person.messages() if each["from"] == "bot" and each["file"]]
    assert sent[-1]["protected"]
    content: bytes = person.http.get(sent[-1]["file"]["url"]).raise_for_status().content
    return content


def downloaded(person: Person) -> bytes:
    """Wait until the paper is there, and download it."""
    person.wait("Документ готов. Откройте")
    person.tap("^Открыть документы", "Мои документы")
    person.tap("^✅", "Готова и подписана")
    person.tap("^Скачать PDF", "Показывайте только тем, кому доверяете")
    return paper_of(person)


def test_a_paper_is_ordered_taken_along_mailed_and_checked_by_a_stranger(house: House, person: Person) -> None:
    citizen = patient(person)
    ordered(person, "^Выписка из истории", "Заказ принят")
    # The window that waits follows the work by itself.
    person.wait("Готова и подписана")
    pdf = downloaded(person)
    assert pikepdf.open(io.BytesIO(pdf)).open_metadata().pdfa_status == "2B"
    person.wait("Готова и подписана")
    person.tap("^Отправить на почту", "Почта защищена хуже")
    person.tap("^Да, отправить", "уходит на")
    person.letter(str(citizen["email"]), "Документ из медкарты")
    letters = person.http.get("/mail/messages", params={"to": str(citizen["email"])}).json()
    (attached,) = next(each for each in letters if each["subject"] == "Документ из медкарты")["attachments"]
    assert person.http.get(attached["url"]).content == pdf
    stranger = Person.new(house.playground, "Прохожий")
    stranger.upload(pdf, name="vypiska.pdf", expect="подлинный и целый")
    changed = bytearray(pdf)
    changed[len(pdf) // 3] ^= 1
    stranger.upload(bytes(changed), name="vypiska.pdf", expect="изменён после подписания")
    stranger.upload(b"hello", name="vypiska.pdf", expect="не PDF, или файл повреждён")
    assert not any("Ильин" in words(each) for each in stranger.messages())
    person.say("/menu", "Медкарта")
    person.upload(pdf, name="vypiska.pdf", expect="подлинный и целый")


def test_a_doctor_signs_the_certificate_and_its_page_verifies_it(house: House, person: Person) -> None:
    patient(person)
    made = house.command("staff", "add", "petrova", "--name", "Петрова Анна Ивановна", "--role", "doctor")
    assert made.returncode == 0, made.stderr
    password = re.search(r"Password\s+(\S+)", made.stdout)
    secret = re.search(r"\b([A-Z2-7]{32})\b", made.stdout)
    assert password, made.stdout
    assert secret
    totp = pyotp.TOTP(secret.group(1))
    ordered(person, "^Справка о состоянии", "Заказ принят")
    headers = RUSSIAN | {"Origin": house.api}
    with httpx.Client(base_url=f"{house.api}/api/v1", timeout=60, trust_env=False, headers=headers) as desk:
        login = {"login": "petrova", "password": password.group(1), "code": totp.now()}
        signed_in_ = desk.post("/sessions", json=login)
        assert signed_in_.status_code == 201, signed_in_.text
        desk.headers["X-CSRF-Token"] = signed_in_.json()["csrf"]
        totp = own_secrets(desk)
        assert person.until(lambda _chat: bool(desk.get("/extracts").json()))
        (waiting,) = desk.get("/extracts").json()
        body = {"conclusion": "Здоров, ограничений нет.", "code": ""}
        # The step that proved the new key is used up; the one after it is within the drift.
        body["code"] = totp.at(time.time() + 30)
        answer = desk.post(f"/extracts/{waiting['id']}/signature", json=body)
        assert answer.status_code == 204, answer.text
    pdf = downloaded(person)
    with httpx.Client(base_url=house.api, timeout=60, trust_env=False, headers=RUSSIAN) as anybody:
        token = re.search(rb"/verify/([A-Za-z0-9_-]{22})", _texts(pdf))
        assert token
        page = anybody.get(f"/verify/{token.group(1).decode()}")
        assert "Документ с таким номером есть" in page.text
        assert "Справка о состоянии здоровья" in page.text
        same = anybody.post(str(page.url), data={"tail": hashlib.sha256(pdf).hexdigest()[-10:]})
        assert "тот самый файл" in same.text
        assert "Документ подлинный" in same.text


def _texts(pdf: bytes) -> bytes:
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    told = "\n".join(pages).replace("\u200b", "").replace("\n", "")
    assert "Петрова Анна Ивановна" in told
    return told.encode()


def test_a_scan_sent_into_the_form_is_still_a_scan(person: Person) -> None:
    citizen = signed_in(person)
    with_form(person, citizen)
    picture = scan()
    pdf = io.BytesIO()
    Image.open(io.BytesIO(picture)).save(pdf, "PDF")
    person.upload(pdf.getvalue(), name="passport.pdf", expect="Паспорт")
    assert not any("Подписи Медкарты в файле нет" in words(each) for each in person.messages())
