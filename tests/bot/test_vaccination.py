"""The windows of /vaccinations: whatever a clinic or a person wrote, each is a message that Telegram takes."""

from dataclasses import replace

import pytest

from bot import preview
from bot.dialogs.vaccination import dialog, samples
from bot.dialogs.vaccination.following import show_claim
from bot.states import Vaccinations
from core.domain.chat import LANGUAGES
from core.domain.record import Coding
from core.domain.record.looking import Paging
from core.domain.vaccination import ClaimKind, ClaimState
from core.services.vaccination import ClaimView, DraftView, VaccinationPage, VaccinationView
from tests.bot.test_windows import drawn, read

ODD = ["\u202eкорь<b>" * 30, "💉" * 300, "&<>\"'{0}{name}%s" * 20, "x" * 5000, ""]


@pytest.mark.parametrize("words", ODD)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_whatever_came_every_window_is_a_message_that_telegram_takes(
    monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    vaccine = Coding("odd", words[:7], words)
    dose = replace(samples.dose(), vaccine=vaccine, series=words, institution=words, reaction=words, advice=words)
    claim = samples.claim(state=ClaimState.REFUSED)
    told = replace(claim.told, vaccine=Coding("", "", words), series=words, institution=words)
    claim = replace(claim, told=told, reason=words)
    right = replace(samples.claim(ClaimKind.CORRECTION, ClaimState.DRAFT), right=words, why=words)
    plan = samples.page().plan
    page = VaccinationPage((dose,) * 8, Paging(5000, 8, 300), plan, 5, 90, begun=True)
    monkeypatch.setattr(samples, "page", lambda: page)
    monkeypatch.setattr(samples, "view", lambda: VaccinationView(dose, replace(right, state=ClaimState.REFUSED)))
    monkeypatch.setattr(samples, "claims", lambda: [replace(claim), claim])
    monkeypatch.setattr(samples, "draft", lambda: DraftView(replace(claim, state=ClaimState.DRAFT)))
    monkeypatch.setattr(samples, "correction", lambda: DraftView(right, dose))
    async for state, text, rows in drawn(dialog(), language):
        shown = read(text)
        assert shown.strip(), state
        assert len(shown.encode("utf-16-le")) // 2 <= 4096, state
        assert all(label and len(label.encode("utf-16-le")) // 2 <= 64 for row in rows for label in row), (state, rows)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_empty_windows_say_so_and_what_to_do(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    monkeypatch.setattr(samples, "page", lambda: VaccinationPage((), Paging(0, 8), None))
    monkeypatch.setattr(samples, "claims", lambda: [samples.claim(), samples.claim()])
    told = {state: read(text) async for state, text, _ in drawn(dialog(), language)}
    hints = {"ru": ("пока нет", "дата рождения"), "en": ("no vaccinations here", "date of birth")}[language]
    assert hints[0] in told["Vaccinations:main"]
    assert hints[1] in told["Vaccinations:due"]


async def test_every_window_of_the_record_is_protected() -> None:
    assert all(window.protect_content is True for window in dialog().windows.values())


@pytest.mark.parametrize("state", [ClaimState.WAITING, ClaimState.ACCEPTED, ClaimState.REFUSED])
def test_only_a_refused_dose_offers_to_be_added_again(state: ClaimState) -> None:
    manager = preview.preview_manager("ru")
    manager.set_dialog(dialog())
    manager.set_state(Vaccinations.claim)
    assert show_claim(ClaimView(samples.claim(state=state)), manager)["refused"] is (state is ClaimState.REFUSED)
    assert not show_claim(ClaimView(samples.claim(ClaimKind.CORRECTION, state)), manager)["refused"]
