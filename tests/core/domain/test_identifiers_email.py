"""Электронная почта."""

import pytest
from hypothesis import given, settings

from core.domain.identifiers import Email, InvalidEmail
from tests.strategies import emails


@pytest.mark.parametrize(
    ("raw", "canonical", "masked"),
    [
        ("anna@example.org", "anna@example.org", "a•••@example.org"),
        (" <Anna@Example.ORG>. ", "Anna@example.org", "A•••@example.org"),
        ("mailto:anna@example.org", "anna@example.org", "a•••@example.org"),
        ("a@example.org", "a@example.org", "•••@example.org"),
        ("anna–maria@example.org", "anna-maria@example.org", "a•••@example.org"),
        ("anna＠example．org", "anna@example.org", "a•••@example.org"),
        ("анна@почта.рф", "анна@почта.рф", "а•••@почта.рф"),
        ("anna@xn--80a1acny.xn--p1ai", "anna@почта.рф", "a•••@почта.рф"),
    ],
)
def test_an_address_is_read(raw: str, canonical: str, masked: str) -> None:
    value = Email.parse(raw)
    assert value.canonical == str(value) == canonical
    assert value.masked == masked
    assert repr(value) == "Email(…)"
    assert Email.parse(value.canonical) == value


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        ("", "email.empty"),
        ("a" * 5000 + "@example.org", "email.too_long"),
        ("a" * 300 + "@example.org", "email.longer_than"),
        ("anna @example.org", "email.spaces"),
        ("anna.example.org", "email.no_at"),
        ("<>", "email.no_at"),
        ("anna@@example.org", "email.many_at"),
        ("anna@localhost", "email.no_dot"),
        ("аnna@example.org", "email.mixed_letters"),
        ("anna@exаmple.org", "email.mixed_letters"),
        ("@example.org", "email.form"),
        ("anna..maria@example.org", "email.form"),
        ("anna@example..org", "email.form"),
    ],
)
def test_the_fault_is_named(raw: str, key: str) -> None:
    with pytest.raises(InvalidEmail) as caught:
        Email.parse(raw)
    assert caught.value.message_key == key
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@given(emails())
@settings(deadline=None)
def test_an_address_survives(address: str) -> None:
    assert Email.parse(address).canonical == address
    assert Email.parse(f"\u00a0{address}\n") == Email.parse(address)
