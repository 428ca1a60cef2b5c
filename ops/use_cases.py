"""Every use case of the product and what several of them share, as the container provides them."""

import inspect
from types import ModuleType

from dishka import Provider, Scope

from core.services import access, telling
from core.services import account as account_services
from core.services import activity as activity_services
from core.services import application as application_services
from core.services import audit as audit_services
from core.services import booking as booking_services
from core.services import broadcast as broadcast_services
from core.services import canned as canned_services
from core.services import card as card_services
from core.services import chat as chat_services
from core.services import clinic as clinic_services
from core.services import code as code_services
from core.services import consent as consent_services
from core.services import conversation as conversation_services
from core.services import document as document_services
from core.services import extract as extract_services
from core.services import factor as factor_services
from core.services import figures as figures_services
from core.services import handover as handover_services
from core.services import hook as hook_services
from core.services import idempotency as idempotency_services
from core.services import knowledge as knowledge_services
from core.services import live as live_services
from core.services import notification as notification_services
from core.services import page as page_services
from core.services import proof as proof_services
from core.services import record as record_services
from core.services import reminder as reminder_services
from core.services import resource as resource_services
from core.services import schedule as schedule_services
from core.services import signin as signin_services
from core.services import sla as sla_services
from core.services import staff as staff_services
from core.services import subscription as subscription_services
from core.services import team as team_services
from core.services import ticket as ticket_services
from core.services import update as update_services
from core.services import vaccination as vaccination_services
from core.services import verification as verification_services
from core.services import worktime as worktime_services
from core.services.application import registry, sending, view
from core.services.booking import calling_off, filling, offering
from core.services.booking import telling as telling_clinics
from core.services.resource import matching, scheduling
from core.services.schedule import steering

SERVICES: tuple[ModuleType, ...] = (
    account_services,
    activity_services,
    application_services,
    audit_services,
    booking_services,
    broadcast_services,
    canned_services,
    card_services,
    chat_services,
    clinic_services,
    consent_services,
    conversation_services,
    document_services,
    extract_services,
    factor_services,
    figures_services,
    handover_services,
    hook_services,
    idempotency_services,
    knowledge_services,
    live_services,
    notification_services,
    page_services,
    resource_services,
    proof_services,
    record_services,
    schedule_services,
    signin_services,
    sla_services,
    staff_services,
    subscription_services,
    team_services,
    ticket_services,
    update_services,
    vaccination_services,
    verification_services,
    worktime_services,
)


def use_cases() -> list[type]:
    """Return every use case: the dataclasses of the service modules that can be called."""
    found = {
        each
        for module in SERVICES
        for _, each in inspect.getmembers(module, inspect.isclass)
        if each.__module__.startswith("core.services") and "__call__" in vars(each)
    }
    return sorted(found, key=lambda each: each.__qualname__)


def services() -> Provider:
    """Return the provider of use cases and of what they share."""
    provider = Provider(scope=Scope.REQUEST)
    shared = (
        telling.Teller,
        code_services.CodeOffice,
        extract_services.Composer,
        extract_services.Desk,
        extract_services.Enclosures,
        extract_services.Provenance,
        extract_services.Records,
        access.Gate,
        audit_services.Sparing,
        audit_services.Teller,
        booking_services.Asking,
        booking_services.Booker,
        calling_off.CallOff,
        filling.HoldSight,
        offering.Offering,
        telling_clinics.ClinicTelling,
        booking_services.Confirming,
        booking_services.GoingAlong,
        booking_services.Filling,
        booking_services.Keeping,
        booking_services.DaySlips,
        booking_services.Notices,
        booking_services.Reception,
        booking_services.Sight,
        booking_services.SlipOffice,
        booking_services.SlipWriter,
        conversation_services.Beside,
        conversation_services.Carrier,
        conversation_services.Floor,
        conversation_services.Handing,
        conversation_services.Listing,
        conversation_services.Parting,
        conversation_services.FileGuard,
        conversation_services.Speaking,
        conversation_services.Waiting,
        factor_services.FactorCheck,
        factor_services.Sessions,
        factor_services.Workshop,
        registry.FieldCheck,
        sending.CardMaker,
        sending.Completeness,
        notification_services.LineCarrier,
        matching.PatientMatch,
        scheduling.ScheduleIntake,
        view.Viewer,
        schedule_services.Front,
        schedule_services.Keeping,
        steering.Shifting,
        schedule_services.SlotMaker,
        figures_services.Counted,
        sla_services.Marker,
        sla_services.Renewal,
        ticket_services.Clerk,
        ticket_services.Desktop,
        ticket_services.Enclosing,
        ticket_services.FileCheck,
        ticket_services.Filing,
        ticket_services.Listing,
        ticket_services.TicketCounter,
        vaccination_services.Counter,
        vaccination_services.DoseReminders,
        vaccination_services.Pen,
        vaccination_services.Scribe,
    )
    # What others share may be callable as well: it is one thing all the same.
    for each in dict.fromkeys((*use_cases(), *shared, reminder_services.DraftReminders, broadcast_services.Crowd)):
        provider.provide(each)
    return provider
