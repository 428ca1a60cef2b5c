"""Адрес регистрации."""

import pytest
from hypothesis import given

from core.domain.identifiers import Address, InvalidAddress
from tests.strategies import addresses


@pytest.mark.parametrize(
    ("raw", "canonical", "masked"),
    [
        ("г. Москва, ул. Лесная, д. 5, кв. 12", "г. Москва, ул. Лесная, д. 5, кв. 12", "г. Москва, •••"),
        ("101000 ,г. Мocква,ул. Лесная, 5", "101000, г. Москва, ул. Лесная, 5", "г. Москва, •••"),
        ("с. Ивановка\nд. 7", "с. Ивановка, д. 7", "с. Ивановка, •••"),
        ("Тверь, ул. XXII съезда, 10A", "Тверь, ул. XXII съезда, 10A", "Тверь, •••"),
        ("ул. Лесная, дом 5/2", "ул. Лесная, дом 5/2", "ул. Лесная, •••"),
        ("Лесная 5 квартира 12", "Лесная 5 квартира 12", "•••"),
    ],
)
def test_an_address_is_read(raw: str, canonical: str, masked: str) -> None:
    value = Address.parse(raw)
    assert value.canonical == str(value) == canonical
    assert value.masked == masked
    assert repr(value) == "Address(…)"
    assert Address.parse(value.canonical) == value


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        (" \n ", "address.empty"),
        ("а" * 5000, "address.too_long"),
        ("а1" * 200, "address.longer_than"),
        ("Москва, 5", "address.too_short"),
        ("Lenina street, 5", "address.latin"),
        ("г. Москва, дом 😀 5", "address.symbols"),
        ("1234567890 12", "address.no_street"),
        ("г. Москва, Лесная улица", "address.no_house"),
        ("101000, г. Москва, Лесная", "address.no_house"),
    ],
)
def test_the_fault_is_named(raw: str, key: str) -> None:
    with pytest.raises(InvalidAddress) as caught:
        Address.parse(raw)
    assert caught.value.message_key == key


@given(addresses())
def test_an_address_survives(address: str) -> None:
    assert Address.parse(address).canonical == address
    assert Address.parse(address.replace(", ", "\n").replace(" ", "\u00a0")).canonical == address
