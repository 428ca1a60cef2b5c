"""`medkarta broadcast`: what whoever runs the machine sees and gets."""

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from core.domain.account import Account, Accounts, Verification
from core.domain.chat import Chats
from core.domain.ids import AccountId, ChatId, new_id
from core.ports import Clock, Transaction
from core.services.broadcast import TendBroadcast
from ops.cli import app
from ops.commands.work import scope
from ops.settings import Settings
from tests.core.services.outside import ANNA
from tests.databases import fresh_database

Run = Callable[..., Result]
TEXT = "В субботу поликлиника открыта до 20:00. [bold]Не разметка[/bold]"


@pytest.fixture
def settings(tmp_path: Path, keyring_folder: Path) -> Settings:
    """A database with two people who read Russian, 65 and 45 years old, and one of 25 who reads English."""

    async def people() -> None:
        async with scope(told) as request:
            accounts, chats = await request.get(Accounts), await request.get(Chats)
            async with await request.get(Transaction):
                for number, language in enumerate(("ru", "ru", "en"), start=1):
                    now = (await request.get(Clock)).now()
                    known = replace(
                        ANNA, subject=str(number), birth_date=date(date.today().year - 85 + 20 * number, 1, 1)
                    )
                    account = Account(AccountId(new_id(now)), Verification.VERIFIED, known, None, None, 1)
                    await accounts.add(account, now)
                    await chats.meet(ChatId(number), language, now)
                    await chats.bind(ChatId(number), account.id, now)

    async def migrated() -> str:
        async with fresh_database("sqlite", tmp_path) as url:
            return url

    url = asyncio.run(migrated())
    told = Settings(
        _env_file=None,
        database_url=url,
        state_dir=tmp_path / "var",
        keyring_path=keyring_folder,  # type: ignore[call-arg, arg-type]
    )
    asyncio.run(people())
    return told


@pytest.fixture
def run(settings: Settings, tmp_path: Path, keyring_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `medkarta broadcast` with these arguments, in a folder with the text in `ru.txt`."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ru.txt").write_text(TEXT, "utf-8")
    (tmp_path / "en.txt").write_text("Open until 8 p.m.", "utf-8")
    environment = {
        "DATABASE_URL": settings.database,
        "STATE_DIR": str(settings.state_dir),
        "KEYRING_PATH": str(keyring_folder),
        "COLUMNS": "120",
    }
    return lambda *arguments, **more: CliRunner().invoke(app, ["broadcast", *arguments], env=environment, **more)


def id_in(output: str) -> str:
    found = re.search(r"[0-9a-f]{8}-[0-9a-f-]{27}", output)
    assert found, output
    return found[0]


def works(settings: Settings) -> None:
    """Let the worker look after broadcasts once."""

    async def work() -> None:
        async with scope(settings) as request:
            await (await request.get(TendBroadcast))()

    asyncio.run(work())


def test_a_dry_run_shows_preview_and_count_and_keeps_nothing(run: Run):
    told = run("new", "--text-ru", "ru.txt", "--text-en", "en.txt", "--age", "40-", "--dry-run")
    assert told.exit_code == 0, told.output
    assert "[bold]Не разметка[/bold]" in told.output
    assert "Open until 8 p.m." in told.output
    assert re.search(r"Will get it\W+3\b", told.output) is None
    assert re.search(r"Will get it\W+2\b", told.output)
    assert re.search(r"age 60-69\W+1\b", told.output)
    assert "nothing was sent" in told.output
    assert "Не разметка" not in run("list").output


def test_without_yes_it_asks_and_no_means_no(run: Run):
    told = run("new", "--text-ru", "ru.txt", input="n\n")
    assert "Send to 3 now?" in told.output
    assert told.exit_code == 1
    assert run("list").output.count("draft") == 0


def test_it_is_sent_shown_halted_and_reported(run: Run, settings: Settings):
    sent = run("new", "--text-ru", "ru.txt", "--title", "Суббота", "--language", "ru", input="y\n")
    assert sent.exit_code == 0, sent.output
    broadcast = id_in(sent.output)
    works(settings)
    assert "Суббота" in run("list").output
    halted = run("pause", broadcast)
    assert re.search(r"paused\W+2\b", halted.output)
    assert re.search(r"held\W+2\b", halted.output)
    assert "sending" in run("resume", broadcast).output
    assert run("report", broadcast).exit_code == 2
    assert re.search(r"cancelled\W+2\b", run("cancel", broadcast).output)
    report = run("report", broadcast, "--json")
    assert report.exit_code == 0
    told = json.loads(report.output)
    assert (told["state"], told["found"], told["cancelled"], told["sent"]) == ("cancelled", 2, 2, 0)
    assert told["created_by"] == "system:command line"
    assert run("progress", broadcast, "--follow").exit_code == 0
    assert "TEXT" not in run("show", broadcast).output
    assert re.search(r"Will get it\W+2\b", run("preview", broadcast).output)


def test_a_schedule_is_told_in_moscow(run: Run):
    day = date.today() + timedelta(days=30)
    told = run("new", "--text-ru", "ru.txt", "--at", f"{day} 10:00", "--yes")
    assert told.exit_code == 0, told.output
    assert f"leaves {day} 10:00" in told.output


def test_the_text_may_come_by_a_pipe(run: Run):
    piped = run("new", "--text-ru", "-", "--yes", input=TEXT)
    assert piped.exit_code == 0
    assert "as soon as a worker runs" in piped.output
    unasked = run("new", "--text-ru", "-", input=TEXT)
    assert unasked.exit_code == 1
    assert "add --yes or --dry-run" in unasked.output


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--text-ru", "absent.txt"), "absent.txt cannot be read: No such file"),
        (("--text-ru", "empty.txt"), "There must be a Russian text"),
        (("--text-ru", "long.txt"), "4 characters too long"),
        (("--text-ru", "ru.txt", "--age", "old"), "Ages are like 60-"),
        (("--text-ru", "ru.txt", "--region", "Урал"), "numbers of two digits"),
        (("--text-ru", "ru.txt", "--at", "tomorrow"), 'for example --at "2026-12-01 10:00"'),
        (("--text-ru", "ru.txt", "--at", "2001-01-01 10:00"), "to come, within a year"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(run: Run, tmp_path: Path, arguments: tuple[str, ...], says: str):
    (tmp_path / "empty.txt").write_text(" \n", "utf-8")
    (tmp_path / "long.txt").write_text("я" * 4100, "utf-8")
    told = run("new", *arguments, "--yes")
    assert told.exit_code == 1
    assert says in told.output
    assert "Traceback" not in told.output


def test_young_people_are_asked_for_with_a_dash_before_the_age(run: Run):
    assert re.search(r"Will get it\W+1\b", run("new", "--text-ru", "ru.txt", "--age", "-30", "--dry-run").output)


def test_a_broadcast_that_is_not_there_is_told_so(run: Run):
    told = run("pause", "01a206fd-6700-7a8f-bc9f-5d9c236f6f00")
    assert (told.exit_code, "no such broadcast" in told.output) == (1, True)
