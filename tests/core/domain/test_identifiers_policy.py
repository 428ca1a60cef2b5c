"""Полис ОМС in its three forms."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.identifiers import InvalidPolicy, PolicyKind, PolicyNumber
from tests.strategies import enp, enp_written, old_policies, temporary_policies

ENP = "7754840000000127"


@pytest.mark.parametrize(
    "raw", [ENP, "7754 8400 0000 0127", "ЕНП 7754-8400-0000-0127", "полис ОМС № 7754840000000127", "77548400000OO127"]
)
def test_a_single_number_is_read(raw: str) -> None:
    value = PolicyNumber.parse(raw)
    assert (value.kind, value.series, value.canonical) == (PolicyKind.SINGLE, None, ENP)
    assert str(value) == "7754 8400 0000 0127"
    assert value.masked == "•••• •••• •••• 0127"
    assert repr(value) == "PolicyNumber(…)"


@pytest.mark.parametrize(
    "raw",
    [
        "123456 1234567890",
        "123456 № 1234567890",
        "серия 123456 номер 1234567890",
        "123456-1234567890",
        "123456№1234567890",
    ],
)
def test_an_old_policy_is_read_with_its_series(raw: str) -> None:
    value = PolicyNumber.parse(raw)
    assert (value.kind, value.series, value.number) == (PolicyKind.OLD, "123456", "1234567890")
    assert str(value) == "123456 № 1234567890"
    assert value.masked == "•••••7890"


def test_the_series_may_be_typed_apart() -> None:
    assert PolicyNumber.parse("1234567890", series="123456") == PolicyNumber.parse("123456 1234567890")
    assert PolicyNumber.parse("№ 1234567890", series="МС-3").series == "МС-3"
    assert PolicyNumber.parse(ENP, series=" ").kind is PolicyKind.SINGLE


def test_a_temporary_certificate_is_nine_digits() -> None:
    value = PolicyNumber.parse("123 456 789")
    assert (value.kind, value.canonical, str(value)) == (PolicyKind.TEMPORARY, "123456789", "123 456 789")


@pytest.mark.parametrize(
    ("raw", "series", "key"),
    [
        ("", None, "policy.empty"),
        ("полис", None, "policy.empty"),
        ("1" * 5000, None, "policy.too_long"),
        ("1", "1" * 5000, "policy.too_long"),
        ("в кармане", None, "policy.not_digits"),
        ("775484000000012", None, "policy.wrong_length"),
        ("7754840000000128", None, "policy.check_digit"),
        ("0000000000000000", None, "policy.zeros"),
        ("000000000", None, "policy.zeros"),
        ("123456 № 0000000000", None, "policy.zeros"),
        ("12345678901 № 123", None, "policy.series_form"),
        ("1234567890", "!", "policy.series_form"),
        ("1234567890", "ОМС", "policy.series_form"),
        ("123456 № " + "1" * 21, None, "policy.number_form"),
        ("123456 №", None, "policy.number_missing"),
    ],
)
def test_the_fault_is_named(raw: str, series: str | None, key: str) -> None:
    with pytest.raises(InvalidPolicy) as caught:
        PolicyNumber.parse(raw, series=series)
    assert caught.value.message_key == key
    assert caught.value.params.get("found") == ("15" if key == "policy.wrong_length" else None)


def test_the_example_is_right() -> None:
    assert PolicyNumber.parse(InvalidPolicy.example).canonical == ENP


@given(st.data())
def test_a_right_single_number_is_read_in_every_writing(data: st.DataObject) -> None:
    digits = data.draw(enp())
    value = PolicyNumber.parse(data.draw(enp_written(digits)))
    assert value.canonical == digits
    assert PolicyNumber.parse(str(value)) == value


@given(old_policies(), st.sampled_from([" ", "\u00a0", " № ", "№", " номер "]))
def test_an_old_policy_survives_every_writing(policy: tuple[str, str], between: str) -> None:
    value = PolicyNumber.parse(between.join(policy))
    assert (value.series, value.number) == policy
    assert PolicyNumber.parse(value.canonical) == PolicyNumber.parse(str(value)) == value


@given(temporary_policies())
def test_a_temporary_certificate_survives(digits: str) -> None:
    assert PolicyNumber.parse(str(PolicyNumber.parse(digits))).canonical == digits


@given(st.text(min_size=1, max_size=12), st.text(min_size=1, max_size=12))
def test_any_series_that_is_taken_reads_back_the_same(series: str, number: str) -> None:
    try:
        value = PolicyNumber.parse(number, series=series)
    except InvalidPolicy:
        return
    assert PolicyNumber.parse(value.canonical) == value


def accepted(digits: str) -> bool:
    try:
        return PolicyNumber.parse(digits).canonical == digits
    except InvalidPolicy:
        return False


@given(enp())
@settings(deadline=None)
def test_one_wrong_digit_is_always_caught(digits: str) -> None:
    for place, other in product(range(16), "0123456789"):
        if digits[place] != other:
            assert not accepted(digits[:place] + other + digits[place + 1 :])


@given(enp())
def test_every_swap_is_caught_but_that_of_0_and_9(digits: str) -> None:
    for place in range(15):
        pair = digits[place : place + 2]
        if pair[0] != pair[1]:
            swapped = digits[:place] + pair[::-1] + digits[place + 2 :]
            assert accepted(swapped) == (set(pair) == {"0", "9"})


def test_of_all_ninety_pairs_luhn_misses_two() -> None:
    doubled = [sum(divmod(2 * digit, 10)) for digit in range(10)]
    missed = {
        (left, right)
        for left, right in product(range(10), repeat=2)
        if left != right and (doubled[left] + right - doubled[right] - left) % 10 == 0
    }
    assert missed == {(0, 9), (9, 0)}
