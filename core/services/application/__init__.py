"""The application that creates the card: opened, filled in, shown, sent, confirmed, checked later."""

from core.services.application.answering import Answered, AnswerField, ProveField, ResendProof
from core.services.application.checking import CheckLater
from core.services.application.opening import ChooseBenefits, ConfirmKnown, DropApplication, OpenApplication
from core.services.application.sending import ConfirmApplication, SendApplication, Sending
from core.services.application.view import ApplicationView, FieldView, StepView, ViewApplication

__all__ = [
    "AnswerField",
    "Answered",
    "ApplicationView",
    "CheckLater",
    "ChooseBenefits",
    "ConfirmApplication",
    "ConfirmKnown",
    "DropApplication",
    "FieldView",
    "OpenApplication",
    "ProveField",
    "ResendProof",
    "SendApplication",
    "Sending",
    "StepView",
    "ViewApplication",
]
