"""What must hold after a storm, each promise a check over the evidence that yields a sentence for every breach."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from tests.faults.crew import GRACE_S
from tests.faults.evidence import Decision, Evidence, Mailed, Push, Walk
from tests.faults.measuring import WINDOW_S, fullest_second, longest_silence
from tests.faults.windows import MISREAD, TURNED_AWAY

RATE = 30
LONGEST_SILENCE_S = 30.0
"""A bot that has everything it needs answers sooner, on a machine that is busy with many other things."""
FAULTS = (
    "kill -9 of a bot", "kill -9 of a worker", "kill -9 of a desk", "Redis restarted", "PostgreSQL restarted",
    "connection dropped in mid-answer", "429 with retry_after", "500", "502", "delay of 10 s", "delivered twice",
    "delivered out of order",
)  # fmt: skip
"""A storm in which one of these never happened shows nothing about it."""
KEPT_BACK = frozenset({"uncertain", "held"})
"""States of a push of which nobody knows whether it arrived, and which is therefore kept for a person to decide."""
BULK = "3_bulk"
CORRECTED = "address"
"""The one field that people correct."""
STATE_OF = {"approve": "approved", "refuse": "refused"}
Check = Callable[[Evidence], Iterable[str]]


def stored_once(evidence: Evidence) -> Iterator[str]:
    """Every field typed is stored exactly once, as it was typed, or turned away in words."""
    for walk in evidence.walks:
        yield from walk_stored_once(walk)


def walk_stored_once(walk: Walk) -> Iterator[str]:
    """The same of one walk.

    A process may die between effect and answer, and the question stand there again. Whoever answers it once more has said the
    same twice, and both may be stored: as often as a question came again and no words had turned an answer away, never more.
    """
    who, unstored, repeated = f"citizen {walk.number}", 0, []
    refused = sum(1 for each in walk.told if TURNED_AWAY.search(each))
    unseen = max(0, sum(each.taken is False for each in walk.typed) - refused)
    for name in sorted({each.field for each in walk.typed}):
        values = [each.value for each in walk.typed if each.field == name]
        effects, most = walk.answered.get(name, 0), len(set(values))
        unstored += max(0, len(values) - effects)
        if effects > most:
            repeated += [f"{who}: {name} was typed as {most} values and stored {effects} times"] * (effects - most)
        if walk.answers.get(name) != walk.wanted.get(name):
            yield f"{who}: {name} is not stored as it was typed"
    yield from repeated[unseen:]
    misread = [each for each in walk.told if MISREAD.search(each)]
    if misread and not unstored:
        # Everything was stored, and something was read once more: the form had gone on, so it met the next question.
        yield f"{who}: an answer took effect and was read again: {misread[0].splitlines()[0]}"
    if unstored > refused:
        yield f"{who}: {unstored} answers were not stored, and only {refused} were turned away in words"


def drafts_resumed(evidence: Evidence) -> Iterator[str]:
    """Every draft resumes where it was left, and ends as one card."""
    for walk in evidence.walks:
        who = f"citizen {walk.number}"
        if walk.stuck or not walk.done:
            yield f"{who} has no card: {walk.stuck}"
        if walk.done and walk.cards != 1:
            yield f"{who} has {walk.cards} cards"
        if walk.resumed < walk.left:
            yield f"{who} left the form {walk.left} times and came back to it {walk.resumed} times"
        taken: set[str] = set()
        for each in walk.typed:
            if each.field in taken and each.field != CORRECTED:
                yield f"{who} was asked for {each.field} again after it had been taken"
            if each.taken:
                taken.add(each.field)


def pushed_at_least_once(evidence: Evidence) -> Iterator[str]:
    """Every push arrives, unless it is kept back for an administrator since nobody knows whether it did."""
    if evidence.unsent:
        yield f"{evidence.unsent} notifications were still not sent at the end"
    for why, times in evidence.refusals.items():
        yield f"{times} messages were given up: {why}"
    for push in (*evidence.pushes, *evidence.letters):
        yield from _lost(push)


def _lost(push: Push) -> Iterator[str]:
    if push.arrived == 0 and push.state not in KEPT_BACK:
        yield f"{push.name} ({push.lane}) is {push.state} and never arrived"


def pushed_at_most_once(evidence: Evidence) -> Iterator[str]:
    """No push arrives twice, but once more for each outcome that is counted unknown; in bulk not even then."""
    for push in (*evidence.pushes, *evidence.letters):
        yield from _doubled(push)


def _doubled(push: Push) -> Iterator[str]:
    if push.arrived > 1 + (0 if push.lane == BULK else push.unknown):
        yield f"{push.name} ({push.lane}) arrived {push.arrived} times with {push.unknown} unknown outcomes"


def decided_once(evidence: Evidence) -> Iterator[str]:
    """Every decision of the desk takes effect once, for one reviewer, and its person is told of it."""
    for decision in evidence.decisions:
        yield from _decided(decision)


def _decided(decision: Decision) -> Iterator[str]:
    who = decision.name
    answers = [(words.split()[-1], status) for words, heard in decision.heard.items() for status in heard]
    wrong = sorted({status for _, status in answers if status < 500} - {0, 204, 409})
    won = [words for words, status in answers if status == 204]
    if wrong:
        yield f"{who}: the desk answered {wrong}"
    if any(heard[-1:] not in ([204], [409]) for heard in map(list, decision.heard.values())):
        yield f"{who}: a reviewer was never answered"
    if len(won) > 1:
        yield f"{who}: {len(won)} reviewers were told that theirs is the decision"
    if decision.state not in {STATE_OF[words] for words, _ in answers}:
        yield f"{who}: is {decision.state}, which nobody decided"
    elif won and STATE_OF[won[0]] != decision.state:
        yield f"{who}: {won[0]} was taken and {decision.state} is stored"
    if decision.lines != 1:
        yield f"{who}: decided {decision.lines} times by the journal"
    for what, told in (("the chat", decision.pushes), ("a letter", decision.letters)):
        if len(told) != 1:
            yield f"{who}: {len(told)} notices for {what}"
    for push in (*decision.pushes, *decision.letters):
        if not push.name.endswith(decision.state):
            yield f"{who}: was told {push.name} and is {decision.state}"
    for push in decision.pushes:
        yield from _lost(push)
        yield from _doubled(push)


def broadcast_once(evidence: Evidence) -> Iterator[str]:
    """A broadcast reaches each of its people exactly once outside of the unknown outcomes, and its report adds up."""
    for mailed in evidence.mailings:
        for fault in (*_steered(mailed), *_reached(mailed), *_reported(mailed)):
            yield f"{mailed.name}: {fault}"


def _steered(mailed: Mailed) -> Iterator[str]:
    wrong = sorted({status for _, status in mailed.heard if status < 500} - {0, 200, 201, 409})
    if wrong:
        yield f"the desk answered {wrong}"
    if mailed.state != "done":
        yield f"is {mailed.state or 'nowhere'} at the end"


def _reached(mailed: Mailed) -> Iterator[str]:
    rows = dict(mailed.rows)
    if len(rows) != len(mailed.rows):
        yield "somebody has two messages of it"
    for chat in sorted(mailed.wanted - set(rows)):
        yield f"{chat} was left out"
    for chat in sorted(mailed.unwilling & (set(rows) | set(mailed.arrived))):
        yield f"{chat} does not want it and was not spared"
    for chat, state in rows.items():
        times = mailed.arrived.get(chat, 0)
        if times > 1:
            yield f"{chat} got it {times} times"
        if times == 0 and state == "sent":
            yield f"{chat} never got it, and it counts as sent"
        if times and state not in {"sent", "uncertain"}:
            yield f"{chat} got it, and it counts as {state}"
    for chat in sorted(set(mailed.arrived) - set(rows)):
        yield f"{chat} got it out of nowhere"


def _reported(mailed: Mailed) -> Iterator[str]:
    report, states = mailed.report, Counter(state for _, state in mailed.rows)
    ended = sum(report.get(name, 0) for name in ("sent", "blocked", "failed", "skipped", "uncertain"))
    audience = len(mailed.rows) + len(mailed.unwilling)
    if ended != audience:
        yield f"its report tells of {ended} people, and there were {audience}"
    if report.get("found") != audience:
        yield f"its report found {report.get('found')} people, and there were {audience}"
    blocked = sum(1 for chat, state in mailed.rows if state == "refused" and chat in mailed.blocking)
    there = {"sent": states["sent"], "uncertain": states["uncertain"], "blocked": blocked}
    for name, number in {**there, "failed": states["refused"] - blocked}.items():
        if report.get(name) != number:
            yield f"its report says {report.get(name)} {name}, and there are {number}"


def coded_once(evidence: Evidence) -> Iterator[str]:
    """A code is never doubled: each goes out once, and whoever needs another gets another."""
    for code in evidence.codes:
        if len(code.words) > 1:
            yield f"{code.name} by {code.channel} arrived {len(code.words)} times"
        if not code.words and code.state == "sent":
            yield f"{code.name} by {code.channel} counts as sent and never arrived"
    words = Counter((each.to, word) for each in evidence.codes for word in set(each.words))
    for (to, _), times in words.items():
        if times > 1:
            yield f"{to} got one code in {times} messages"
    made = evidence.made
    for whose in sorted(set(made) | set(evidence.asked)):
        if made[whose] != evidence.asked.get(whose, 0):
            yield f"{whose}: {evidence.asked.get(whose, 0)} codes were asked for and {made[whose]} made"


def journal_whole(evidence: Evidence) -> Iterator[str]:
    """The chain of the journal verifies."""
    code, words = evidence.journal
    if code or not evidence.lines:
        yield f"the journal of {evidence.lines} lines does not verify: {words}"


def within_the_budget(evidence: Evidence) -> Iterator[str]:
    """In no second do more messages come to Telegram than it takes."""
    fullest, began = fullest_second(evidence.sends)
    if fullest > RATE:
        why = {each.why for each in evidence.outages if each.began < began + WINDOW_S and each.ended > began}
        yield f"{fullest} messages went to Telegram within one second, during {', '.join(sorted(why)) or 'peace'}"


def nothing_hangs(evidence: Evidence) -> Iterator[str]:
    """Nobody waits for ever, everything answers in the end, and every process stops when it is asked to."""
    silence = longest_silence(evidence.walks, evidence.outages)
    if silence > LONGEST_SILENCE_S:
        yield f"the bot was silent for {silence:.0f} s though nothing was broken"
    if evidence.ready != 200:
        yield f"/readyz answered {evidence.ready} at the end"
    for name, (code, seconds) in evidence.stops.items():
        if code or seconds > GRACE_S:
            yield f"{name} stopped with {code} after {seconds:.0f} s"


def nothing_fell(evidence: Evidence) -> Iterator[str]:
    """No process ends by itself, and the logs call nothing an error but what an outage is called."""
    yield from evidence.fell
    for line, times in evidence.errors.items():
        yield f"in the logs, {times} times: {line}"


def every_fault_happened(evidence: Evidence) -> Iterator[str]:
    """The storm was one: each fault that it promises happened, and there was something for it to break."""
    for name in FAULTS:
        if not evidence.happened.get(name):
            yield f"no {name}: this run shows nothing about it"
    there = {
        "fields": sum(len(each.typed) for each in evidence.walks),
        "drafts": sum(each.left for each in evidence.walks),
    }
    there |= {"pushes": len(evidence.pushes), "decisions": len(evidence.decisions), "codes": len(evidence.codes)}
    for what, number in {**there, "broadcasts": len(evidence.mailings)}.items():
        if not number:
            yield f"no {what}: this run shows nothing about them"


PROMISES: Mapping[str, Check] = {
    "every field typed is stored exactly once": stored_once,
    "every draft resumes": drafts_resumed,
    "every push arrives": pushed_at_least_once,
    "none twice but for unknown outcomes": pushed_at_most_once,
    "every decision once, and its person told": decided_once,
    "every broadcast once to each, and adds up": broadcast_once,
    "no code twice": coded_once,
    "the journal verifies": journal_whole,
    f"at most {RATE} messages in any second": within_the_budget,
    "nothing hangs": nothing_hangs,
    "nothing falls or complains": nothing_fell,
    "every fault happened": every_fault_happened,
}
"""As the table of a run lists them."""
