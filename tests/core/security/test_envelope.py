"""Envelopes: what was sealed opens in its own place, unchanged, and nowhere else."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.security.envelope import Envelope, Place, Tampered, WrappedKey
from core.security.keyring import KeyRing, UnknownKey

ROWS = st.one_of(st.uuids(), st.integers(-(2**63), 2**63 - 1), st.text(max_size=40))
NAMES = st.text(max_size=20)
PLACES = st.builds(Place, NAMES, ROWS, NAMES, st.integers(0, 1000))


@given(place=PLACES, plaintext=st.binary(max_size=200))
def test_what_was_sealed_opens_in_its_place(keyring: KeyRing, place: Place, plaintext: bytes) -> None:
    envelope = Envelope(keyring)
    key, _ = envelope.new_key("account:1")
    assert envelope.open(key, place, envelope.seal(key, place, plaintext)) == plaintext


@given(place=PLACES, other=PLACES, part=st.sampled_from(["table", "row", "column", "version"]))
def test_any_other_place_does_not_open_it(keyring: KeyRing, place: Place, other: Place, part: str) -> None:
    envelope = Envelope(keyring)
    key, _ = envelope.new_key("account:1")
    elsewhere = replace(place, **{part: getattr(other, part)})
    sealed = envelope.seal_text(key, place, "текст")
    if elsewhere != place:
        with pytest.raises(Tampered):
            envelope.open(key, elsewhere, sealed)


@given(first=PLACES, second=PLACES)
def test_no_two_places_are_bound_alike(first: Place, second: Place) -> None:
    assert (first.bound() == second.bound()) == (first == second)


def test_letters_moved_from_one_name_to_the_next_make_another_place() -> None:
    assert Place("as", "", "c").bound() != Place("a", "s", "c").bound()
    assert Place("a", 1, "b1", 2).bound() != Place("a", 1, "b", 12).bound()
    row = UUID(int=7)
    assert len({Place("a", row, "b").bound(), Place("a", str(row), "b").bound(), Place("a", 7, "b").bound()}) == 3


@given(plaintext=st.binary(max_size=40), spot=st.integers(0), bit=st.integers(0, 7))
def test_any_flipped_bit_of_a_sealed_value_is_noticed(keyring: KeyRing, plaintext: bytes, spot: int, bit: int) -> None:
    envelope, place = Envelope(keyring), Place("cards", 1, "allergies")
    key, _ = envelope.new_key("account:1")
    sealed = bytearray(envelope.seal(key, place, plaintext))
    sealed[spot % len(sealed)] ^= 1 << bit
    with pytest.raises(Tampered):
        envelope.open(key, place, bytes(sealed))


@given(spot=st.integers(0, 68), bit=st.integers(0, 7))
def test_any_flipped_bit_of_a_wrapped_key_is_noticed(keyring: KeyRing, spot: int, bit: int) -> None:
    envelope = Envelope(keyring)
    wrapped = bytearray(envelope.new_key("account:1")[1])
    assert len(wrapped) == 69
    wrapped[spot] ^= 1 << bit
    with pytest.raises((Tampered, UnknownKey)):
        envelope.unwrap(WrappedKey(bytes(wrapped)), "account:1")


@given(cut=st.integers(0, 200))
def test_a_shortened_value_is_noticed(keyring: KeyRing, cut: int) -> None:
    envelope, place = Envelope(keyring), Place("cards", 1, "allergies")
    key, wrapped = envelope.new_key("account:1")
    sealed = envelope.seal(key, place, b"x" * 172)
    with pytest.raises(Tampered):
        envelope.open(key, place, sealed[:cut])
    with pytest.raises(Tampered):
        envelope.unwrap(WrappedKey(wrapped[: min(cut, 68)]), "account:1")


def test_a_key_of_one_person_cannot_be_put_in_the_row_of_another(keyring: KeyRing) -> None:
    envelope = Envelope(keyring)
    key, wrapped = envelope.new_key("account:1")
    assert envelope.unwrap(wrapped, "account:1") == key
    with pytest.raises(Tampered):
        envelope.unwrap(wrapped, "account:2")
    with pytest.raises(Tampered):
        envelope.rewrap(wrapped, "account:2")


def test_another_key_does_not_open_it(keyring: KeyRing) -> None:
    envelope, place = Envelope(keyring), Place("cards", 1, "allergies")
    (mine, _), (other, _) = envelope.new_key("account:1"), envelope.new_key("account:2")
    with pytest.raises(Tampered):
        envelope.open(other, place, envelope.seal(mine, place, b"x"))


def test_the_same_text_never_looks_the_same(keyring: KeyRing) -> None:
    envelope, place = Envelope(keyring), Place("cards", 1, "allergies")
    key, _ = envelope.new_key("account:1")
    assert len({envelope.seal_text(key, place, "нет") for _ in range(50)}) == 50


def test_only_so_many_unwrapped_keys_stay_in_memory(keyring: KeyRing) -> None:
    envelope = Envelope(keyring, remember=3)
    wrapped = [envelope.new_key(f"account:{number}")[1] for number in range(10)]
    keys = [envelope.unwrap(one, f"account:{number}") for number, one in enumerate(wrapped)]
    assert len(envelope._known) == 3
    assert envelope.unwrap(wrapped[0], "account:0") == keys[0]
    assert envelope.unwrap(wrapped[9], "account:9") is keys[9]


def test_a_file_of_five_megabytes_is_sealed_whole(keyring: KeyRing) -> None:
    envelope, place = Envelope(keyring), Place("documents", UUID(int=1), "content")
    key, _ = envelope.new_key("document:1")
    content = bytes(5 * 1024 * 1024)
    sealed = envelope.seal(key, place, content)
    assert len(sealed) == len(content) + 29
    assert envelope.open(key, place, sealed) == content
