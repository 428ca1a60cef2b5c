"""One message to many: what may be said, to whom, when; and when it stops by itself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.broadcast import (
    AHEAD,
    CANARY,
    ENDS,
    LONGEST_TEXT,
    LONGEST_TITLE,
    MOVES,
    BadMoment,
    BadSegment,
    Broadcast,
    BroadcastMoved,
    BroadcastState,
    Counts,
    Segment,
    TextMissing,
    TextTooLong,
    ages_of,
    clean_texts,
    clean_title,
    fitting,
    html_of,
    moscow_moment,
    room,
)
from core.domain.broadcast.progress import Baseline, at
from core.domain.broadcast.texts import units
from core.domain.ids import BroadcastId, new_id
from core.domain.notification import Topic

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def a_broadcast(state: BroadcastState = BroadcastState.DRAFT, **more: object) -> Broadcast:
    draft = Broadcast(
        id=BroadcastId(new_id(NOW)),
        title="Прививки",
        texts={"ru": "Приходите на прививку."},
        segment=Segment(),
        topic=Topic.NEWS,
        urgent=False,
        created_by="system:test",
        created_at=NOW,
        state=state,
    )
    return replace(draft, **more)  # type: ignore[arg-type]


def test_markup_that_staff_type_is_read_as_it_was_typed():
    assert html_of("Скидка <b>50 %</b> & «чай»") == "Скидка &lt;b&gt;50 %&lt;/b&gt; &amp; «чай»"


def test_links_stay_as_they_are():
    assert html_of("https://example.org/a_b?c=d#e") == "https://example.org/a_b?c=d#e"


def test_without_russian_there_is_no_broadcast():
    with pytest.raises(TextMissing):
        clean_texts({"ru": " \n ", "en": "Hello"})


def test_an_empty_translation_is_no_translation():
    assert clean_texts({"ru": "Привет", "en": "  "}) == {"ru": "Привет"}


def test_the_limit_is_telegrams_counted_as_telegram_counts():
    assert clean_texts({"ru": "я" * LONGEST_TEXT})
    with pytest.raises(TextTooLong) as fault:
        clean_texts({"ru": "Привет", "en": "🩺" * (LONGEST_TEXT // 2) + "ab"})
    assert (fault.value.language, fault.value.over) == ("en", 2)


def test_signs_of_html_count_once_although_they_are_sent_as_several():
    assert clean_texts({"ru": "<" * LONGEST_TEXT})


@given(st.text())
def test_whatever_is_typed_can_be_stored_and_sent(typed: str):
    try:
        said = clean_texts({"ru": typed})["ru"]
    except (TextMissing, TextTooLong):
        return
    assert said == said.strip()
    assert "\0" not in said
    assert "\r" not in said
    said.encode()
    assert units(said) <= LONGEST_TEXT


def test_a_title_that_nobody_typed_is_the_first_line_of_the_text():
    assert clean_title("", "Приходите  на прививку\nи не болейте") == "Приходите на прививку"
    assert len(clean_title("", "слово " * 100)) <= LONGEST_TITLE
    assert clean_title("  Осень ", "текст") == "Осень"


@pytest.mark.parametrize(
    ("typed", "ages"),
    [
        ("60-", (60, None)),
        ("18-30", (18, 30)),
        ("18 – 30", (18, 30)),
        ("-17", (None, 17)),
        ("45", (45, 45)),
        ("", (None, None)),
    ],
)
def test_ages_are_read_as_people_write_them(typed: str, ages: tuple[int | None, int | None]):
    assert ages_of(typed) == ages


@pytest.mark.parametrize("typed", ["-", "старше 60", "60+", "1-2-3", "18 30", "1000"])
def test_what_is_no_age_is_refused(typed: str):
    with pytest.raises(BadSegment):
        Segment(**dict(zip(("youngest", "oldest"), ages_of(typed), strict=True))).checked()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "segment",
    [
        Segment(youngest=30, oldest=18),
        Segment(oldest=121),
        Segment(languages=frozenset({"de"})),
        Segment(regions=frozenset({"00"})),
    ],
)
def test_a_segment_that_cannot_be_is_refused(segment: Segment):
    with pytest.raises(BadSegment):
        segment.checked()


def test_ages_hold_both_ends_and_nobody_whose_age_is_unknown():
    pensioners = Segment(youngest=60, oldest=70)
    assert [pensioners.holds(age) for age in (59, 60, 70, 71, None)] == [False, True, True, False, False]
    assert Segment().holds(None)
    assert Segment(oldest=17).holds(0)


def test_a_time_is_read_in_moscow():
    assert moscow_moment("2026-12-01 10:00") == datetime(2026, 12, 1, 7, 0, tzinfo=UTC)
    assert moscow_moment("2026-12-01T10:00") == datetime(2026, 12, 1, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["", "завтра", "2026-12-01", "2026-12-01T10:00+05:00", "2026-13-01 10:00"])
def test_what_is_no_time_is_refused(typed: str):
    with pytest.raises(BadMoment):
        moscow_moment(typed)


def test_the_past_is_too_late_and_next_year_too_far():
    assert fitting(NOW - timedelta(seconds=30), NOW) == NOW
    for at_ in (NOW - timedelta(minutes=2), NOW + timedelta(days=366)):
        with pytest.raises(BadMoment):
            fitting(at_, NOW)


def test_every_state_is_in_the_table_and_ends_are_final():
    assert MOVES.keys() == set(BroadcastState)
    assert {BroadcastState.DONE, BroadcastState.CANCELLED} == ENDS


@given(st.sampled_from(BroadcastState), st.sampled_from(BroadcastState))
def test_nothing_moves_past_the_table(here: BroadcastState, to: BroadcastState):
    if to in MOVES[here]:
        assert a_broadcast(here).moved(to, NOW).state is to
    else:
        with pytest.raises(BroadcastMoved):
            a_broadcast(here).moved(to, NOW)


def test_it_is_launched_once():
    launched = a_broadcast().launched(NOW + timedelta(hours=1), NOW)
    assert (launched.state, launched.visit_at) == (BroadcastState.SCHEDULED, NOW + timedelta(hours=1))
    for again in (launched, replace(launched, state=BroadcastState.PAUSED)):
        with pytest.raises(BroadcastMoved):
            again.launched(NOW, NOW)


def test_one_that_was_paused_before_its_time_waits_for_it_again():
    waiting = a_broadcast().launched(NOW + timedelta(hours=1), NOW).moved(BroadcastState.PAUSED, NOW).resumed(NOW)
    assert (waiting.state, waiting.visit_at) == (BroadcastState.SCHEDULED, NOW + timedelta(hours=1))


def test_the_first_fifty_go_alone():
    assert room(Counts(), due=0) == CANARY
    assert room(Counts(waiting=50), due=50) == 0
    assert room(Counts(sent=20, waiting=30), due=30) == 0
    assert room(Counts(sent=49, waiting=1), due=1) == 0
    assert room(Counts(sent=50), due=0) == AHEAD


def test_people_who_are_asleep_hold_up_nobody():
    assert room(Counts(sent=40, waiting=10), due=0) == 10
    assert room(Counts(sent=50, waiting=AHEAD * 3), due=0) == AHEAD


def test_never_more_wait_than_are_about_to_leave():
    assert room(Counts(sent=50), due=AHEAD) == 0
    assert room(Counts(), due=AHEAD) == 0


def test_more_than_a_fifth_refused_is_too_many_and_blocks_do_not_count():
    assert not Baseline().too_many(Counts(sent=40, failed=10))
    assert Baseline().too_many(Counts(sent=39, failed=11))
    assert not Baseline().too_many(Counts(sent=39, blocked=200))


def test_of_a_few_answers_nothing_is_concluded():
    assert not Baseline().too_many(Counts(failed=19))
    assert Baseline().too_many(Counts(failed=20))


def test_what_went_well_long_ago_does_not_outweigh_what_goes_wrong_now():
    baseline = Baseline().moved(Counts(sent=100_000))
    assert baseline.too_many(Counts(sent=100_000, failed=30))


def test_what_somebody_has_looked_at_is_forgiven():
    stopped = a_broadcast(BroadcastState.STOPPED, started_at=NOW, counts=Counts(sent=10, failed=40))
    assert not stopped.resumed(NOW).baseline.too_many(Counts(sent=29, failed=40))
    assert at(stopped.counts).too_many(Counts(sent=20, failed=60))
