"""Bundles as they come, in one go and in pieces of any size: wrong at any byte, and large ones never held several times over."""

import asyncio
import json
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.resource import Delivery, Malformed
from core.gateways import fhir
from core.gateways.fhir import FhirDeliveries, joining, reading
from core.gateways.fhir.parsing import parsed
from core.gateways.fhir.reading import BundleReader
from core.gateways.fhir.splitting import Splitter
from tests.fhir import PATIENT, PATIENTS, as_stream, bundle, encounter, observation, patient, report, synthea
from tests.fhir.large import large

WORDS = st.text(st.sampled_from('entry"\\{}[],: йё'), max_size=8)
JSON = st.recursive(
    st.none() | st.integers(-5, 5) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS | st.just("entry"), inner, max_size=3),
    max_leaves=12,
)
BODIES = st.builds(
    lambda before, entries, after: {**before, "entry": entries, **after},
    st.dictionaries(WORDS, JSON, max_size=3), st.lists(JSON, max_size=4), st.dictionaries(WORDS, JSON, max_size=3),
)  # fmt: skip


@pytest.fixture(autouse=True, scope="module", params=["in one go", "in pieces"])
def way(request: pytest.FixtureRequest) -> Iterator[str]:
    """What is promised of a bundle holds however it is read."""
    with pytest.MonkeyPatch.context() as patched:
        if request.param == "in pieces":
            patched.setattr(fhir, "AT_A_TIME", 1)
            patched.setattr(fhir, "PIECE", 1)
        yield request.param


def read(body: bytes, piece: int = 4096) -> Delivery:
    return asyncio.run(FhirDeliveries().read(as_stream(body, piece)))


def split(body: bytes, piece: int) -> tuple[Any, dict[int, Any]]:
    """The shell, and the entries by their places; each stands in the body where it is said to stand."""
    splitter, found = Splitter(), {}
    for start in range(0, len(body), piece):
        for cut in splitter.feed(body[start : start + piece]):
            assert body[cut.at :].startswith(cut.text)
            found[cut.place] = json.loads(cut.text)
    return json.loads(splitter.shell()), found


@given(BODIES, st.integers(1, 40), st.sampled_from([None, 1]), st.booleans())
def test_what_was_cut_out_and_what_was_left_are_the_whole(
    body: Any, piece: int, indent: int | None, plain: bool
) -> None:
    shell, found = split(json.dumps(body, indent=indent, ensure_ascii=plain).encode(), piece)
    entries = body["entry"]
    if isinstance(entries, list):
        assert found == {place: each for place, each in enumerate(entries) if isinstance(each, dict)}
        assert shell["entry"] == [{} if isinstance(each, dict) else each for each in entries]
    assert {name: value for name, value in shell.items() if name != "entry"} == {
        name: value for name, value in body.items() if name != "entry"
    }


def outcome(read_it: Callable[[], object]) -> bool:
    """Whether it is JSON at all."""
    try:
        read_it()
    except Malformed as fault:
        return not fault.unreadable
    return True


@given(st.data())
@settings(max_examples=200)
def test_one_wrong_byte_is_refused_as_it_is_in_a_body_read_as_a_whole(data: st.DataObject) -> None:
    body = bytearray(json.dumps(bundle(patient(), observation())).encode())
    at = data.draw(st.integers(0, len(body) - 1))
    body[at : at + data.draw(st.integers(0, 1))] = data.draw(
        st.sampled_from([b"", b'"', b"{", b"}", b"]", b",", b"\\", b"1"])
    )
    wrong = bytes(body)
    assert outcome(lambda: read(wrong)) == outcome(lambda: parsed(wrong))


@pytest.mark.parametrize("piece", [1, 7, 100_000])
def test_pieces_of_any_size_are_the_same_delivery(piece: int) -> None:
    # The visit comes after what refers to it by its address.
    later = {"reference": "urn:uuid:e1"}
    whole = bundle(observation(encounter=later, subject={"reference": PATIENT}), encounter(), report(), patient())
    whole["entry"][-1]["fullUrl"] = PATIENT
    found = read(json.dumps(whole).encode(), piece)
    assert [each.key.type for each in found.arrived] == ["Observation", "Encounter", "DiagnosticReport", "Patient"]
    assert found.arrived[0].content["encounter"] == {"reference": "Encounter/e1"}
    assert found.arrived[0].content["subject"] == {"reference": "Patient/p1"}
    assert dict(found.arrived[0].links) == {}


def test_what_is_no_json_is_said_with_entry_and_byte() -> None:
    body = json.dumps(bundle(patient(), observation())).encode().replace(b'"final"', b"final")
    with pytest.raises(Malformed) as refused:
        read(body)
    (issue,) = refused.value.issues
    assert (issue.path, issue.says.rsplit(" ", 1)[1]) == ("Bundle.entry[1]", str(body.index(b"final")))


def test_what_is_no_json_between_entries_is_said_with_its_byte() -> None:
    body = json.dumps(bundle(patient(), observation())).encode()
    wrong = body.replace(b'}, {"fullUrl"', b'}; {"fullUrl"')
    with pytest.raises(Malformed) as refused:
        read(wrong)
    assert refused.value.issues[0].says.endswith(f"at byte {wrong.index(b'; {')}")


def test_an_entry_that_is_none_takes_its_place() -> None:
    whole = bundle(patient(), observation(status=1))
    whole["entry"].insert(0, 7)
    with pytest.raises(Malformed) as refused:
        read(json.dumps(whole).encode())
    paths = [issue.path for issue in refused.value.issues]
    assert sorted(paths) == ["Bundle.entry[0].resource", "Bundle.entry[2].resource.status"]


def test_no_more_faults_are_looked_for_than_are_told() -> None:
    wrong = [observation(f"o{number}", status=1) for number in range(joining.TOLD + 5)]
    with pytest.raises(Malformed) as refused:
        read(json.dumps(bundle(patient(), *wrong)).encode())
    assert len(refused.value.issues) == joining.TOLD


def test_a_bundle_read_in_one_go_is_the_same_delivery_as_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    body = json.dumps(synthea(PATIENTS[0])).encode()
    monkeypatch.setattr(fhir, "AT_A_TIME", len(body) + 1)
    at_once = read(body)
    monkeypatch.setattr(fhir, "AT_A_TIME", 10_000)
    in_pieces = read(body)
    assert type(at_once.arrived[0].content) is dict
    assert type(in_pieces.arrived[0].content) is not dict
    for one, other in zip(at_once.arrived, in_pieces.arrived, strict=True):
        assert (one.key, one.path, one.stamp, one.body, one.links) == (
            other.key,
            other.path,
            other.stamp,
            other.body,
            other.links,
        )
        assert dict(one.content) == dict(other.content)
    assert at_once.claims == in_pieces.claims


def test_once_as_much_is_wrong_as_is_told_nothing_more_is_read() -> None:
    # Twenty megabytes of `{},` took two minutes and more than a gigabyte.
    reader = BundleReader()
    with pytest.raises(Malformed) as refused:
        reader.feed(b'{"resourceType": "Bundle", "entry": [' + b"{}," * (joining.TOLD + 1))
    assert len(refused.value.issues) == joining.TOLD


async def test_what_is_refused_half_way_is_heard_to_its_end() -> None:
    heard = 0

    async def pieces() -> Any:
        nonlocal heard
        for each in (b'{"resourceType": "Bundle", "entry": [{"a": NaN}', b" " * 600_000, b" " * 600_000, b"]}"):
            heard += 1
            yield each

    with pytest.raises(Malformed):
        await FhirDeliveries().read(pieces())
    assert heard == 4


def test_a_bundle_is_not_held_several_times_over(monkeypatch: pytest.MonkeyPatch) -> None:
    # A piece is to a bundle of half a megabyte what it is to one of twenty.
    monkeypatch.setattr(fhir, "PIECE", 16_384)
    monkeypatch.setattr(fhir, "AT_A_TIME", 16_384)
    body = large(0.5)
    read(body)
    peaks = []
    for taken in (lambda: read(body), lambda: parsed(body)):
        tracemalloc.start()
        held = taken()
        peaks.append(tracemalloc.get_traced_memory()[1] / len(body))
        tracemalloc.stop()
        assert held
    streamed, whole = peaks
    assert streamed < 2.5 < whole


def test_a_bundle_of_more_entries_than_any_real_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_ENTRIES", 3)
    assert len(read(json.dumps(bundle(patient(), encounter(), observation())).encode()).arrived) == 3
    with pytest.raises(Malformed) as refused:
        read(json.dumps(bundle(patient(), encounter(), observation(), report())).encode())
    assert [(each.code, each.path) for each in refused.value.issues] == [("too-costly", "Bundle.entry")]
