"""The sitemap: one group a noun, one state a window. Dialogs lead to one another through these alone."""

from aiogram.fsm.state import State, StatesGroup


class Menu(StatesGroup):
    """Where everybody starts and returns to."""

    main = State()
    about = State()
    language = State()


class Asking(StatesGroup):
    """A question in one's own words: what answers it, or what is near."""

    answer = State()
    near = State()


class SignIn(StatesGroup):
    """Into the account through the portal, and out of it."""

    link = State()
    out = State()


class Status(StatesGroup):
    """The account's verification and its contacts."""

    main = State()
    documents = State()
    inn = State()
    phone = State()
    email = State()
    code = State()


class Card(StatesGroup):
    """The application, field by field, and the card once it is there."""

    known = State()
    field = State()
    phone = State()
    proof = State()
    benefits = State()
    summary = State()
    code = State()
    waiting = State()
    drop = State()
    view = State()
    blocked = State()


class Documents(StatesGroup):
    """The application's scans."""

    list = State()
    one = State()


class Consent(StatesGroup):
    """The consent: read, agreed to, withdrawn."""

    text = State()
    withdraw = State()


class Notifications(StatesGroup):
    """What is told, where and when."""

    main = State()
    topic = State()
    quiet = State()
    own_hours = State()
    region = State()
    digest = State()


class Security(StatesGroup):
    """The second factor: set up, unlock, lock, recover; and what stands before a record that cannot be opened."""

    main = State()
    ways = State()
    totp = State()
    sms = State()
    codes = State()
    unlock = State()
    span = State()
    proof = State()
    no_card = State()
    suspended = State()


class Results(StatesGroup):
    """Results of examinations, by category and period."""

    main = State()
    period = State()
    since = State()
    until = State()
    list = State()
    panel = State()
    course = State()
    search = State()


class Visits(StatesGroup):
    """Visits to doctors, and handing them over."""

    main = State()
    visit = State()
    narrow = State()
    period = State()
    since = State()
    until = State()
    speciality = State()
    institution = State()
    pick = State()
    term = State()
    recipient = State()
    handed = State()


class Vaccinations(StatesGroup):
    """Vaccinations: given, due, brought, corrected."""

    main = State()
    one = State()
    due = State()
    add = State()
    vaccine = State()
    day = State()
    series = State()
    institution = State()
    check = State()
    claims = State()
    claim = State()
    field = State()
    right = State()
    why = State()
    sure = State()


class Extracts(StatesGroup):
    """Papers from the card: ordered, made, kept, checked."""

    main = State()
    one = State()
    mail = State()
    kind = State()
    span = State()
    since = State()
    until = State()
    aim = State()
    words = State()
    confirm = State()


class Booking(StatesGroup):
    """An appointment with a doctor, from "whom do I need" to the slip."""

    main = State()
    search = State()
    clinic = State()
    near = State()
    region = State()
    doctor = State()
    day = State()
    calendar = State()
    time = State()
    check = State()
    referral = State()
    taken = State()
    done = State()


class Appointments(StatesGroup):
    """Appointments to come and past ones; what can be done with one."""

    main = State()
    past = State()
    one = State()
    cancel = State()
    words = State()
    late = State()
    reminders = State()
    offer = State()


class Activity(StatesGroup):
    """Who looked at the record, when and why."""

    main = State()


class Help(StatesGroup):
    """What the bot can do, and who helps."""

    main = State()


class Conversation(StatesGroup):
    """The talk with an operator: its place in the queue, when nobody answers, what is shown of the record."""

    main = State()
    closed = State()
    sections = State()
    share = State()


class Support(StatesGroup):
    """Whom to ask, and what about."""

    main = State()
    contacts = State()
    centres = State()


class Request(StatesGroup):
    """A request being written."""

    earlier = State()
    words = State()
    files = State()
    check = State()
    sent = State()


class Tickets(StatesGroup):
    """Requests that were sent, and what became of them."""

    main = State()
    one = State()
    files = State()
    answer = State()
    paper = State()
    close = State()
    reopen = State()
    rate = State()
    review = State()
