"""What a form brought: words and files, each read no further than anything of ours is long."""

from fastapi import Request, UploadFile
from starlette.datastructures import UploadFile as Uploaded

from core.domain.document import MAX_BYTES

MOST = 2000
"""Nobody's address or name is longer; what is longer is read as far as that, and refused."""


def given(text: str, most: int = MOST) -> str:
    """Return what was typed, as far as anything of ours is long."""
    return text[:most].replace("\0", "").strip()


async def read_scan(file: UploadFile | None) -> bytes | None:
    """Return a file that was chosen, no more of it than says that it is too big; None where none was."""
    if file is None or not file.filename:
        return None
    return await file.read(MAX_BYTES + 1)


async def read_files(request: Request, name: str = "scan") -> list[tuple[str, bytes]]:
    """Return all files that were chosen in a field, by their names, each as far as it may go on."""
    chosen = [each for each in (await request.form()).getlist(name) if isinstance(each, Uploaded) and each.filename]
    return [(each.filename or "", await each.read(MAX_BYTES + 1)) for each in chosen]
