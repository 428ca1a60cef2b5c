"""The desk beside the talk: the person, reasons for looking, drafts, notes, canned answers, who is given what, what ends."""

from datetime import timedelta

import pytest

from core import ports
from core.domain.account import WrongMove
from core.domain.actor import NotAllowed, Role
from core.domain.canned import Canned, CannedNotThere, InvalidCanned, ShortcutTaken
from core.domain.chat import Chats
from core.domain.consent import NoConsent
from core.domain.conversation import (
    LARGEST_FILE,
    Assigning,
    ConversationNotThere,
    Ending,
    FileTooLarge,
    LineKind,
    LineTooLong,
    NothingSaid,
    NotYours,
    ReasonWanted,
    Side,
    TooLate,
)
from core.domain.ids import CannedId, ChatId, new_id
from core.domain.support import SupportTopic
from core.services.activity import ViewActivity
from core.services.canned import ListCanned, RemoveCanned, SaveCanned
from core.services.consent import GiveConsent, WithdrawConsent
from core.services.conversation import (
    AskForPaper,
    AssignWaiting,
    EditLine,
    EndSilent,
    KeepDraft,
    MarkRead,
    OpenLineFile,
    OpenStep,
    PassTyping,
    QueueFilter,
    RevealIdentifier,
    SetAssignment,
    ShareRecord,
    ShowTyping,
    TagConversation,
    ViewAssignment,
    ViewConversation,
    ViewQueue,
    ViewQueuePlace,
    WatchPlaces,
    Whose,
    WriteNote,
)
from tests.core.services.talking import a_team, a_visitor, an_operator, answer, call, relay, says, take, view
from tests.core.services.town import Town


async def test_an_identifier_is_shown_for_a_reason_that_its_owner_reads(town: Town) -> None:
    citizen = await town.sign_in()
    zoya = await an_operator(town)
    held = await take(town, zoya, await call(town, citizen))
    with pytest.raises(ReasonWanted):
        await town.call(RevealIdentifier, zoya, held.id, "snils", "так")
    with pytest.raises(NotAllowed):
        await town.call(RevealIdentifier, zoya, held.id, "inn", "сверить номер")
    assert await town.call(RevealIdentifier, zoya, held.id, "snils", " сверить  номер ") == "112-233-445 95"
    await town.unlock(citizen)
    acts = (await town.call(ViewActivity, citizen)).acts  # type: ignore[attr-defined]
    [revealed] = [act for act in acts if act.operation == "conversation.identifier_revealed"]
    assert (revealed.details["reason"], revealed.details["which"]) == ("сверить номер", "snils")


async def test_a_consent_withdrawn_in_the_middle_closes_what_is_known_and_the_talk_goes_on(town: Town) -> None:
    citizen = await town.sign_in()
    zoya = await an_operator(town)
    await town.call(GiveConsent, citizen, "ru")
    held = await take(town, zoya, await call(town, citizen))
    file = ("анализ.pdf", "application/pdf", b"paper")
    shared = await town.call(ShareRecord, citizen, "Гемоглобин 140")
    [entry] = (await town.call(ViewQueue, zoya)).entries  # type: ignore[attr-defined]
    assert (entry.last.kind, entry.last.text) == (LineKind.SHARED, "")
    other = await says(town, citizen, "Вот", 3, file=file)
    assert (await view(town, zoya, held.id)).lines[-2].text == "Гемоглобин 140"
    earlier = await town.call(ViewConversation, zoya, held.id, before=other.number)
    assert earlier.lines[-1].text == "Гемоглобин 140"  # type: ignore[attr-defined]
    await town.call(WithdrawConsent, citizen)
    shown = await view(town, zoya, held.id)
    assert (shown.person.withdrawn, dict(shown.person.identifiers)) == (True, {})
    hidden = next(line for line in shown.lines if line.id == shared.id)  # type: ignore[attr-defined]
    assert (hidden.kind, hidden.text) == (LineKind.SHARED, "")
    with pytest.raises(NoConsent):
        await town.call(RevealIdentifier, zoya, held.id, "phone", "позвонить человеку")
    with pytest.raises(NoConsent):
        await town.call(ShareRecord, citizen, "Ещё")
    await answer(town, zoya, held, "Согласие отозвано, карта закрыта")
    assert (await town.call(OpenLineFile, zoya, held.id, other.number))[1] == b"paper"  # type: ignore[index]


async def test_what_cannot_be_sent_is_not_taken(town: Town) -> None:
    visitor = await a_visitor(town)
    zoya, olya = await an_operator(town), await an_operator(town, "olya", "Оля Ким")
    held = await take(town, zoya, await call(town, visitor))
    heavy = b"0" * (LARGEST_FILE + 1)
    with pytest.raises(FileTooLarge):
        await answer(town, zoya, held, "", file=("a.zip", heavy))
    with pytest.raises(FileTooLarge):
        await says(town, visitor, "", 1, file=("a.zip", "application/zip", heavy))
    with pytest.raises(NothingSaid):
        await answer(town, zoya, held, "  ")
    with pytest.raises(LineTooLong):
        await answer(town, zoya, held, "ё" * 4001)
    with pytest.raises(NotYours):
        await answer(town, olya, held, "Я тоже")
    line = await answer(town, zoya, held, "Да")
    town.clock.turn(hours=49)
    with pytest.raises(TooLate):
        await town.call(EditLine, zoya, held.id, line.number, "Нет", held.epoch)
    with pytest.raises(NothingSaid):
        await says(town, visitor, " ", 2)


async def test_papers_and_places_are_opened_by_buttons(town: Town) -> None:
    visitor = await a_visitor(town)
    zoya = await an_operator(town)
    held = await take(town, zoya, await call(town, visitor))
    await town.call(AskForPaper, zoya, held.id, "Пришлите паспорт", held.epoch)
    await town.call(OpenStep, zoya, held.id, "book", held.epoch)
    with pytest.raises(NotAllowed):
        await town.call(OpenStep, zoya, held.id, "nowhere", held.epoch)
    await relay(town)
    buttons = [push.buttons for _, push in town.outside.pushes][-2:]
    assert buttons == [((("conversation.paper_button", "paper"),),), ((("conversation.step.book", "step/book"),),)]


async def test_drafts_notes_tags_and_reading_stay_at_the_desk(town: Town) -> None:
    citizen = await town.sign_in()
    zoya, olya = await an_operator(town), await an_operator(town, "olya", "Оля Ким")
    held = await take(town, zoya, await call(town, citizen, words="Здравствуйте"))
    await town.call(KeepDraft, zoya, held.id, "Сейчас по")
    await town.call(KeepDraft, zoya, held.id, "Сейчас посмотрю")
    note = await town.call(WriteNote, olya, held.id, "Я это видела", [zoya.staff], "k")
    assert await town.call(WriteNote, olya, held.id, "Я это видела", [zoya.staff], "k") == note
    await town.call(TagConversation, olya, held.id, [" СНИЛС ", "100%"])
    shown = await view(town, zoya, held.id)
    assert (shown.draft, (await view(town, olya, held.id)).draft) == ("Сейчас посмотрю", "")
    assert (shown.lines[-1].side, shown.lines[-1].mentions) == (Side.NOTE, {zoya.staff})
    assert shown.conversation.tags == {"снилс", "100%"}
    assert not (await town.call(ViewQueue, zoya, narrowed=QueueFilter(tag="снил"))).entries  # type: ignore[attr-defined]
    assert (await town.call(ViewQueue, zoya, narrowed=QueueFilter(tag="снилс"))).entries  # type: ignore[attr-defined]
    mine = QueueFilter(Whose.MINE, tag="100%", text="здравствуйте")
    [entry] = (await town.call(ViewQueue, zoya, narrowed=mine)).entries  # type: ignore[attr-defined]
    assert (entry.unread, entry.name, entry.owner) == (1, "Анна И.", "Зоя Ларина")
    await town.call(MarkRead, zoya, held.id, 1)
    [entry] = (await town.call(ViewQueue, zoya, narrowed=mine)).entries  # type: ignore[attr-defined]
    assert entry.unread == 0
    assert not (await town.call(ViewQueue, zoya, narrowed=QueueFilter(tag="1000"))).entries  # type: ignore[attr-defined]
    await town.call(KeepDraft, zoya, held.id, "")
    assert (await view(town, zoya, held.id)).draft == ""
    await relay(town)
    assert all("видела" not in push.text for _, push in town.outside.pushes)


async def test_pages_of_the_queue_follow_one_another(town: Town) -> None:
    zoya = await an_operator(town)
    asked = []
    for chat in range(60, 67):
        asked.append(await call(town, await a_visitor(town, chat), urgent=chat == 66))
        town.clock.turn(seconds=1)
    found, after = [], None
    while True:
        page = await town.call(ViewQueue, zoya, after=after, limit=3)
        found += [entry.conversation.id for entry in page.entries]  # type: ignore[attr-defined]
        after = page.after  # type: ignore[attr-defined]
        if after is None:
            break
    assert found == [asked[-1], *asked[:-1]]


async def test_a_place_in_the_queue_says_how_long_it_takes_only_where_that_is_known(town: Town) -> None:
    first, second = await a_visitor(town, 71), await a_visitor(town, 72)
    one = await call(town, first)
    town.clock.turn(seconds=1)
    await call(town, second)
    place = await town.call(ViewQueuePlace, second)
    assert (place.place, place.wait) == (2, None)  # type: ignore[attr-defined]
    town.clock.turn(minutes=3)
    zoya = await an_operator(town)
    await take(town, zoya, one)
    places = await town.call(WatchPlaces, [ChatId(71), ChatId(72), ChatId(73)])
    assert {chat: (place.place, place.wait, place.operator) for chat, place in places.items()} == {  # type: ignore[attr-defined]
        71: (0, None, "Зоя"),
        72: (1, timedelta(minutes=3, seconds=1), None),
    }


async def test_what_waits_is_given_in_turn_or_by_skill_where_that_is_switched_on(town: Town) -> None:
    boss = await an_operator(town, "boss", "Ида Ли", Role.ADMINISTRATOR, languages=frozenset())
    zoya = await an_operator(town, capacity=1, skills=frozenset({SupportTopic.CARD}))
    olya = await an_operator(town, "olya", "Оля Ким", skills=frozenset({SupportTopic.BOOKING}))
    with pytest.raises(NotAllowed):
        await town.call(SetAssignment, zoya, Assigning.IN_TURN)
    booking = await call(town, await a_visitor(town, 81), topic=SupportTopic.BOOKING)
    assert await town.call(AssignWaiting) == 0
    await town.call(SetAssignment, boss, Assigning.BY_SKILL)
    assert await town.call(ViewAssignment, zoya) == Assigning.BY_SKILL
    card = await call(town, await a_visitor(town, 82), topic=SupportTopic.CARD)
    town.clock.turn(seconds=1)
    more = await call(town, await a_visitor(town, 83), topic=SupportTopic.CARD)
    while await town.call(AssignWaiting):
        town.clock.turn(seconds=1)
    owners = [(await view(town, boss, each)).conversation.owner for each in (booking, card, more)]
    assert owners == [olya.staff, zoya.staff, None]
    await town.call(SetAssignment, boss, Assigning.IN_TURN)
    assert await town.call(AssignWaiting) == 1
    assert (await view(town, boss, more)).conversation.owner == olya.staff


async def test_silence_and_blocked_bots_end_it(town: Town) -> None:
    zoya = await an_operator(town)
    quiet = await take(town, zoya, await call(town, await a_visitor(town, 91)))
    gone = await take(town, zoya, await call(town, await a_visitor(town, 92)))
    async with town.container() as scope, await scope.get(ports.Transaction):
        await (await scope.get(Chats)).block(ChatId(92), town.clock.now())
    assert await town.call(EndSilent) == 0
    town.clock.turn(hours=2)
    assert await town.call(EndSilent) == 1
    assert await town.call(EndSilent) == 0
    town.clock.turn(hours=23)
    assert await town.call(EndSilent) == 1
    endings = [(await view(town, zoya, each.id)).conversation.ending for each in (gone, quiet)]
    assert endings == [Ending.BLOCKED, Ending.SILENCE]
    await relay(town)
    said = [(chat, push.text) for chat, push in town.outside.pushes if "ended_by" in push.text]
    assert said == [(91, "conversation.ended_by.silence")]


async def test_typing_is_shown_to_the_citizen_by_its_operator_alone(town: Town) -> None:
    zoya, olya = await an_operator(town), await an_operator(town, "olya", "Оля Ким")
    held = await take(town, zoya, await call(town, await a_visitor(town)))
    bell = await town.container.get(ports.Bell)
    async with bell.heard() as words:
        await town.call(ShowTyping, olya, held.id)
        await town.call(ShowTyping, zoya, held.id, note=True)
        await town.call(ShowTyping, zoya, held.id)
        # The worker passes on `typing` alone; colleagues hear of all three.
        assert [await anext(words) for _ in range(3)] == [
            f"{word} {held.id} {who.staff} - {zoya.staff}"
            for word, who in (("noting", olya), ("noting", zoya), ("typing", zoya))
        ]
    await town.call(PassTyping, held.id, zoya.staff)
    await town.call(PassTyping, held.id, zoya.staff)
    await town.call(PassTyping, held.id, olya.staff)
    assert town.outside.typed == [7]


async def test_canned_answers_are_everybodys_or_a_groups(town: Town) -> None:
    team = await a_team(town)
    boss = await an_operator(town, "boss", "Ида Ли", Role.SENIOR)
    zoya, olya = await an_operator(town, team=team), await an_operator(town, "olya", "Оля Ким")
    texts = {"ru": "Здравствуйте, {name}", "en": "Hello, {name}"}
    kept = await town.call(SaveCanned, boss, Canned(_id(town), "привет", "Приветствие", texts))
    await town.call(SaveCanned, boss, Canned(_id(town), "группа", "Для своих", {"ru": "Приветствую"}, team))
    with pytest.raises(ShortcutTaken):
        await town.call(SaveCanned, boss, Canned(_id(town), "привет", "Ещё", texts))
    with pytest.raises(InvalidCanned):
        await town.call(SaveCanned, boss, Canned(_id(town), "так", "Так", {"ru": "{snils}"}))
    with pytest.raises(NotAllowed):
        await town.call(SaveCanned, zoya, Canned(_id(town), "моё", "Моё", texts))
    assert [each.shortcut for each in await town.call(ListCanned, zoya, "/при")] == ["привет", "группа"]  # type: ignore[attr-defined]
    assert [each.shortcut for each in await town.call(ListCanned, olya, "при")] == ["привет"]  # type: ignore[attr-defined]
    assert kept.say("en", {"name": "Anna"}) == "Hello, Anna"  # type: ignore[attr-defined]
    assert kept.say("ru", {}) == "Здравствуйте, {name}"  # type: ignore[attr-defined]
    await town.call(SaveCanned, boss, kept)
    with pytest.raises(WrongMove):
        await town.call(SaveCanned, boss, kept)
    await town.call(RemoveCanned, boss, kept.id)  # type: ignore[attr-defined]
    with pytest.raises(CannedNotThere):
        await town.call(RemoveCanned, boss, kept.id)  # type: ignore[attr-defined]


async def test_who_does_not_answer_sees_no_conversation(town: Town) -> None:
    asked = await call(town, await a_visitor(town))
    for role in (Role.REVIEWER, Role.DOCTOR, Role.AUDITOR, Role.ACCOUNTANT):
        other = await an_operator(town, role.value, "Другой Человек", role)
        with pytest.raises(NotAllowed):
            await view(town, other, asked)
    zoya = await an_operator(town)
    with pytest.raises(ConversationNotThere):
        await view(town, zoya, new_id(town.clock.now()))  # type: ignore[arg-type]


def _id(town: Town) -> CannedId:
    return CannedId(new_id(town.clock.now()))
