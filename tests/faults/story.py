"""What a run is made of while it goes on."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.faults.citizen import Citizen
from tests.faults.crew import Crew
from tests.faults.desk import Desk
from tests.faults.plan import Plan
from tests.faults.post import Post
from tests.faults.town import Subscriber
from tests.faults.weather import Storm
from tests.faults.wire import Wire


@dataclass
class Story:
    """What happened in a run, for whoever gathers the evidence. `journal`: code and words of `medkarta audit verify`."""

    plan: Plan
    people: list[Citizen]
    town: Sequence[Subscriber]
    desk: Desk
    storm: Storm
    post: Post
    wire: Wire
    crew: Crew
    database: str
    began: float
    stops: dict[str, tuple[int, float]] = field(default_factory=dict)
    ready: int = 0
    unsent: int = 0
    journal: tuple[int, str] = (1, "it was not looked at")
    phases: dict[str, float] = field(default_factory=dict)

    def so_far(self) -> str:
        """Return a line about how it goes."""
        kills, cards = sum(self.storm.killed.values()), sum(1 for each in self.people if each.done)
        fields = sum(len(each.typed) for each in self.people)
        return (
            f"{time.time() - self.began:4.0f} s  kills {kills}/{self.plan.kills}, people {len(self.people)}, "
            f"cards {cards}, fields typed {fields}, pushes {len(self.post.sent)}, broadcasts {len(self.desk.mailings)}"
        )
