"""What is known of a run once it is over: plain values, which `promises` judges and tests can doctor."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass
class Typed:
    """One value typed into one question. `taken` None: not known yet; False: the question came again after it."""

    field: str
    value: str
    taken: bool | None = None


@dataclass(frozen=True)
class Wait:
    """How long somebody waited for the bot, in seconds since 1970, and whether it said anything."""

    began: float
    ended: float
    heard: bool


@dataclass(frozen=True)
class Outage:
    """From when to when somebody may have to wait, in seconds since 1970, and why."""

    began: float
    ended: float
    why: str


@dataclass(frozen=True)
class Walk:
    """One citizen: what they typed, what is stored of it, what they were told.

    `wanted` is what each field typed should say now, as it is stored; `answered` how often each was stored; `left` and
    `resumed` how often they went away from the form, and came back to it.
    """

    number: int
    typed: Sequence[Typed] = ()
    wanted: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    answered: Mapping[str, int] = field(default_factory=dict)
    told: Sequence[str] = ()
    waits: Sequence[Wait] = ()
    cards: int = 1
    done: bool = True
    stuck: str = ""
    left: int = 0
    resumed: int = 0
    nudges: int = 0
    double_taps: int = 0


@dataclass(frozen=True)
class Push:
    """One message to one chat or address: its row's state, its attempts of unknown outcome, and how often it arrived."""

    name: str
    lane: str
    state: str
    unknown: int
    arrived: int


@dataclass(frozen=True)
class Decision:
    """One request for verification. `heard`: what each reviewer was answered, by what they decided.

    `lines` are those of the journal that say it was decided; `state` is the request's; `pushes` tell its person, each
    named by the decision that it tells of.
    """

    name: str
    heard: Mapping[str, Sequence[int]]
    state: str
    lines: int
    pushes: Sequence[Push]
    letters: Sequence[Push]


@dataclass(frozen=True)
class Mailed:
    """One broadcast. `report` is what the desk shows of it in the end; `heard` what the administrator was answered.

    `rows` are its messages by chat; `wanted` the chats that it had to reach, `unwilling` those that it must not, `blocking`
    those that blocked the bot while it was on its way; `arrived` how often its text came to each chat.
    """

    name: str
    heard: Sequence[tuple[str, int]]
    state: str
    report: Mapping[str, int]
    rows: Sequence[tuple[int, str]]
    wanted: frozenset[int]
    unwilling: frozenset[int]
    blocking: frozenset[int]
    arrived: Mapping[int, int]


@dataclass(frozen=True)
class Code:
    """One code that was made. `words` are the messages in which it arrived; `to` is whose."""

    name: str
    channel: str
    to: str
    state: str
    words: Sequence[str]


@dataclass(frozen=True)
class Evidence:
    """A run. `happened` counts the faults that the storm promises, `besides` what else there was.

    `refusals`: why messages were given up for good, but for blocks of the bot, and how many;
    `sends`: when each message came to Telegram, in seconds since 1970; `stops`: with which code and after how many seconds
    each process stopped; `journal`: the code and the words of `medkarta audit verify`; `asked`: how many codes were asked
    for, by whom and channel, `made`: how many there are.
    """

    seed: int
    by: str
    phases: Mapping[str, float]
    happened: Mapping[str, int]
    besides: Mapping[str, int]
    walks: Sequence[Walk]
    pushes: Sequence[Push]
    letters: Sequence[Push]
    refusals: Mapping[str, int]
    decisions: Sequence[Decision]
    mailings: Sequence[Mailed]
    codes: Sequence[Code]
    asked: Mapping[str, int]
    sends: Sequence[float]
    outages: Sequence[Outage]
    unsent: int
    ready: int
    journal: tuple[int, str]
    lines: int
    stops: Mapping[str, tuple[int, float]]
    fell: Sequence[str]
    errors: Mapping[str, int]

    @property
    def made(self) -> Counter[str]:
        """How many codes there are, by whom and channel."""
        return Counter(f"{each.channel} {each.to}" for each in self.codes)
