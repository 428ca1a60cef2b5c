"""A year, then the archive and back; a file that is lost is told, never invented."""

import pytest

from core.domain.extract import (
    ExtractNotThere,
    ExtractState,
    FileLost,
)
from core.ports import Files
from core.services.consent import WithdrawConsent
from core.services.extract import (
    ArchivePapers,
    OpenExtract,
    RestoreExtract,
    RestorePapers,
    storing,
)
from tests.core.services.papers import lying, ready, stored
from tests.core.services.patient import a_patient
from tests.core.services.town import Town


async def test_after_a_year_it_goes_to_the_archive_and_comes_back_on_request(town: Town) -> None:
    citizen = await a_patient(town)
    extract, pdf = await ready(town, citizen)
    town.clock.turn(days=364)
    assert await town.call(ArchivePapers) == 0
    town.clock.turn(days=2)
    assert await town.call(ArchivePapers) == 1
    assert await town.call(ArchivePapers) == 0
    store, shelf = lying(town)
    assert (len(store), len(shelf)) == (0, 1)
    await town.unlock(citizen)
    with pytest.raises(ExtractNotThere):
        await town.call(OpenExtract, citizen, extract)
    await town.call(RestoreExtract, citizen, extract)
    await town.call(RestoreExtract, citizen, extract)
    assert (await stored(town, extract)).state is ExtractState.RESTORING
    assert await town.call(RestorePapers) == 1
    assert await town.call(RestorePapers) == 0
    assert (await town.call(OpenExtract, citizen, extract)).content == pdf
    await town.deliver()
    assert town.outside.pushes[-1][1].text == "extract.push_back"
    store, shelf = lying(town)
    assert (len(store), len(shelf)) == (1, 0)
    town.clock.turn(days=31)
    assert await town.call(ArchivePapers) == 1


async def test_nothing_comes_back_from_the_archive_once_the_consent_is_withdrawn(town: Town) -> None:
    citizen = await a_patient(town)
    extract, _ = await ready(town, citizen)
    town.clock.turn(days=366)
    await town.call(ArchivePapers)
    await town.unlock(citizen)
    await town.call(RestoreExtract, citizen, extract)
    await town.call(WithdrawConsent, citizen)
    assert await town.call(RestorePapers) == 0
    assert lying(town)[0] == set()


async def test_lost_files_let_others_go_to_the_archive_and_come_back(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storing, "AT_ONCE", 1)
    citizen = await a_patient(town)
    lost, _ = await ready(town, citizen)
    lost_name = next(iter(lying(town)[0]))
    town.clock.turn(hours=1)
    await town.unlock(citizen)
    other, pdf = await ready(town, citizen)
    town.clock.turn(days=366)

    def lose(name: str) -> bytes:
        (path,) = (path for path in (town.state / "files").rglob(name))
        content = path.read_bytes()
        path.unlink()
        return content

    content = lose(lost_name)
    assert [await town.call(ArchivePapers) for _ in range(3)] == [0, 1, 0]
    assert (await stored(town, other)).state is ExtractState.ARCHIVED
    # Found again, say in a backup: it goes the way of the others.
    await (await town.container.get(Files)).put(lost_name, content)
    town.clock.turn(hours=1)
    assert await town.call(ArchivePapers) == 1
    lose(lost_name)
    await town.unlock(citizen)
    for each in (lost, other):
        await town.call(RestoreExtract, citizen, each)
    assert sum([await town.call(RestorePapers) for _ in range(3)]) == 1
    assert (await town.call(OpenExtract, citizen, other)).content == pdf
    assert (await stored(town, lost)).state is ExtractState.RESTORING


async def test_a_lost_file_is_told_not_invented(town: Town) -> None:
    citizen = await a_patient(town)
    extract, _ = await ready(town, citizen)
    for path in (town.state / "files").rglob("*"):
        if path.is_file():
            path.unlink()
    with pytest.raises(FileLost):
        await town.call(OpenExtract, citizen, extract)
