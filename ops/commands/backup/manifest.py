"""What a backup holds: every file with its SHA-256, written last, so that a folder without it is no backup."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from ops.commands.backup.shelf import within

NAME = "manifest.json"
FILES = "files"
CHECKPOINTS = "checkpoints.jsonl"
FORMAT = 1


class BackupRefused(Exception):
    """It was not backed up or not restored; the text is what whoever runs the machine should know, a fault a line."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """`database` is `sqlite` or `postgresql`, `revision` its migration, `key` the id of the key in use when it was made.

    `sums` is path within the folder to SHA-256, in hexadecimal digits.
    """

    made_at: datetime
    version: str
    database: str
    revision: str
    key: str
    sums: dict[str, str]

    @property
    def scans(self) -> int:
        """How many files of people there are."""
        return sum(name.startswith(f"{FILES}/") for name in self.sums)

    def write(self, folder: Path) -> None:
        """Put it into the folder."""
        body = {"format": FORMAT, **asdict(self), "made_at": self.made_at.isoformat()}
        (folder / NAME).touch(mode=0o600)
        (folder / NAME).write_text(json.dumps(body, indent=1) + "\n", "utf-8")

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Read it; BackupRefused when the folder is no backup."""
        try:
            body = json.loads((folder / NAME).read_text("utf-8"))
            if body.pop("format") != FORMAT:
                raise BackupRefused(f"{folder}: made by a newer Medkarta, which can restore it.")
            return cls(**{**body, "made_at": datetime.fromisoformat(body["made_at"])})
        except FileNotFoundError:
            raise BackupRefused(f"{folder}: not a finished backup, there is no {NAME} in it.") from None
        except (ValueError, KeyError, TypeError, AttributeError) as fault:
            raise BackupRefused(f"{folder / NAME}: cannot be read, it was changed or damaged.") from fault

    def check(self, folder: Path) -> None:
        """Compare every file; BackupRefused with a line for each that is not as it was."""
        there = set(within(folder)) - {NAME}
        faults = [f"{name}: is not of this backup" for name in sorted(there - set(self.sums))]
        for name, sum_ in sorted(self.sums.items()):
            if name not in there:
                faults.append(f"{name}: is missing")
            elif hashed(folder / name) != sum_:
                faults.append(f"{name}: was changed or damaged")
        if faults:
            raise BackupRefused("\n".join([*faults, "Nothing was restored."]))


def hashed(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
