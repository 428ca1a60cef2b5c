"""The sitemap: one group a noun, one state a window. Dialogs lead to one another through these alone."""

from aiogram.fsm.state import State, StatesGroup


class Menu(StatesGroup):
    """Where everybody starts and returns to."""

    main = State()
    about = State()
    language = State()


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


class Help(StatesGroup):
    """What the bot can do, and who helps."""

    main = State()
