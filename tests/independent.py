"""The FHIR server that others wrote, for the contract of clinics' schedules: whether it is here, and how it comes here."""

import fcntl
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent / "core" / "gateways" / "test_fhir_schedules" / "independent"
PACKAGES = Path(sys.prefix) / "independent-fhir-server"
"""Where npm puts the packages, beside those of Python: `make clean` takes both."""
NOT_NOW = PACKAGES.with_suffix(".away")
FORGET_SECONDS, NPM_SECONDS = 600, 60


def node() -> str | None:
    """Return what is wrong with Node, None where both programs are there."""
    absent = [name for name in ("node", "npm") if shutil.which(name) is None]
    return f"{' and '.join(absent)} not on the path" if absent else None


def missing() -> str | None:
    """Return why there is no independent server, None where there is one; installs it where it can.

    Several processes collect the tests at once: one installs, the others wait and find what it found.
    """
    if (fault := node()) is not None:
        return fault
    PACKAGES.mkdir(exist_ok=True)
    with (PACKAGES / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _installed():
            return None
        if NOT_NOW.exists() and time.time() - NOT_NOW.stat().st_mtime < FORGET_SECONDS:
            return NOT_NOW.read_text("utf-8")
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(HERE / name, PACKAGES / name)
        asked = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--fetch-retries=0"]
        try:
            subprocess.run(asked, cwd=PACKAGES, check=True, capture_output=True, timeout=NPM_SECONDS)
        except (OSError, subprocess.SubprocessError) as fault:
            NOT_NOW.write_text(f"npm could not install it ({type(fault).__name__})", "utf-8")
            return NOT_NOW.read_text("utf-8")
        shutil.copy(HERE / "package-lock.json", PACKAGES / "installed")
        NOT_NOW.unlink(missing_ok=True)
        return None


def said() -> str:
    """Return what a report says of the independent server before anything was tried."""
    fault = node() or tried_in_vain()
    if fault is None and not _installed():
        fault = "npm installs it when its tests are collected"
    return f"independent FHIR server: {fault or 'present'}"


def tried_in_vain() -> str | None:
    """Return why it could not be installed lately, None where it was not tried or is there."""
    return None if _installed() or not NOT_NOW.exists() else NOT_NOW.read_text("utf-8")


def _installed() -> bool:
    mark = PACKAGES / "installed"
    return mark.exists() and mark.read_bytes() == (HERE / "package-lock.json").read_bytes()


if __name__ == "__main__":
    missing()
    sys.stdout.write(f"{said()}\n")
