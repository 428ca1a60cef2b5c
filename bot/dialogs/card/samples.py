"""Invented data that previews and their tests draw the windows with."""

from dataclasses import replace
from datetime import UTC, datetime

from core.domain.application import FIELDS_OF, STEPS, ApplicationState, Check, Field, Source
from core.domain.card import CardState
from core.domain.code import Channel
from core.domain.consent import ConsentState
from core.domain.document import Kind
from core.services.application import ApplicationView, FieldView, StepView
from core.services.card import CardView
from core.services.code import Sent

ECHOED = {
    Field.NAME: "Ильина Анна Сергеевна",
    Field.BIRTH_DATE: "14.03.1980",
    Field.SEX: "female",
    Field.SNILS: "•••-•••-445 95",
    Field.PASSPORT_NUMBER: "•• •• •••456",
    Field.PASSPORT_ISSUED: "20.04.2015",
    Field.PASSPORT_ISSUER: "ГУ МВД России по городу Москве",
    Field.PASSPORT_CODE: "770-001",
    Field.ADDRESS: "г. Москва, ул. Лесная, д. 5, кв. 12",
    Field.PHONE: "+7 900 •••-••-01",
    Field.POLICY: "•••• •••• •••• 0127",
    Field.EMAIL: "a•••@example.org",
}
TYPED = frozenset({Field.SNILS, Field.POLICY})


def _field(field: Field) -> FieldView:
    source = Source.TYPED if field in TYPED else Source.PORTAL
    check = Check.WAITING if field is Field.POLICY else Check.NONE
    return FieldView(field, lambda: ECHOED[field], source, check, settled=True)


COMPLETE = ApplicationView(
    state=ApplicationState.DRAFT,
    steps=tuple(
        StepView(step, number, complete=True, fields=tuple(_field(each) for each in FIELDS_OF[step]))
        for number, step in enumerate(STEPS, start=1)
    ),
    gap=None,
    reviewed=True,
    benefits=True,
    missing_documents=(),
    wanted_documents=(Kind.PASSPORT, Kind.SNILS, Kind.REGISTRATION, Kind.DISABILITY),
    present_documents=(Kind.PASSPORT, Kind.SNILS, Kind.REGISTRATION),
    consent=ConsentState.GIVEN,
    waits_for=(Field.POLICY,),
    failed=(),
    code=None,
)
SENT = replace(COMPLETE, state=ApplicationState.CODE_SENT, code=Sent(Channel.SMS, ECHOED[Field.PHONE], 60))
CARD = CardView("4276 1380 5512", "Анна И.", CardState.ACTIVE, datetime(2026, 11, 23, 9, 30, tzinfo=UTC))
