"""From a run that is over to its verdict."""

from tests.faults.gathering import Gathering
from tests.faults.story import Story
from tests.faults.verdict import Verdict, judge


def tried(story: Story) -> Verdict:
    """Gather the evidence, leave what each citizen saw beside the logs, and judge."""
    for each in story.people:
        (story.crew.folder / f"citizen-{each.number}.txt").write_text("\n".join(each.trail), "utf-8")
    return judge(story.post.run(Gathering.of(story), seconds=300))
