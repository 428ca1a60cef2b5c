"""No cell of a table that is taken along is a formula; numbers and words stay as they are."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.cells import inert


@given(st.text(max_size=20))
def test_no_cell_begins_a_formula_unless_it_is_a_number(cell: str) -> None:
    assert not inert(cell).startswith(("\t", "\r", "\n"))
    kept = inert(cell).lstrip()
    if kept.startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠")):
        assert Decimal(kept.replace(",", ".")).is_finite()


@pytest.mark.parametrize("cell", ["-2,4", "+5", "-10.50", "−3", "5,4", "text", ""])
def test_numbers_and_plain_words_stay_as_they_are(cell: str) -> None:
    assert inert(cell) == cell


FORMULAS = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", " =1", "-", "--2", "＝1", "＋1", "－1", "＠A1"]


@pytest.mark.parametrize("cell", FORMULAS)
def test_formulas_are_made_inert(cell: str) -> None:
    assert inert(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["\tслово", "\rслово", "\nслово", "\t5", "\r=1"])
def test_what_a_tab_or_an_end_of_a_line_would_uncover_is_made_inert(cell: str) -> None:
    assert inert(cell) == f"'{cell}"
