"""Files copied for their owner alone."""

import shutil
from collections.abc import Iterator
from pathlib import Path


def within(folder: Path) -> Iterator[str]:
    """Yield every file of a folder, as a path within it."""
    for path in folder.rglob("*"):
        if path.is_symlink() or not path.is_dir():
            yield path.relative_to(folder).as_posix()


def copy_file(source: Path, root: Path, name: str) -> None:
    """Copy a file to the path `name` within `root`; what is made on the way is readable by its owner alone."""
    place = root / name
    for folder in reversed((place.parent, *place.parent.parents)):
        if not folder.exists():
            folder.mkdir(mode=0o700, exist_ok=True)
    shutil.copyfile(source, place)
    place.chmod(0o600)
