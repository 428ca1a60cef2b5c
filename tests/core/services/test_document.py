"""The scans of the application, as the person who sends them sees it."""

from core.domain.document import Kind, Purpose
from core.services.application import ChooseBenefits, OpenApplication
from core.services.document import ListDocuments, OpenDocument, RelabelDocument, UploadDocument
from tests.core.services.town import Town


async def test_two_scans_taken_for_one_another_change_places(town: Town) -> None:
    citizen = await town.sign_in()
    await town.call(OpenApplication, citizen)
    passport = await town.call(UploadDocument, citizen, Purpose.APPLICATION, Kind.PASSPORT, b"really the snils")
    snils = await town.call(UploadDocument, citizen, Purpose.APPLICATION, Kind.SNILS, b"really the passport")
    await town.call(RelabelDocument, citizen, passport.id, Kind.SNILS)
    listed = await town.call(ListDocuments, citizen, Purpose.APPLICATION)
    assert listed.of(Kind.SNILS).id == passport.id
    assert listed.of(Kind.PASSPORT).id == snils.id
    assert (await town.call(OpenDocument, citizen, snils.id))[1] == b"really the passport"
    await town.call(RelabelDocument, citizen, snils.id, Kind.REGISTRATION)
    listed = await town.call(ListDocuments, citizen, Purpose.APPLICATION)
    assert (listed.of(Kind.REGISTRATION).id, listed.of(Kind.PASSPORT)) == (snils.id, None)


async def test_the_certificate_is_asked_only_of_who_wants_the_benefits(town: Town) -> None:
    citizen = await town.sign_in()
    await town.call(OpenApplication, citizen)
    assert Kind.DISABILITY not in (await town.call(ListDocuments, citizen, Purpose.APPLICATION)).wanted
    await town.call(ChooseBenefits, citizen, True)
    listed = await town.call(ListDocuments, citizen, Purpose.APPLICATION)
    assert Kind.DISABILITY in listed.wanted
    assert Kind.DISABILITY not in listed.missing
