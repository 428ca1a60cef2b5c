"""Which doctor is meant by a name, a complaint, or a whole sentence around it."""

import pytest

from core.domain.speciality import meant_by


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("терапевт", "therapist"),
        ("хочу к терапевту", "therapist"),
        ("запишите меня к хирургу, пожалуйста", "surgeon"),
        ("к кардиологу", "cardiologist"),
        ("мне нужен зубной", "dentist"),
        ("I need a dentist", "dentist"),
        ("запишите к лору", "ent"),
    ],
)
def test_a_doctor_is_found_by_the_name_alone_and_in_a_sentence(typed: str, code: str) -> None:
    assert meant_by(typed)[0].code == code


@pytest.mark.parametrize("typed", ["", "мой", "записаться", "ыыыы"])
def test_words_that_name_nobody_find_nobody(typed: str) -> None:
    assert meant_by(typed) == []
