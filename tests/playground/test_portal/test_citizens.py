"""The sample citizens and new ones."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

import pytest
from stdnum import luhn
from stdnum.ru import inn as inn_rule

from playground.outside.samples import newcomer, sample_citizens
from tests.playground.test_portal.browser import Browser


async def test_the_front_page_shows_the_samples(browser: Browser) -> None:
    text = (await browser.http.get("/portal")).text
    assert "Ильина Анна Сергеевна" in text
    assert "34 года" in text
    assert "+7 900 000-00-01" in text


async def test_a_new_citizen_can_be_made_and_signs_in(browser: Browser) -> None:
    answer = await browser.http.post("/portal/citizens", json={"age": 15, "sex": "M", "disability": True})
    assert answer.status_code == 201
    made = answer.json()
    assert (made["age"], made["level"], made["disability"]) == (15, "PR", True)
    claims = await browser.claims(made["login"], made["password"])
    assert (claims["sub"], claims["snils"]) == (made["sub"], made["snils"])
    known = await browser.http.post("/registries/snils", json={"snils": made["snils"], "surname": made["surname"]})
    assert known.json() == {"status": "valid"}
    assert len((await browser.http.get("/portal/citizens")).json()) == 11
    taken = await browser.http.post("/portal/citizens", json={"login": made["login"]})
    assert taken.status_code == 409
    assert (await browser.http.post("/portal/citizens", json={"age": "many"})).status_code == 422


def days(since: date, count: int) -> Iterator[date]:
    return (since + timedelta(days=number) for number in range(0, count, 17))


@pytest.mark.parametrize("today", [date(2026, 11, 23), date(2028, 2, 29), date(2031, 1, 1), date(2030, 9, 3)])
def test_the_samples_are_of_the_promised_ages_on_any_day(today: date) -> None:
    people = sample_citizens(today)
    assert {person.age(today) for person in people} == {12, 15, 17, 19, 34, 46, 70}
    assert {person.level for person in people} == {"KD", "PR", "P"}
    assert sum(person.disability for person in people) == 1


@pytest.mark.parametrize("age", [13, 14, 19, 20, 44, 45, 46, 70])
def test_everybodys_numbers_are_right_and_passports_were_given_in_time(age: int) -> None:
    for today in days(date(2026, 1, 1), 800):
        person = newcomer(today, age=age)
        digits = person.snils.replace("-", "").replace(" ", "")
        total = sum(int(digit) * weight for digit, weight in zip(digits[:9], range(9, 0, -1), strict=True))
        assert total % 101 % 100 == int(digits[9:])
        assert inn_rule.is_valid(person.inn)
        assert luhn.is_valid(person.enp)
        assert len(person.enp) == 16
        assert person.age(today) == age
        if person.passport is None:
            assert age < 14
            continue
        turned = [
            date(person.birth_date.year + years, person.birth_date.month, person.birth_date.day)
            for years in (14, 20, 45)
        ]
        assert turned[0] <= person.passport.issued_at <= today
        assert int(person.passport.series[2:]) == person.passport.issued_at.year % 100
        for due, after in pairwise([*turned[1:], date.max]):
            if due + timedelta(days=90) < today < after:
                assert person.passport.issued_at >= due
