"""What is sent side by side, so that a slow relay of mail holds back no SMS and no push, and bulk holds back nobody."""

from dataclasses import dataclass

from core.domain.notification import Channel, Lane, road


@dataclass(frozen=True, slots=True)
class Stream:
    """Channels and lanes that are claimed together."""

    name: str
    channels: tuple[Channel, ...]
    lanes: tuple[Lane, ...]

    @property
    def road(self) -> str:
        """By which name whoever sends it is woken."""
        return road(self.channels[0], self.lanes[0])


PUSHES = Stream("pushes", (Channel.TELEGRAM,), (Lane.ANSWER, Lane.CODE, Lane.NOTICE))
TEXTS = Stream("texts", (Channel.SMS,), tuple(Lane))
LETTERS = Stream("letters", (Channel.MAIL,), tuple(Lane))
BULK = Stream("bulk", (Channel.TELEGRAM,), (Lane.BULK,))
STREAMS = (PUSHES, TEXTS, LETTERS, BULK)
