"""Who books: what is known of the person, and whether they may."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from core.domain.access import Deed, Section
from core.domain.account import Account, Accounts
from core.domain.actor import Citizen, NotAllowed
from core.domain.application import Applications, Field
from core.domain.booking import Patient
from core.domain.identifiers import FullName, InvalidValue, PolicyNumber, Sex
from core.domain.ids import AccountId
from core.services.access import Gate
from core.services.booking.views import PatientView


@dataclass(frozen=True, slots=True)
class Known:
    """A person as the card has them, or the portal where the card came another way."""

    account: Account = field(repr=False)
    name: str = field(repr=False)
    born: date | None = field(repr=False)
    sex: Sex | None = field(repr=False)
    policy: PolicyNumber | None = field(repr=False)
    phone: str | None = field(repr=False)

    @property
    def patient(self) -> Patient:
        """What decides of a booking."""
        return Patient(self.born, self.sex, has_policy=self.policy is not None)

    @property
    def view(self) -> PatientView:
        """The person as somebody to book for."""
        return PatientView(self.account.id, self.account.first_name)


@dataclass(frozen=True, slots=True)
class Reception:
    """Lets people in, inside the open transaction of whoever uses it. The line in the journal is its user's to write."""

    gate: Gate
    accounts: Accounts
    applications: Applications

    async def asks(self, citizen: Citizen, patient: AccountId | None = None) -> Known:
        """Let somebody book for themselves (`patient` None), or for whom they may speak.

        Raises NoCard, CardSuspended where the consent is withdrawn, NotAllowed.
        """
        if patient not in {None, citizen.account}:
            raise NotAllowed
        return await self._known(await self.gate.owner(citizen, Section.BOOKINGS, Deed.ASK))

    async def looks(self, citizen: Citizen) -> Known:
        """Let somebody see what they have, and take it back: also while the consent is withdrawn. Raises NotAllowed."""
        return await self._known(await self.gate.owner(citizen, Section.BOOKINGS))

    async def of(self, account: AccountId) -> Known:
        """For the product's own work."""
        return await self._known(await self.accounts.get(account))

    def everybody(self, known: Known) -> Sequence[PatientView]:
        """Return whom somebody may book for: oneself; a child or a ward comes in here with the representatives' rights."""
        return (known.view,)

    async def _known(self, account: Account) -> Known:
        told, completed = account.known, await self.applications.completed_of(account.id)
        answers = {each: answer.text for each, answer in completed.answers.items()} if completed else {}
        born = answers.get(Field.BIRTH_DATE)
        portal = " ".join(filter(None, (told.family_name, told.given_name, told.middle_name)))
        return Known(
            account,
            _name(answers.get(Field.NAME)) or portal,
            date.fromisoformat(born) if born else told.birth_date,
            _sex(answers.get(Field.SEX) or told.sex),
            _policy(answers.get(Field.POLICY) or told.policy),
            answers.get(Field.PHONE) or account.phone or told.phone,
        )


def _name(text: str | None) -> str | None:
    return str(FullName.parse(text)) if text else None


def _sex(text: str | None) -> Sex | None:
    try:
        return Sex.parse(text) if text else None
    except InvalidValue:
        return None


def _policy(text: str | None) -> PolicyNumber | None:
    """Read a policy. The portal's word is taken as it comes; one that is none is as good as none."""
    try:
        return PolicyNumber.parse(text) if text else None
    except InvalidValue:
        return None
