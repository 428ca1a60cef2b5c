"""How much each part measures."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is done: rounds of walks of eleven turns, seconds of broadcast, conversations, citizens, notices,
    results of other people, looks at fifty results, Observations taken in, slots, questions for free ones, people who
    want a tenth as many times at once, megabytes of a bundle, conversations with operators at once, operators."""

    rounds: int = 5
    walks: int = 200
    alone: int = 10
    seconds: float = 60.0
    conversations: int = 100_000
    citizens: int = 1_000_000
    notices: int = 10_000_000
    results: int = 10_000_000
    looks: int = 200
    observations: int = 10_000
    slots: int = 1_000_000
    questions: int = 2_000
    contenders: int = 1_000
    megabytes: float = 20.0
    talks: int = 200
    operators: int = 50


QUICK = Sizes(2, 40, 2, 5, 5_000, 20_000, 200_000, 50_000, 40, 600, 20_000, 100, 100, 2, 20, 5)
