"""Where people say that they live: by name, by number, with typing errors."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.domain.region import NEAREST, REGIONS, nearest


def codes(typed: str) -> list[str]:
    return [region.code for region in nearest(typed)]


def test_all_subjects_are_there_each_with_a_zone_that_exists():
    assert len(REGIONS) == 89
    assert all(ZoneInfo(region.zone) for region in REGIONS.values())
    assert len({region.name("ru") for region in REGIONS.values()}) == 89


def test_every_subject_is_found_by_its_names_its_capital_and_its_number():
    for region in REGIONS.values():
        for typed in (*region.names.values(), *region.cities.values(), region.code):
            assert codes(typed)[0] == region.code, typed


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("екатиренбург", "66"),
        ("Масква", "77"),
        ("Пемрь", "59"),
        ("хабравоск", "27"),
        ("свердловская обл.", "66"),
        ("г. Тверь", "69"),
        ("орел", "57"),
        ("САНКТ ПЕТЕРБУРГ", "78"),
        ("питер", "78"),
        ("Якутия", "14"),
        ("югра", "86"),
        ("  уфа ", "02"),
        ("Yekaterinburg", "66"),
        ("2", "02"),
    ],
)
def test_typing_errors_and_everyday_names_are_forgiven(typed, code):
    assert codes(typed)[0] == code


def test_what_can_mean_several_is_offered_as_several():
    assert codes("новгород") == ["52", "53"]
    assert codes("алтай") == ["04", "22"]


def test_a_number_from_a_car_plate_is_understood_beside_the_subjects_own():
    assert codes("777") == ["77"]
    assert codes("702") == ["02"]
    assert codes("90") == ["90", "50"]


def test_a_subject_with_several_zones_has_its_capitals():
    assert REGIONS["14"].zone == "Asia/Yakutsk"


@pytest.mark.parametrize("typed", ["", "я", "привет", "республика", "000", "²", "٣", "!?"])
def test_what_is_no_place_finds_nothing(typed):
    assert codes(typed) == []


@given(some.text(max_size=80))
def test_whatever_is_typed_at_most_three_are_offered(typed):
    found = codes(typed)
    assert len(found) == len(set(found)) <= NEAREST
