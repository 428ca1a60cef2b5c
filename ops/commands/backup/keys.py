"""The keys in a file of their own, readable by its owner alone."""

import io
import os
import tarfile
from pathlib import Path

from core.security import ringfile, signing
from ops.commands.backup.manifest import BackupRefused

NAMES = (ringfile.MASTER, ringfile.RING, signing.FILE)
LARGEST = 1 << 20


def pack(ring: Path, target: Path) -> None:
    """Write the files of the ring's folder into `target`, which is made with mode 0600."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name in NAMES:
            # A master key inside a hardware module has no file; the one that signs papers is made when it is first wanted.
            if name == ringfile.RING or (ring / name).exists():
                content = ringfile.read(ring / name)
                entry = tarfile.TarInfo(name)
                entry.size, entry.mode = len(content), 0o600
                tar.addfile(entry, io.BytesIO(content))
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(packed.getvalue())
        file.flush()
        os.fsync(file.fileno())


def unpack(source: Path) -> dict[str, bytes]:
    """Return the files of the ring by name; BackupRefused when it is no backup of keys."""
    found = {}
    try:
        with tarfile.open(source, "r:") as tar:
            for entry in tar:
                file = tar.extractfile(entry) if entry.name in NAMES and entry.size <= LARGEST else None
                if file is not None:
                    found[entry.name] = file.read()
        ringfile.RingFile.loads(found[ringfile.RING])
    except (tarfile.TarError, KeyError, ValueError, TypeError) as fault:
        raise BackupRefused(f"{source}: is not a backup of keys.") from fault
    return found


def newest(ring: bytes) -> str:
    """Return the id of the current key of a ring."""
    return ringfile.RingFile.loads(ring).keys[-1].id


def ids(ring: bytes) -> set[str]:
    """Return the ids of all keys of a ring."""
    return {key.id for key in ringfile.RingFile.loads(ring).keys}


def install(files: dict[str, bytes], folder: Path, stamp: str) -> None:
    """Put the files of a ring in its folder; what other keys were there are kept beside it, named after `stamp`."""
    if all((folder / name).exists() and (folder / name).read_bytes() == content for name, content in files.items()):
        return
    if folder.exists() and any(folder.iterdir()):
        # Keys are never thrown away: what they opened may still be somewhere.
        folder.rename(folder.with_name(f"{folder.name}.before-{stamp}"))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    for name in NAMES:
        if name in files:
            ringfile.write(folder / name, files[name])
