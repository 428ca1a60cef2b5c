"""The press: one compiler, kept warm in a thread of its own."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC
from functools import cached_property
from pathlib import Path
from typing import Literal

import matplotlib as mpl
import typst

from core.gateways.papers.setting import as_json
from core.ports import Wording
from core.ports.papers import Paper

HERE = Path(__file__).parent
LETTER, SLIP = HERE / "paper.typ", HERE / "slip.typ"
PPI = 1080 / (105 / 25.4)
"""A slip is 105 mm wide, a picture of it as many pixels as a phone."""


class TypstPapers:
    """`core.ports.Papers`. Fonts come with the libraries alone, so that a paper looks and weighs the same everywhere."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording
        # One thread: the compiler remembers between papers, and two at once would only fight for the processor.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="papers")

    async def pdf(self, paper: Paper) -> bytes:
        """Return the PDF/A-2b; the same paper gives the same bytes. ValueError for a table whose rows do not fit it."""
        return await self._printed(paper, "pdf")

    async def png(self, paper: Paper) -> bytes:
        """Return a slip as a picture, 1080 pixels wide; ValueError for a paper that is none."""
        if paper.banner is None:
            raise ValueError("a paper of several pages is no picture")
        return await self._printed(paper, "png")

    def close(self) -> None:
        """Let the thread go."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    @cached_property
    def _compiler(self) -> typst.Compiler:
        fonts = typst.Fonts(
            include_system_fonts=False,
            include_embedded_fonts=True,
            font_paths=[str(Path(mpl.get_data_path()) / "fonts" / "ttf")],
        )
        return typst.Compiler(LETTER, root=HERE, font_paths=fonts)

    async def _printed(self, paper: Paper, form: Literal["pdf", "png"]) -> bytes:
        told = as_json(paper, self._wording)
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._print, told, paper, form)

    def _print(self, told: str, paper: Paper, form: Literal["pdf", "png"]) -> bytes:
        printed = self._compiler.compile(
            input=str(SLIP if paper.banner else LETTER),
            format=form,
            ppi=PPI,
            sys_inputs={"paper": told},
            pdf_standards="a-2b" if form == "pdf" else [],
            timestamp=paper.dated.astimezone(UTC).replace(microsecond=0),
        )
        if not isinstance(printed, bytes):
            raise TypeError("a paper is one file")
        return printed
