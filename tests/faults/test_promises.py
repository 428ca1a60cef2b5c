"""The judgement bites: evidence of a good run passes, and every way to doctor it is found by the promise it breaks."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.faults.evidence import Code, Decision, Evidence, Mailed, Outage, Push, Typed, Wait, Walk
from tests.faults.measuring import fullest_second
from tests.faults.promises import BULK, FAULTS, PROMISES, RATE
from tests.faults.verdict import judge

NOTICE = "2_notice"
MISREAD = "СНИЛС: нужны 11 цифр, а получилось 6."

GOOD_WALK = Walk(
    1,
    typed=[Typed("snils", "112-233-445 95", taken=False), Typed("snils", "112-233-445 95", taken=True)],
    wanted={"snils": "11223344595"},
    answers={"snils": "11223344595"},
    answered={"snils": 1},
    told=["Здесь текст не нужен, выберите кнопку ниже."],
    waits=[Wait(100.0, 100.5, heard=True), Wait(101.0, 109.0, heard=False), Wait(109.0, 112.0, heard=True)],
    left=1,
    resumed=1,
)
GOOD_PUSH = Push("Известие 00001.", NOTICE, "sent", unknown=0, arrived=1)
GOOD_DECISION = Decision(
    "the request of 7",
    heard={"0 approve": [0, 204], "1 refuse": [500, 409]},
    state="approved",
    lines=1,
    pushes=[Push("verification.approved", NOTICE, "sent", unknown=1, arrived=2)],
    letters=[Push("verification.mail_approved", NOTICE, "sent", unknown=0, arrived=1)],
)
GOOD_MAILED = Mailed(
    "broadcast 1",
    heard=[("create", 201), ("launch", 0), ("launch", 409), ("pause", 200), ("resume", 200)],
    state="done",
    report={"found": 5, "sent": 2, "blocked": 1, "failed": 0, "skipped": 1, "uncertain": 1},
    rows=[(1, "sent"), (2, "sent"), (3, "uncertain"), (4, "refused")],
    wanted=frozenset({1, 2, 3}),
    unwilling=frozenset({9}),
    blocking=frozenset({4}),
    arrived={1: 1, 2: 1, 3: 1},
)
GOOD_CODE = Code("n-1", "sms", "anna", "sent", ["482913"])
GOOD = Evidence(
    seed=1,
    by="polling",
    phases={"storm": 15.0},
    happened=dict.fromkeys(FAULTS, 1),
    besides={},
    walks=[GOOD_WALK],
    pushes=[GOOD_PUSH, Push("Известие 00002.", BULK, "uncertain", unknown=1, arrived=0)],
    letters=[Push("card.created by mail", NOTICE, "sent", unknown=0, arrived=1)],
    refusals={},
    decisions=[GOOD_DECISION],
    mailings=[GOOD_MAILED],
    codes=[GOOD_CODE, Code("n-2", "sms", "anna", "sent", ["120735"]), Code("n-3", "mail", "peter", "uncertain", [])],
    asked={"sms anna": 2, "mail peter": 1},
    sends=[100 + place / RATE for place in range(4 * RATE)],
    outages=[Outage(101.0, 106.0, "Redis")],
    unsent=0,
    ready=200,
    journal=(0, "The journal is whole."),
    lines=300,
    stops={"bot": (0, 1.0)},
    fell=[],
    errors={},
)

Doctor = Callable[[Evidence], Evidence]


def whole(**changes: Any) -> Doctor:
    return lambda good: replace(good, **changes)


def walk(**changes: Any) -> Doctor:
    return whole(walks=[replace(GOOD_WALK, **changes)])


def push(**changes: Any) -> Doctor:
    return whole(pushes=[replace(GOOD_PUSH, **changes)])


def decision(**changes: Any) -> Doctor:
    return whole(decisions=[replace(GOOD_DECISION, **changes)])


def mailed(**changes: Any) -> Doctor:
    return whole(mailings=[replace(GOOD_MAILED, **changes)])


def code(*codes: Code) -> Doctor:
    return whole(codes=list(codes), asked={"sms anna": len(codes)})


STORED_UNSEEN = replace(GOOD_WALK, answered={"snils": 2}, told=[])
"""The bot died between effect and answer: the question stood there again, and was answered again."""

DOCTORED: dict[str, tuple[str, Doctor]] = {
    "a field stored twice": ("every field typed is stored exactly once", walk(answered={"snils": 2})),
    "a field stored twice, and once more": (
        "every field typed is stored exactly once",
        whole(walks=[replace(STORED_UNSEEN, answered={"snils": 3})]),
    ),
    "a field lost": ("every field typed is stored exactly once", walk(answers={}, answered={}, told=[])),
    "a field stored as something else": ("every field typed is stored exactly once", walk(answers={"snils": "1"})),
    "an answer turned away without a word": ("every field typed is stored exactly once", walk(told=[])),
    "an answer taken and read again": (
        "every field typed is stored exactly once",
        walk(typed=GOOD_WALK.typed[1:], told=[MISREAD]),
    ),
    "no card": ("every draft resumes", walk(done=False, stuck="stands at the menu")),
    "two cards": ("every draft resumes", walk(cards=2)),
    "a draft not resumed": ("every draft resumes", walk(left=2)),
    "a draft begun anew": (
        "every draft resumes",
        walk(typed=[*GOOD_WALK.typed, Typed("snils", "11223344595")], answered={"snils": 2}),
    ),
    "a push lost": ("every push arrives", push(arrived=0)),
    "a push that waits for ever": ("every push arrives", whole(unsent=1)),
    "a push given up": ("every push arrives", whole(refusals={"broadcast.text: OSError": 1})),
    "a letter lost": ("every push arrives", whole(letters=[replace(GOOD_PUSH, arrived=0)])),
    "a push doubled": ("none twice but for unknown outcomes", push(arrived=2)),
    "a push doubled once too often": ("none twice but for unknown outcomes", push(arrived=3, unknown=1)),
    "a push in bulk doubled": ("none twice but for unknown outcomes", push(lane=BULK, arrived=2, unknown=1)),
    "a letter doubled": ("none twice but for unknown outcomes", whole(letters=[replace(GOOD_PUSH, arrived=2)])),
    "a decision taken twice": ("every decision once, and its person told", decision(lines=2)),
    "a decision for both": (
        "every decision once, and its person told",
        decision(heard={"0 approve": [204], "1 refuse": [204]}),
    ),
    "a decision never stored": ("every decision once, and its person told", decision(state="pending")),
    "a decision turned round": ("every decision once, and its person told", decision(state="refused")),
    "a decision refused to the reviewer": (
        "every decision once, and its person told",
        decision(heard={"0 approve": [401, 204]}),
    ),
    "a decision that nobody answers": (
        "every decision once, and its person told",
        decision(heard={"0 approve": [204], "1 refuse": [500]}),
    ),
    "a decision not told": ("every decision once, and its person told", decision(pushes=[])),
    "a decision told and lost": (
        "every decision once, and its person told",
        decision(pushes=[replace(GOOD_DECISION.pushes[0], arrived=0)]),
    ),
    "a broadcast twice to one": (
        "every broadcast once to each, and adds up",
        mailed(arrived={1: 2, 2: 1, 3: 1}),
    ),
    "a broadcast with two messages for one": (
        "every broadcast once to each, and adds up",
        mailed(rows=[*GOOD_MAILED.rows, (1, "sent")]),
    ),
    "a broadcast that leaves somebody out": (
        "every broadcast once to each, and adds up",
        mailed(wanted=frozenset({1, 2, 3, 5})),
    ),
    "a broadcast to somebody who does not want it": (
        "every broadcast once to each, and adds up",
        mailed(arrived={1: 1, 2: 1, 9: 1}),
    ),
    "a broadcast that says sent and was not": ("every broadcast once to each, and adds up", mailed(arrived={1: 1})),
    "a broadcast that says refused and was sent": (
        "every broadcast once to each, and adds up",
        mailed(arrived={1: 1, 2: 1, 4: 1}),
    ),
    "a report that does not add up": (
        "every broadcast once to each, and adds up",
        mailed(report={**GOOD_MAILED.report, "blocked": 0}),
    ),
    "a report that calls a block a failure": (
        "every broadcast once to each, and adds up",
        mailed(report={**GOOD_MAILED.report, "blocked": 0, "failed": 1}),
    ),
    "a broadcast that never ends": ("every broadcast once to each, and adds up", mailed(state="sending")),
    "a code twice": ("no code twice", code(replace(GOOD_CODE, words=["482913", "482913"]))),
    "a code in two messages": ("no code twice", code(GOOD_CODE, replace(GOOD_CODE, name="n-2"))),
    "a code lost": ("no code twice", code(replace(GOOD_CODE, words=[]))),
    "a code that nobody asked for": ("no code twice", whole(asked={"sms anna": 1, "mail peter": 1})),
    "a broken chain": ("the journal verifies", whole(journal=(1, "chain 7: line 12 was changed"))),
    "an empty journal": ("the journal verifies", whole(lines=0)),
    "31 in one second": (f"at most {RATE} messages in any second", whole(sends=[*GOOD.sends, 102.01])),
    "a silence": ("nothing hangs", walk(waits=[Wait(120.0, 151.0, heard=False)])),
    "a part that is not ready": ("nothing hangs", whole(ready=503)),
    "a part that does not stop": ("nothing hangs", whole(stops={"bot": (0, 21.0)})),
    "a part that stops badly": ("nothing hangs", whole(stops={"bot": (-9, 1.0)})),
    "a part that fell": ("nothing falls or complains", whole(fell=["bot ended by itself with 1"])),
    "an error in the logs": ("nothing falls or complains", whole(errors={"bot: KeyError": 1})),
    **{
        f"a storm without {name}": ("every fault happened", whole(happened={**GOOD.happened, name: 0}))
        for name in FAULTS
    },
    "a storm over nobody": ("every fault happened", whole(walks=[])),
    "a storm in which nobody leaves": ("every fault happened", walk(left=0, resumed=0)),
    "a storm without a broadcast": ("every fault happened", whole(mailings=[])),
}


def test_a_good_run_keeps_every_promise() -> None:
    verdict = judge(GOOD)
    assert not verdict.breaches
    assert "every promise was kept" in str(verdict)
    assert str(verdict).count("  kept\n") == len(PROMISES)


@pytest.mark.parametrize("how", DOCTORED)
def test_doctored_evidence_breaks_the_promise_that_it_is_about_and_no_other(how: str) -> None:
    promise, doctor = DOCTORED[how]
    verdict = judge(doctor(GOOD))
    assert [name for name, breaches in verdict.broken.items() if breaches] == [promise]
    assert f"broken: {verdict.breaches[0]}" in str(verdict)


def test_every_promise_has_evidence_that_breaks_it() -> None:
    assert {promise for promise, _ in DOCTORED.values()} == set(PROMISES)


def test_a_silence_counts_from_the_first_word_that_nobody_answered() -> None:
    waits = [Wait(120.0, 140.0, heard=False), Wait(140.0, 151.0, heard=True)]
    assert judge(walk(waits=waits)(GOOD)).broken["nothing hangs"]
    assert not judge(walk(waits=[replace(waits[0], heard=True), waits[1]])(GOOD)).broken["nothing hangs"]


def test_the_fullest_second_has_no_edge() -> None:
    assert fullest_second([0.0, 0.5, 0.999, 1.0, 1.4])[0] == 4
    assert fullest_second([])[0] == 0


def test_what_was_stored_unseen_may_be_answered_and_stored_once_more() -> None:
    assert judge(whole(walks=[STORED_UNSEEN])(GOOD)).breaches == []
