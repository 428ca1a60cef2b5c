"""Keys of doctors at the desk: registered by an administrator alone, compared by their fingerprints."""

from collections.abc import AsyncIterator

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from core.domain.actor import Role
from tests.api.office import Browser, Office, problem

PLACE = "/api/v1/staff-keys"
KEY = Ed25519PrivateKey.generate()


def public(key: Ed25519PrivateKey | rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey = KEY) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def private() -> str:
    return KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.fixture
async def chief(office: Office) -> AsyncIterator[Browser]:
    """An administrator at the desk, with a doctor and a nurse on the staff."""
    await office.hires("igor", Role.ADMINISTRATOR)
    await office.hires("petrova", Role.DOCTOR, name="Петрова <b>Анна</b>")
    await office.hires("nina", Role.NURSE, name="Нина")
    async with office.browser() as browser:
        browser.headers["X-CSRF-Token"] = await browser.sits(office, "igor")
        yield browser


async def test_an_administrator_registers_a_key_on_the_page(chief: Browser) -> None:
    page = (await chief.get("/desk/keys")).text
    assert "Ключа пока нет" in page
    assert "Петрова &lt;b&gt;Анна" in page
    assert "Нина" not in page
    form = {"csrf": await chief.secret_on("/desk/keys"), "login": "petrova"}
    wrong = await chief.post("/desk/keys", data=form | {"pem": "<i>no key</i>"})
    assert wrong.status_code == 422
    assert "BEGIN PUBLIC KEY" in wrong.text
    assert "&lt;i&gt;no key" in wrong.text
    done = await chief.post("/desk/keys", data=form | {"pem": public()})
    assert done.status_code == 303
    (listed,) = (await chief.get(PLACE)).json()
    page = (await chief.get(done.headers["location"])).text
    assert "Ключ зарегистрирован" in page
    assert listed["fingerprint"] in page


async def test_the_same_key_twice_is_once_and_a_new_one_takes_its_place(chief: Browser) -> None:
    first = await chief.post(PLACE, json={"login": "petrova", "pem": public()})
    again = await chief.post(PLACE, json={"login": "petrova", "pem": public()})
    assert first.json() == again.json()
    other = await chief.post(PLACE, json={"login": "petrova", "pem": public(Ed25519PrivateKey.generate())})
    (listed,) = (await chief.get(PLACE)).json()
    assert listed["fingerprint"] == other.json()["fingerprint"] != first.json()["fingerprint"]


@pytest.mark.parametrize(
    ("login", "pem", "name"),
    [
        ("petrova", "", "bad-key"),
        ("petrova", private(), "bad-key"),
        ("petrova", public(ec.generate_private_key(ec.SECP256R1())), "bad-key"),
        ("petrova", public(rsa.generate_private_key(65537, 2048)), "bad-key"),
        ("nina", public(), "not-a-signer"),
        ("igor", public(), "not-a-signer"),
        ("nobody", public(), "no-such-member"),
        ("\0", public(), "no-such-member"),
    ],
)
async def test_what_cannot_sign_is_not_registered(chief: Browser, login: str, pem: str, name: str) -> None:
    refused = await chief.post(PLACE, json={"login": login, "pem": pem})
    assert problem(refused, 422).endswith(name)
    (listed,) = (await chief.get(PLACE)).json()
    assert listed["fingerprint"] is None


@pytest.mark.parametrize("login", ["petrova", "nina"])
async def test_nobody_else_registers_keys_not_even_their_own(office: Office, chief: Browser, login: str) -> None:
    async with office.browser() as other:
        other.headers["X-CSRF-Token"] = await other.sits(office, login)
        assert problem(await other.post(PLACE, json={"login": "petrova", "pem": public()}), 403).endswith(
            "role-refused"
        )
        assert (await other.get("/desk/keys")).status_code == 403
    forged = await chief.post(PLACE, json={"login": "petrova", "pem": public()}, headers={"X-CSRF-Token": "x"})
    assert problem(forged, 403).endswith("form-refused")
    (listed,) = (await chief.get(PLACE)).json()
    assert listed["fingerprint"] is None
