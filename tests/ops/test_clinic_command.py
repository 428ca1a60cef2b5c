"""`medkarta clinic`: organisations registered, changed, shown; bad input gets one line."""

import json
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import ECKey, RSAKey
from typer.testing import CliRunner

from ops.cli import app

KEY = ECKey.generate_key("P-384", {"kid": "a"})
ADD = ("clinic", "add", "Поликлиника № 1", "--client-id", "polyclinic")


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, keyring_folder: Path) -> None:
    """A state of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STATE_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("KEYRING_PATH", str(keyring_folder))


def said(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, list(arguments))
    assert done.exit_code == code, done.output
    return " ".join(done.output.split())


def keys(tmp_path: Path, content: Any) -> str:
    path = tmp_path / "jwks.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return str(path)


def public(*several: Any) -> dict[str, Any]:
    return {"keys": [each.as_dict(private=False) for each in several]}


def test_a_clinic_is_registered_changed_put_out_and_let_in_again(tmp_path: Path) -> None:
    told = said(*ADD, "--keys", keys(tmp_path, public(KEY)), "--network", "203.0.113.0/24", "--network", "::1")
    assert "may deliver now" in told
    assert "/oauth/token" in told
    assert "203.0.113.0/24, ::1/128" in said("clinic", "list")
    assert "it already" not in said("clinic", "show", "polyclinic")
    assert "delivered nothing yet" in said("clinic", "show", "polyclinic")
    assert "already" in said(*ADD, "--keys", keys(tmp_path, public(KEY)), "--network", "::1", code=1)
    assert "is out" in said("clinic", "disable", "polyclinic")
    assert "disabled" in said("clinic", "list")
    assert "may deliver again" in said("clinic", "enable", "polyclinic")
    assert "has new keys" in said("clinic", "keys", "polyclinic", keys(tmp_path, public(RSAKey.generate_key(2048))))
    assert "from there now" in said("clinic", "network", "polyclinic", "198.51.100.7")
    assert "198.51.100.7/32" in said("clinic", "show", "polyclinic")


WRONG: dict[str, tuple[Any, list[str], str]] = {
    "no JSON": ("{", ["--network", "::1"], "is not JSON"),
    "no set": ([], ["--network", "::1"], "JWK set is wanted"),
    "no keys": ({"keys": []}, ["--network", "::1"], "JWK set is wanted"),
    "a private key": ({"keys": [KEY.as_dict(private=True)]}, ["--network", "::1"], "private one"),
    "a shared secret": ({"keys": [{"kty": "oct", "k": "eA"}]}, ["--network", "::1"], "neither RSA nor EC"),
    "another curve": (public(ECKey.generate_key("P-521")), ["--network", "::1"], "P-256 or P-384"),
    "half a key": ({"keys": [{"kty": "EC", "crv": "P-256", "x": "AA"}]}, ["--network", "::1"], "cannot be read"),
    "a short key": (
        {
            "keys": [
                {"kty": "RSA", "e": "AQAB", "n": "xjlbnWkq4pd8xHZlXrpJgyTR1sVw0cWlR7PqM9bq7tGxjQ7gG0PqHQ0jS9nJr7l5"}
            ]
        },
        ["--network", "::1"],
        "shorter than 2048",
    ),
    "no network": (public(KEY), [], "At least one network"),
    "an odd network": (public(KEY), ["--network", "203.0.113.1/24"], "Not a network"),
}


@pytest.mark.parametrize("what", WRONG)
def test_bad_input_gets_one_line_and_registers_nobody(tmp_path: Path, what: str) -> None:
    content, more, sentence = WRONG[what]
    assert sentence in said(*ADD, "--keys", keys(tmp_path, content), *more, code=1)
    assert "polyclinic" not in said("clinic", "list")


def test_names_that_cannot_be_are_refused(tmp_path: Path) -> None:
    file = keys(tmp_path, public(KEY))
    for name in ("имя", "a b", "", "x" * 129):
        told = said("clinic", "add", "П", "--client-id", name, "--keys", file, "--network", "::1", code=1)
        assert "client id" in told
    assert "1 to 200" in said("clinic", "add", " ", "--client-id", "p", "--keys", file, "--network", "::1", code=1)
    assert "no organisation" in said("clinic", "disable", "nobody", code=1)
    assert "cannot be read" in said("clinic", "keys", "nobody", str(tmp_path / "none.json"), code=1)
