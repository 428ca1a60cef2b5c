"""The walker: 2,000 steps here, 100,000 by `make walk`."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.journeys.house import standing
from tests.journeys.walker import Walker

STEPS = int(os.environ.get("WALK_STEPS", "2000"))
SEED = int(os.environ.get("WALK_SEED", "1"))
SIDE_BY_SIDE = 4
STEPS_A_ROUND = 125
ROUNDS_A_WALK = 4


def test_wherever_one_walks_there_is_an_answer_a_way_on_and_nothing_is_lost(tmp_path: Path, keys: Path) -> None:
    left, seed = STEPS, SEED
    with (
        standing(tmp_path, keys, ("playground", "api", "worker", "bot")) as house,
        ThreadPoolExecutor(SIDE_BY_SIDE) as threads,
    ):
        while left > 0:
            walkers = [Walker(house, seed + number) for number in range(SIDE_BY_SIDE)]
            seed += SIDE_BY_SIDE
            for number in range(ROUNDS_A_WALK):
                for finished in [threads.submit(walker.walk, STEPS_A_ROUND) for walker in walkers]:
                    finished.result()
                left -= STEPS_A_ROUND * SIDE_BY_SIDE
                # In the middle of everybody's walk the bot is gone and comes back, now and then without a farewell.
                house.stop("bot", kill=number % 2 == 1)
                house.start("bot")
                if left <= 0:
                    return
