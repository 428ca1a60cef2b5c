"""What draws, prints, signs, reads and stores papers, and what calls those whom the desk names, as the container provides it."""

from collections.abc import AsyncIterator, Iterator

from dishka import Provider, Scope, provide

from core import ports
from core.domain.reach import Reach
from core.gateways.calendars import Icalendar
from core.gateways.charts import MatplotlibCharts
from core.gateways.fhir_schedules import FhirSchedules
from core.gateways.files import LocalFiles
from core.gateways.hook import HttpHookPost
from core.gateways.papers import PadesReader, PadesSigner, TypstPapers
from core.gateways.wire import outside_client
from core.security.keyring import KeyRing
from core.security.signing import FileSigningKey, SigningKey
from ops.settings import Settings


class Paperwork(Provider):
    """It lives as long as the process; keys and threads are made when they are first wanted."""

    scope = Scope.APP

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings

    @provide
    def shelf(self) -> ports.Archive:
        return LocalFiles(self.settings.state_dir / "files" / "archive")

    @provide
    def verify_page(self) -> ports.VerifyPage:
        return ports.VerifyPage(f"{self.settings.api_url}/verify")

    @provide
    def slip_page(self) -> ports.SlipPage:
        return ports.SlipPage(f"{self.settings.api_url}/slip")

    @provide
    def calendars(self) -> ports.Calendars:
        return Icalendar()

    @provide
    def signing_key(self, _keyring: KeyRing) -> SigningKey:
        # After the ring, whose first start makes the folder.
        return FileSigningKey.open(self.settings.keyring)

    @provide
    def signer(self, key: SigningKey) -> ports.Signer:
        return PadesSigner(key)

    @provide
    def paper_reader(self, key: SigningKey) -> ports.PaperReader:
        return PadesReader(key)

    @provide
    def papers(self, wording: ports.Wording) -> Iterator[ports.Papers]:
        papers = TypstPapers(wording)
        yield papers
        papers.close()

    @provide
    def charts(self) -> Iterator[ports.Charts]:
        charts = MatplotlibCharts()
        yield charts
        charts.close()

    @provide
    def reach(self) -> Reach:
        return Reach(self.settings.with_playground, self.settings.inside)

    @provide
    async def schedules(self, reach: Reach, clock: ports.Clock) -> AsyncIterator[ports.Schedules]:
        # Where these stand, somebody at the desk says.
        async with outside_client(reach) as client:
            yield FhirSchedules(client, clock)

    @provide
    async def hook_post(self, reach: Reach) -> AsyncIterator[ports.HookPost]:
        post = HttpHookPost(reach)
        yield post
        await post.close()
