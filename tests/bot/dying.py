"""A bot that one update kills, life after life: a program of its own, because it dies. Its last line says in JSON what became."""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

from dishka import AsyncContainer

from core.domain.update import Standing
from core.services.update import CountKept
from ops.container import make_container
from ops.lock import LocalLocks
from ops.settings import Settings
from tests.bot.street import Street, a_moment, until

KILLER, BESIDE, AFTER = 13, 14, 15


async def live(container: AsyncContainer, folder: Path, life: int) -> None:
    """Take in what is not over yet, as Telegram brings it after a start. `BESIDE` is under way when the first life ends."""
    began: list[int] = []
    never = asyncio.Event()

    async def handle(_chat: int, number: int) -> None:
        began.append(number)
        if number == BESIDE and life == 0:
            await never.wait()
        if number == KILLER and life == 0:
            await until(lambda: BESIDE in began)
        # The killer takes some moments, and what is beside it takes more: side by side they would die together each time.
        for _ in range({KILLER: 5, BESIDE: 50}.get(number, 0)):
            await a_moment()
        if number == KILLER:
            os.kill(os.getpid(), signal.SIGKILL)

    street = Street(container, handle, LocalLocks(folder / "under-way"))
    over = folder / "over"
    left = [each for each in (KILLER, BESIDE, AFTER) if not (over / str(each)).exists()]
    async with street.lines.open():
        for number in left:
            street.put(number, chat=1 if number == KILLER else number)
        while left:
            await until(lambda: any(each in street.outcomes for each in left))
            for each in [each for each in left if each in street.outcomes]:
                (over / str(each)).write_text(street.outcomes[each])
                left.remove(each)
    async with container() as scope:
        kept = await (await scope.get(CountKept))()
    told = {"said": street.telegram.said(), "aside": kept.states[Standing.ASIDE], "began": began}
    (folder / "told.json").write_text(json.dumps(told))
    await container.close()


def main() -> None:
    """Live until a life ends by itself."""
    url, folder, keyring = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    # Put together once for all lives: nothing of it is begun before somebody asks for it.
    container = make_container(Settings(_env_file=None, database_url=url, state_dir=folder, keyring_path=keyring))
    (folder / "over").mkdir()
    deaths = 0
    while deaths < 20:
        child = os.fork()
        if not child:
            asyncio.run(live(container, folder, deaths))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            break
        deaths += 1
    over = sorted(int(each.name) for each in (folder / "over").iterdir())
    told = json.loads((folder / "told.json").read_text())
    sys.stdout.write("\n" + json.dumps({"deaths": deaths, "over": over, **told}))


if __name__ == "__main__":
    main()
