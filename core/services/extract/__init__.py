"""Papers from the card, as people and the worker handle them."""

from core.services.extract.composing import Composer
from core.services.extract.confirming import ConfirmOrder, SendOrderCode
from core.services.extract.keeping import (
    ExtractView,
    ListExtracts,
    MailExtract,
    Opened,
    OpenExtract,
    RestoreExtract,
    ViewExtract,
    WatchExtracts,
    WithdrawExtract,
)
from core.services.extract.making import MakePaper, Records
from core.services.extract.ordering import (
    BeginOrder,
    ChooseAim,
    ChooseLastDay,
    ChoosePeriod,
    Desk,
    DropOrder,
    OrderView,
    TypeAim,
    TypePeriod,
    ViewOrder,
)
from core.services.extract.provenance import Provenance, Remark, RemarkKind
from core.services.extract.signing import (
    DraftView,
    ListWaiting,
    RefuseExtract,
    SignExtract,
    ViewDraft,
    Waiting,
)
from core.services.extract.storing import ArchivePapers, Enclosures, RestorePapers
from core.services.extract.verifying import (
    CheckFile,
    ComparePaper,
    Genuineness,
    TooFewCharacters,
    Verified,
    VerifyPaper,
)

__all__ = [
    "ArchivePapers",
    "BeginOrder",
    "CheckFile",
    "ChooseAim",
    "ChooseLastDay",
    "ChoosePeriod",
    "ComparePaper",
    "Composer",
    "ConfirmOrder",
    "Desk",
    "DraftView",
    "DropOrder",
    "Enclosures",
    "ExtractView",
    "Genuineness",
    "ListExtracts",
    "ListWaiting",
    "MailExtract",
    "MakePaper",
    "OpenExtract",
    "Opened",
    "OrderView",
    "Provenance",
    "Records",
    "RefuseExtract",
    "Remark",
    "RemarkKind",
    "RestoreExtract",
    "RestorePapers",
    "SendOrderCode",
    "SignExtract",
    "TooFewCharacters",
    "TypeAim",
    "TypePeriod",
    "Verified",
    "VerifyPaper",
    "ViewDraft",
    "ViewExtract",
    "ViewOrder",
    "Waiting",
    "WatchExtracts",
    "WithdrawExtract",
]
