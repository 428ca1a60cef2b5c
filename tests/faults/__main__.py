"""`make faults`: the long run. KILLS=200 and SEED= say how long and which."""

import argparse
import secrets
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from core.security.keyring import KeyRing
from tests.faults.plan import Plan
from tests.faults.run import Run
from tests.faults.trial import tried

EVERY_S = 2.7
"""From one kill to the next: 200 of them blow for nine minutes."""
PEOPLE = 12
"""At a time: what two cores and thirty messages a second serve without a queue."""
BESIDES_S = 60
"""Starting, coming home, the last pushes and stopping take so long on a quiet machine."""


def main() -> int:
    """Run, print the table, return 1 when a promise broke."""
    words = argparse.ArgumentParser(prog="make faults", description=__doc__)
    words.add_argument("--kills", type=int, default=200)
    words.add_argument("--seed", default="")
    words.add_argument("--people", type=int, default=PEOPLE)
    words.add_argument("--every", type=float, default=EVERY_S, help="seconds from one kill to the next, on the average")
    words.add_argument("--keep", action="store_true", help="keep the logs")
    asked = words.parse_args()
    # Whoever is told to stop stops its servers first.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    seed = int(asked.seed) if asked.seed else secrets.randbelow(10**6)
    plan = Plan.long(seed, max(3, asked.kills), asked.people, asked.every)
    how = "a webhook" if plan.webhook else "polling"
    say(f"seed {seed}: {plan.kills} kills, {plan.people} people at a time, updates by {how}")
    say(
        f"about {(plan.storm_s + BESIDES_S) / 60:.0f} minutes on a quiet machine, {plan.longest_s / 60:.0f} at the most"
    )
    folder = Path(tempfile.mkdtemp(prefix="medkarta-faults-run-"))
    KeyRing.open(folder / "keys")
    try:
        verdict = Run(plan, folder, folder / "keys", say)(tried)
    except BaseException:
        say(f"  it came to no end; logs: {folder}")
        raise
    say(f"\n{verdict}")
    if verdict.breaches or asked.keep:
        say(f"  logs: {folder}")
    else:
        shutil.rmtree(folder)
    return 1 if verdict.breaches else 0


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
