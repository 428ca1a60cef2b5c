"""Every window drawn from its invented data, and the map of how windows lead to one another.

`python -m bot.preview OUT_DIR` writes `dialogs.ru.html`, `dialogs.en.html` and `transitions.png` (graphviz wanted).
"""

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from aiogram import Router
from aiogram.fsm.state import State
from aiogram_dialog.api.entities import NewMessage
from aiogram_dialog.tools.preview import FakeManager, RenderDialog, render_dialog
from jinja2 import Environment, PackageLoader, select_autoescape

from bot.dialogs import dialogs
from core.domain.chat import DEFAULT_ZONE, LANGUAGES


def preview_manager(language: str) -> FakeManager:
    """Return a manager that draws in a language, with nobody behind it."""
    manager = FakeManager()  # type: ignore[no-untyped-call]  # the library leaves its tools untyped
    manager.middleware_data.update({"language": language, "zone": DEFAULT_ZONE})
    return manager


async def windows(language: str) -> AsyncIterator[tuple[State, NewMessage]]:
    """Yield every window of every dialog as the message that Telegram would be asked to send."""
    for dialog in dialogs():
        manager = preview_manager(language)
        manager.set_dialog(dialog)
        for state in dialog.states():
            manager.set_state(state)
            yield state, await manager.show_raw()


async def page(language: str) -> str:
    """Return an HTML page with every dialog, in aiogram-dialog's own look."""
    drawn: list[RenderDialog] = []
    for dialog in dialogs():
        manager = preview_manager(language)
        drawn.append(await render_dialog(manager, dialog.states_group(), dialog, simulate_events=False))
    environment = Environment(loader=PackageLoader("aiogram_dialog.tools"), autoescape=select_autoescape())
    return environment.get_template("message.html").render(dialogs=drawn)


def draw_map(path: Path) -> None:
    """Draw how windows lead to one another; `path` ends in .png. Exits with a word when graphviz is absent."""
    if shutil.which("dot") is None:
        sys.exit("the map of windows is drawn by graphviz: install it, so that `dot` is found")
    from aiogram_dialog.tools.transitions import render_transitions  # graphviz is wanted for this alone

    router = Router()
    router.include_routers(*dialogs())
    render_transitions(router, title="Medkarta", filename=str(path.with_suffix("")), format="png")


def main(folder: Path) -> None:
    """Write everything into a folder, made when absent."""
    folder.mkdir(parents=True, exist_ok=True)
    for language in LANGUAGES:
        (folder / f"dialogs.{language}.html").write_text(asyncio.run(page(language)), "utf-8")
    draw_map(folder / "transitions.png")


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit("usage: python -m bot.preview OUT_DIR")
    main(Path(sys.argv[1]))
