"""What is validated once and what is not walked to its end: the verdict is the one of a resource looked at by itself."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.domain.resource import Malformed
from core.gateways.fhir.parsing import exact
from core.gateways.fhir.validating import Validator, model_of
from core.gateways.fhir.walking import walked
from tests.fhir import LOINC, concept, observation

CODE = concept(LOINC, "718-7", "Hemoglobin")
ELEMENTS = st.sampled_from([
    CODE, [CODE], [[CODE]], {}, [], [None], None, "718-7", {"coding": CODE}, {"coding": [{"system": 1}]}, {"text": ""},
    {"reference": "Patient/p1"}, [{"reference": "Patient/p1"}], {"reference": ["Patient/p1"]}, {"value": 1, "unit": "g"},
    {"value": "1"}, {"value": True}, {"resourceType": "Reference", "reference": "Patient/p1"}, {"id": "a", "more": 1},
    {"resourceType": "Patient", "id": "p"}, [{"resourceType": "Patient", "id": "p", "gender": 1}], {"extension": [{"url": "u"}]},
])  # fmt: skip
NAMES = st.sampled_from(
    ["code", "category", "subject", "valueQuantity", "performer", "contained", "_status", "extension", "note"]
)
WORDS = st.text(st.sampled_from('reference"\\:{n'), max_size=3) | st.sampled_from(
    ['"reference":', '"identifier":{', "reference", "identifier", "null", "\\u0000"]
)
TREES = st.recursive(
    st.integers(0, 3) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=12,
)


def is_right(content: dict[str, Any]) -> bool:
    model = model_of("Observation")
    assert model is not None
    try:
        model.model_validate(content)
    except ValidationError:
        return False
    return True


@given(st.lists(st.dictionaries(NAMES, ELEMENTS, max_size=4), min_size=1, max_size=6))
def test_what_other_resources_said_alike_changes_no_verdict(several: list[dict[str, Any]]) -> None:
    validator = Validator()
    for number, elements in enumerate([*several, *several[::-1]]):
        told = observation(f"o{number}") | elements
        assert (not validator.faults(told, "Observation")) == is_right(told)


def test_an_element_that_is_wrong_is_told_with_its_place_each_time_it_stands_there() -> None:
    validator, wrong = Validator(), observation(code={"coding": [{"system": "http://loinc.org", "code": 1}]})
    for _ in range(2):
        (issue,) = validator.faults(wrong, "Bundle.entry[1].resource")
        assert issue.path == "Bundle.entry[1].resource.code.coding[0].code"


@given(st.dictionaries(WORDS, TREES, max_size=4))
def test_a_walk_ends_no_earlier_than_all_references_are_found(content: dict[str, Any]) -> None:
    found = walked(content, "Observation", exact(content))
    every, ahead = [], [content]
    while ahead:
        node = ahead.pop()
        if isinstance(node, dict) and isinstance(node.get("reference"), str):
            every.append(node)
        ahead += [each for each in (node.values() if isinstance(node, dict) else node) if isinstance(each, dict | list)]
    assert sorted(map(id, every)) == sorted(id(node) for _, _, node in found.references)


@pytest.mark.parametrize(("value", "says"), [("a\0b", "a text holds a zero byte"), (None, "null is no value in FHIR")])
def test_what_cannot_be_kept_is_told_wherever_it_stands(value: Any, says: str) -> None:
    content = observation(note=[{"text": "null \\u0000"}, {"text": value}])
    with pytest.raises(Malformed) as refused:
        walked(content, "Observation", exact(content))
    assert (refused.value.issues[0].path, refused.value.issues[0].says) == ("Observation.note[1].text", says)
