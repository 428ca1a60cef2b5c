"""Configuration: every variable is listed, and a malformed one stops the start with one line that names it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from ops.settings import Settings

EXAMPLE = Path(__file__).parent.parent / ".env.example"
LINE = re.compile(r"^#?([A-Z_]+)=(.*)$", re.MULTILINE)

MALFORMED = {
    "API_PORT": ("eighty", "70000"),
    "PLAYGROUND_PORT": ("0",),
    "BOT_TOKEN": ("hello",),
    "BOT_API_URL": ("telegram.example.org",),
    "PUBLIC_URL": ("ftp://example.org",),
    "WEBHOOK_URL": ("ftp://example.org",),
    "WEBHOOK_SECRET": ("пароль", "a" * 15, "a" * 257, "a b"),
    "PROBE_PORT": ("0", "yes"),
    "CHAT_RATE": ("-1", "often"),
    "DATABASE_URL": ("mysql://root@localhost/medkarta",),
    "REDIS_URL": ("localhost:6379",),
    "SMTP_URL": ("http://mail.example.org",),
    "LOG_LEVEL": ("loud",),
    "CONTACTS_PATH": ("nowhere.toml", "README.md"),
    "HELPLINE": ("МЧС",),
    "CHILD_HELPLINE": ("<b>8 800</b>",),
    "TRUSTED_PROXIES": ("proxy.example.org", "10.0.0.1/8"),
    "OWN_NETWORKS": ("clinic.example.org", "10.0.0.1/8"),
}
REAL = {
    "BOT_TOKEN": "123456:abcdefgh",
    "PUBLIC_URL": "https://medkarta.example.org",
    "PORTAL_ISSUER": "https://portal.example.org",
    "PORTAL_CLIENT_SECRET": "secret",
    "REGISTRIES_URL": "https://registries.example.org",
    "SMS_URL": "https://sms.example.org",
    "SMTP_URL": "smtps://mail.example.org",
}


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable of the machine and no `.env` of the developer is seen."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in MALFORMED.items() for value in values])
def test_a_malformed_variable_is_named_in_one_line(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as stopped:
        Settings.read()
    assert stopped.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"{name}: ")
    assert value not in line


def test_every_malformed_variable_gets_its_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("API_PORT", "eighty")
    monkeypatch.setenv("SMS_URL", "sms")
    with pytest.raises(SystemExit):
        Settings.read()
    lines = capsys.readouterr().err.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["SMS_URL", "API_PORT"]


@pytest.mark.parametrize("absent", ["PORTAL_ISSUER", "PORTAL_CLIENT_SECRET", "REGISTRIES_URL", "SMS_URL", "SMTP_URL"])
def test_real_people_are_not_served_with_the_playground_behind(
    absent: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in REAL.items():
        monkeypatch.setenv(name, value)
    Settings.read()
    monkeypatch.delenv(absent)
    with pytest.raises(SystemExit):
        Settings.read()
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"{absent}: must be set")


def test_cookies_never_cross_the_network_in_clear(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PUBLIC_URL", "http://127.0.0.1:8080")
    assert Settings.read().api_url == "http://127.0.0.1:8080"
    monkeypatch.setenv("PUBLIC_URL", "http://medkarta.example.org")
    with pytest.raises(SystemExit):
        Settings.read()
    assert capsys.readouterr().err.startswith("PUBLIC_URL: must begin with https://")


def test_a_webhook_wants_its_secret_and_https(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WEBHOOK_URL", "https://bot.example.org/hook")
    with pytest.raises(SystemExit):
        Settings.read()
    assert capsys.readouterr().err.startswith("WEBHOOK_SECRET: must be set")
    monkeypatch.setenv("WEBHOOK_SECRET", "sesame-open_1234567")
    Settings.read()
    monkeypatch.setenv("WEBHOOK_URL", "http://bot.example.org/hook")
    with pytest.raises(SystemExit):
        Settings.read()
    assert capsys.readouterr().err.startswith("WEBHOOK_URL: must begin with https://")


def test_what_is_made_is_its_owners_alone_even_in_a_folder_open_to_all(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir(mode=0o755)
    subprocess.run(
        [sys.executable, "-m", "ops", "migrate"],
        cwd=tmp_path,
        env={"STATE_DIR": str(tmp_path / "state"), "PYTHONPATH": str(EXAMPLE.parent)},
        capture_output=True,
        check=True,
    )
    assert (tmp_path / "state" / "medkarta.sqlite").stat().st_mode & 0o077 == 0


def test_the_command_line_stops_at_it_too(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ops", "migrate"],
        cwd=tmp_path,
        env={"API_PORT": "eighty", "PYTHONPATH": str(EXAMPLE.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("API_PORT: ")
    assert list(tmp_path.iterdir()) == []


def test_the_example_lists_every_variable_and_nothing_else() -> None:
    listed = [name for name, _ in LINE.findall(EXAMPLE.read_text("utf-8"))]
    assert sorted(listed) == sorted(name.upper() for name in Settings.model_fields)


def test_the_example_tells_the_defaults() -> None:
    told = dict(LINE.findall(EXAMPLE.read_text("utf-8")))
    for name, field in Settings.model_fields.items():
        assert told[name.upper()] == ("" if field.default is None else str(field.default))


def test_a_copied_example_changes_nothing(tmp_path: Path) -> None:
    defaults = Settings()
    text = EXAMPLE.read_text("utf-8")
    (tmp_path / ".env").write_text(re.sub(r"^#(?=[A-Z_]+=)", "", text, flags=re.MULTILINE), "utf-8")
    assert Settings() == defaults


def test_every_variable_of_the_example_has_its_meaning_above_it() -> None:
    before = ""
    for line in EXAMPLE.read_text("utf-8").splitlines():
        if LINE.match(line):
            assert before.startswith("# ") or LINE.match(before), line
            assert not before.startswith("# ---"), line
        before = line
