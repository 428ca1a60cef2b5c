"""Codes, passwords, authenticators and blind indexes."""

import hmac
import time
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st
from pyotp import TOTP

from core.security.blind import KeyedIndexes
from core.security.codes import KeyedCodes
from core.security.keyring import KeyRing
from core.security.passwords import Argon2Passwords
from core.security.totp import PyotpTotp

NOW = datetime(2026, 11, 23, 12, 0, 10, tzinfo=UTC)
LIGHT = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


def test_a_code_has_six_digits_and_matches_itself_alone(keyring: KeyRing) -> None:
    codes = KeyedCodes(keyring)
    code = codes.fresh()
    assert len(code) == 6
    assert code.isdigit()
    digest = codes.digest(code, salt=b"challenge 1")
    assert len(digest) == 32
    assert codes.matches(code, digest, salt=b"challenge 1")
    assert not codes.matches(code, digest, salt=b"challenge 2")
    assert not codes.matches(f"{(int(code) + 1) % 1_000_000:06d}", digest, salt=b"challenge 1")
    assert not codes.matches("", digest, salt=b"challenge 1")


def test_codes_are_spread_over_all_six_digits(keyring: KeyRing) -> None:
    codes = KeyedCodes(keyring)
    seen = {codes.fresh() for _ in range(2000)}
    assert len(seen) > 1980
    assert {code[0] for code in seen} == set("0123456789")


@given(salt=st.binary(min_size=1, max_size=20), code=st.text("0123456789", min_size=6, max_size=6))
def test_salt_and_code_do_not_run_together(keyring: KeyRing, salt: bytes, code: str) -> None:
    codes = KeyedCodes(keyring)
    assert codes.digest(code, salt=salt) != codes.digest(salt[-1:].decode("latin-1") + code, salt=salt[:-1])


def test_a_token_has_256_bits_and_fits_a_url(keyring: KeyRing) -> None:
    token = KeyedCodes(keyring).token()
    assert len(token) == 43
    assert token.replace("-", "").replace("_", "").isalnum()


def test_a_blind_index_depends_on_the_field_the_value_and_the_ring(keyring: KeyRing) -> None:
    indexes = KeyedIndexes(keyring)
    snils = indexes.of("snils", "11223344595")
    assert len(snils) == 32
    assert snils == KeyedIndexes(keyring).of("snils", "11223344595")
    assert len({snils, indexes.of("inn", "11223344595"), indexes.of("snils", "11223344596")}) == 3
    assert snils != hmac.digest(b"", b"11223344595", "sha256")


async def test_a_password_matches_its_own_hash_alone() -> None:
    passwords = Argon2Passwords(LIGHT)
    hashed = await passwords.hash("верная лошадь")
    assert hashed.startswith("$argon2id$")
    assert await passwords.matches("верная лошадь", hashed)
    assert not await passwords.matches("верная лошадка", hashed)
    assert await passwords.hash("верная лошадь") != hashed


async def test_a_password_typed_on_another_keyboard_is_the_same_password() -> None:
    passwords = Argon2Passwords(LIGHT)
    assert await passwords.matches("ё\u0439", await passwords.hash("е\u0308и\u0306"))


async def test_an_unknown_login_takes_as_long_as_a_wrong_password() -> None:
    passwords = Argon2Passwords(PasswordHasher(time_cost=2, memory_cost=16 * 1024, parallelism=1))
    hashed = await passwords.hash("верная лошадь")

    async def seconds(stored: str | None) -> float:
        tries = []
        for _ in range(5):
            # Of the processor: others who want it too make a try no dearer.
            start = time.process_time()
            assert not await passwords.matches("неверная", stored)
            tries.append(time.process_time() - start)
        return min(tries)

    known, unknown = await seconds(hashed), await seconds(None)
    assert unknown > known / 3


async def test_nobody_gets_in_without_a_hash() -> None:
    passwords = Argon2Passwords(LIGHT)
    assert not await passwords.matches("", None)


@pytest.mark.parametrize(("seconds", "drift"), [(-30, -1), (0, 0), (30, 1)])
def test_an_authenticator_may_be_one_step_off(seconds: int, drift: int) -> None:
    totp = PyotpTotp()
    secret = totp.fresh_secret()
    code = TOTP(secret).at(NOW + timedelta(seconds=seconds))
    assert totp.step(secret, code, NOW) == int(NOW.timestamp()) // 30 + drift


@pytest.mark.parametrize("seconds", [-60, 60, 3600])
def test_an_authenticator_two_steps_off_is_wrong(seconds: int) -> None:
    totp = PyotpTotp()
    code = TOTP("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP").at(NOW + timedelta(seconds=seconds))
    assert totp.step("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", code, NOW) is None


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "12 34", "-12345"])
def test_what_is_not_six_digits_is_wrong(code: str) -> None:
    assert PyotpTotp().step("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", code, NOW) is None


def test_a_code_may_be_typed_with_a_space_in_the_middle() -> None:
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    code = TOTP(secret).at(NOW)
    assert PyotpTotp().step(secret, f" {code[:3]}\u00a0{code[3:]}", NOW) is not None


def test_the_test_vector_of_rfc_6238_holds() -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert PyotpTotp().step(secret, "287082", datetime.fromtimestamp(59, UTC)) == 1


def test_the_address_for_an_authenticator_names_the_product_and_the_login() -> None:
    uri = PyotpTotp("Medkarta").uri("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "reviewer")
    assert uri.startswith("otpauth://totp/Medkarta:reviewer?")
    assert "secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" in uri
