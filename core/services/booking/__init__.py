"""Booking a doctor, as people, clinics and the worker go about it."""

from core.services.booking.asking import Asking, GoingAlong
from core.services.booking.booker import Booker
from core.services.booking.choosing import FindSpecialities, ListDoctors, ListPlaces, ViewStart
from core.services.booking.confirming import ConfirmBooking, Confirming, TakeOffer
from core.services.booking.day import DaySlips
from core.services.booking.filling import ChooseReminders, Filling, NameReferral, ShareWith, ViewHold
from core.services.booking.following import AskClinics, FollowClinics
from core.services.booking.holding import HoldSlot, LetGo
from core.services.booking.keeping import (
    CancelBooking,
    Keeping,
    SayComing,
    SayLate,
    ViewBooking,
    ViewComing,
    ViewPast,
)
from core.services.booking.notices import Notices
from core.services.booking.people import Reception
from core.services.booking.releasing import EndWaits, ReleaseHolds
from core.services.booking.sight import Sight
from core.services.booking.slip import (
    PrintSlip,
    SlipCalendar,
    SlipFile,
    SlipOffice,
    SlipPicture,
    SlipPoint,
    SlipSeen,
    Spot,
    VerifySlip,
)
from core.services.booking.slip_sheet import SlipWriter
from core.services.booking.times import ViewDays, ViewNearest, ViewTimes
from core.services.booking.views import (
    SHAREABLE,
    BookingView,
    Choice,
    ComingView,
    Confirmed,
    DaysView,
    DoctorLine,
    DoctorsView,
    Freshness,
    HoldView,
    LastTime,
    OfferView,
    PastView,
    PatientView,
    Place,
    PlacesView,
    StartView,
    TimesView,
    Told,
)
from core.services.booking.waiting import DeclineOffer, JoinWaiting, LeaveWaiting, ViewOffer

__all__ = [
    "SHAREABLE",
    "AskClinics",
    "Asking",
    "Booker",
    "BookingView",
    "CancelBooking",
    "Choice",
    "ChooseReminders",
    "ComingView",
    "ConfirmBooking",
    "Confirmed",
    "Confirming",
    "DaySlips",
    "DaysView",
    "DeclineOffer",
    "DoctorLine",
    "DoctorsView",
    "EndWaits",
    "Filling",
    "FindSpecialities",
    "FollowClinics",
    "Freshness",
    "GoingAlong",
    "HoldSlot",
    "HoldView",
    "JoinWaiting",
    "Keeping",
    "LastTime",
    "LeaveWaiting",
    "LetGo",
    "ListDoctors",
    "ListPlaces",
    "NameReferral",
    "Notices",
    "OfferView",
    "PastView",
    "PatientView",
    "Place",
    "PlacesView",
    "PrintSlip",
    "Reception",
    "ReleaseHolds",
    "SayComing",
    "SayLate",
    "ShareWith",
    "Sight",
    "SlipCalendar",
    "SlipFile",
    "SlipOffice",
    "SlipPicture",
    "SlipPoint",
    "SlipSeen",
    "SlipWriter",
    "Spot",
    "StartView",
    "TakeOffer",
    "TimesView",
    "Told",
    "VerifySlip",
    "ViewBooking",
    "ViewComing",
    "ViewDays",
    "ViewHold",
    "ViewNearest",
    "ViewOffer",
    "ViewPast",
    "ViewStart",
    "ViewTimes",
]
