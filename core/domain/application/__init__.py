"""The application that creates the card: its steps, answers, states and rules."""

from core.domain.application.entity import (
    MOVES,
    Application,
    Applications,
    ApplicationState,
    Blocked,
    NoApplication,
    StillMissing,
)
from core.domain.application.fields import (
    CONFIRMED_BY_CODE,
    FIELDS_OF,
    STEPS,
    Answer,
    BirthDateFirst,
    Check,
    Field,
    Source,
    Step,
    Value,
    echoed,
    read,
    step_of,
)

__all__ = [
    "CONFIRMED_BY_CODE",
    "FIELDS_OF",
    "MOVES",
    "STEPS",
    "Answer",
    "Application",
    "ApplicationState",
    "Applications",
    "BirthDateFirst",
    "Blocked",
    "Check",
    "Field",
    "NoApplication",
    "Source",
    "Step",
    "StillMissing",
    "Value",
    "echoed",
    "read",
    "step_of",
]
