"""Where the medical record is kept, and what goes with it, as the container provides it."""

from dishka import Provider, Scope, provide

from core.domain import (
    audit,
    booking,
    canned,
    clinic,
    conversation,
    extract,
    factor,
    figures,
    handover,
    hook,
    idempotency,
    knowledge,
    live,
    page,
    past,
    proof,
    record,
    resource,
    schedule,
    sla,
    staff,
    team,
    ticket,
    vaccination,
    worktime,
)
from core.storage.booking import SqlBookings, SqlWaits
from core.storage.canned import SqlCannedAnswers
from core.storage.clinic import SqlClinics
from core.storage.conversation import (
    SqlConversations,
    SqlDeskEvents,
    SqlDeskSettings,
    SqlDrafts,
    SqlLines,
    SqlRelays,
)
from core.storage.extract import SqlExtracts
from core.storage.factor import SqlFactors, SqlUnlocks
from core.storage.figures import SqlWorks
from core.storage.handover import SqlHandovers
from core.storage.hook import SqlHooks
from core.storage.idempotency import SqlCalls
from core.storage.knowledge import SqlArticles, SqlQuestions
from core.storage.live import SqlWatchers
from core.storage.page import SqlPages
from core.storage.past import SqlPasts
from core.storage.proof import SqlProofs
from core.storage.record import SqlReferrals, SqlResults, SqlVaccinations, SqlVisits
from core.storage.resource import SqlResources
from core.storage.schedule import SqlFacilities, SqlSlots, SqlTimetables
from core.storage.sla import SqlOpenWaits, SqlSla
from core.storage.team import SqlDuties, SqlTeams
from core.storage.ticket import SqlTickets, SqlTicketWords
from core.storage.trail import SqlReading
from core.storage.vaccination import SqlClaims, SqlCorrections, SqlStaffKeys
from core.storage.worktime import SqlWorktimes


class Records(Provider):
    """They live as long as one update, one request, one round of the worker, beside its transaction."""

    scope = Scope.REQUEST

    reading = provide(SqlReading, provides=audit.Reading)
    extracts = provide(SqlExtracts, provides=extract.Extracts)
    clinics = provide(SqlClinics, provides=clinic.Clinics)
    resources = provide(SqlResources, provides=resource.Resources)
    results = provide(SqlResults, provides=record.Results)
    visits = provide(SqlVisits, provides=record.Visits)
    vaccinations = provide(SqlVaccinations, provides=record.Vaccinations)
    referrals = provide(SqlReferrals, provides=record.Referrals)
    factors = provide(SqlFactors, provides=factor.Factors)
    unlocks = provide(SqlUnlocks, provides=factor.Unlocks)
    pages = provide(SqlPages, provides=page.Pages)
    proofs = provide(SqlProofs, provides=proof.Proofs)
    handovers = provide(SqlHandovers, provides=handover.Handovers)
    articles = provide(SqlArticles, provides=knowledge.Articles)
    questions = provide(SqlQuestions, provides=knowledge.Questions)
    claims = provide(SqlClaims, provides=vaccination.Claims)
    corrections = provide(SqlCorrections, provides=vaccination.Corrections)
    staff_keys = provide(SqlStaffKeys, provides=staff.StaffKeys)
    facilities = provide(SqlFacilities, provides=schedule.Facilities)
    timetables = provide(SqlTimetables, provides=schedule.Timetables)
    slots = provide(SqlSlots, provides=schedule.Slots)
    bookings = provide(SqlBookings, provides=booking.Bookings)
    teams = provide(SqlTeams, provides=team.Teams)
    duties = provide(SqlDuties, provides=team.Duties)
    tickets = provide(SqlTickets, provides=ticket.Tickets)
    ticket_words = provide(SqlTicketWords, provides=ticket.TicketWords)
    conversations = provide(SqlConversations, provides=conversation.Conversations)
    lines = provide(SqlLines, provides=conversation.Lines)
    relays = provide(SqlRelays, provides=conversation.Relays)
    drafts = provide(SqlDrafts, provides=conversation.Drafts)
    desk_events = provide(SqlDeskEvents, provides=conversation.DeskEvents)
    desk_settings = provide(SqlDeskSettings, provides=conversation.DeskSettings)
    canned_answers = provide(SqlCannedAnswers, provides=canned.CannedAnswers)
    waits = provide(SqlWaits, provides=booking.Waits)
    citizens_waits = provide(SqlOpenWaits, provides=sla.Waits)
    sla_ledger = provide(SqlSla, provides=sla.Sla)
    pasts = provide(SqlPasts, provides=past.Pasts)
    works = provide(SqlWorks, provides=figures.Works)
    worktimes = provide(SqlWorktimes, provides=worktime.Worktimes)
    hooks = provide(SqlHooks, provides=hook.Hooks)
    calls = provide(SqlCalls, provides=idempotency.Calls)
    watchers = provide(SqlWatchers, provides=live.Watchers)
