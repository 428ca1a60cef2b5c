"""What holds for every test: services that may be absent, hypothesis, no network but this machine's, the keys."""

import ipaddress
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests import independent
from tests.services import BROWSER_MS, SERVICES, Service

REQUIRED = "MEDKARTA_REQUIRE"

settings.register_profile("medkarta", deadline=None, derandomize=bool(os.environ.get("CI")), database=None)
settings.load_profile("medkarta")

_not_run = pytest.StashKey[dict[str, tuple[int, str]]]()


class NetworkTouched(RuntimeError):
    """A test reached for another machine."""


def pytest_sessionstart(session: pytest.Session) -> None:
    """Stop at once when a service that must be there is not."""
    session.config.stash[_not_run] = {}
    required = {name.strip() for name in os.environ.get(REQUIRED, "").split(",") if name.strip()}
    if unknown := required - {service.name for service in SERVICES}:
        raise pytest.UsageError(f"{REQUIRED} names {', '.join(sorted(unknown))}, which no test wants.")
    for service in SERVICES:
        if service.name in required and (fault := service.missing()):
            raise pytest.UsageError(f"{REQUIRED} asks for {service.title}, but: {fault}.")


def pytest_report_header() -> str:
    """Say whether contracts are tried against the server that others wrote, which wants Node."""
    return independent.said()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests whose service is absent, and remember them for the summary."""
    for service in SERVICES:
        wanting = [item for item in items if item.get_closest_marker(service.marker)]
        if wanting and (fault := service.missing()):
            _leave_out(config, items, wanting, service, fault)


def _leave_out(
    config: pytest.Config, items: list[pytest.Item], wanting: list[pytest.Item], service: Service, fault: str
) -> None:
    left = set(map(id, wanting))
    items[:] = [item for item in items if id(item) not in left]
    config.hook.pytest_deselected(items=wanting)
    config.stash[_not_run][service.title] = (len(wanting), fault)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where tests run in several processes, each tells the one that reports what it left out."""
    told: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if told is not None:
        told["not_run"] = session.config.stash.get(_not_run, {})


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A process ended: all of them left out the same."""
    node.config.stash[_not_run] = getattr(node, "workeroutput", {}).get("not_run", {})


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what was not run, and why; and what a test has to say though it went well."""
    for report in terminalreporter.stats.get("passed", []):
        for name, said in report.user_properties:
            if name == "said":
                terminalreporter.line(str(said))
    for title, (number, fault) in config.stash.get(_not_run, {}).items():
        tests = "1 test wants" if number == 1 else f"{number} tests want"
        terminalreporter.line(f"not run: {tests} {title} ({fault})", yellow=True)
    if fault := independent.tried_in_vain():
        terminalreporter.line(
            f"clinics' contract was not tried against the independent FHIR server: {fault}", yellow=True
        )


@pytest.fixture(scope="session", autouse=True)
def patience(request: pytest.FixtureRequest) -> None:
    """What a browser is to show is waited for as long in every test, whichever others run beside it."""
    if any(item.get_closest_marker("needs_chromium") for item in request.session.items):
        from playwright import async_api, sync_api

        async_api.expect.set_options(timeout=BROWSER_MS)
        sync_api.expect.set_options(timeout=BROWSER_MS)


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Let sockets reach this machine alone; a test that wants more fails with NetworkTouched."""
    connect, connect_ex, look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        _check(self, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        _check(self, address)
        return connect_ex(self, address)

    def guarded_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host is not None and not _is_here(host):
            raise NetworkTouched(f"a test looked for {_text(host)}")
        return look_up(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        patch.setattr(socket, "getaddrinfo", guarded_look_up)
        yield


def _check(connecting: socket.socket, address: Any) -> None:
    if connecting.family in {socket.AF_INET, socket.AF_INET6} and not _is_here(address[0]):
        raise NetworkTouched(f"a test reached for {address[0]}")


def _text(host: str | bytes) -> str:
    return host.decode() if isinstance(host, bytes) else host


def _is_here(host: str | bytes) -> bool:
    name = _text(host)
    if name in {"", "localhost", socket.gethostname()}:
        return True
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


@pytest.fixture(scope="session")
def keyring_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of one ring for the whole run, since making its RSA key takes seconds. Whoever rotates makes a copy."""
    from core.security.keyring import KeyRing

    folder = tmp_path_factory.mktemp("keys") / "ring"
    KeyRing.open(folder)
    return folder
