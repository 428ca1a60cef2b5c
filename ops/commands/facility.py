"""`medkarta facility`: the buildings where doctors receive people."""

from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.words import say
from core.domain.actor import System
from core.domain.ids import ClinicId
from core.domain.region import REGIONS
from core.domain.schedule import Facility, FacilityExists, InvalidFacility, Point, Source
from core.services.clinic import ViewClinic
from core.services.schedule import AddFacility, ListFacilities
from ops.commands.clinic import told_plainly
from ops.commands.work import scope
from ops.settings import Settings

app = typer.Typer(no_args_is_help=True, help="The buildings where doctors receive people.")
COMMAND = System("command")


class Keeps(StrEnum):
    """Who keeps the schedule, as the command line has it."""

    OWN = Source.OWN.value
    FHIR = Source.FHIR.value


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What citizens read, for example «Поликлиника № 1».")],
    code: Annotated[str, typer.Option(help="Its number in the registry of attachments, for example 770901.")],
    address: Annotated[str, typer.Option(help="Where it stands, as people find it.")],
    region: Annotated[str, typer.Option(help="The two digits of its region, for example 77.")],
    zone: Annotated[str | None, typer.Option(help="The zone of its clock; that of the region by default.")] = None,
    latitude: Annotated[float | None, typer.Option(help="Degrees north, for distances and the map.")] = None,
    longitude: Annotated[float | None, typer.Option(help="Degrees east.")] = None,
    phone: Annotated[str, typer.Option(help="What people call.")] = "",
    source: Annotated[Keeps, typer.Option(help="Who keeps the schedule: the product, or a FHIR server.")] = Keeps.OWN,
    url: Annotated[str, typer.Option(help="The base of its FHIR server, for --source fhir.")] = "",
    clinic: Annotated[str | None, typer.Option(help="The client id of the organisation that speaks for it.")] = None,
    limit: Annotated[int, typer.Option(help="So many coming appointments one person may have here.")] = 3,
) -> None:
    """Add a facility; its doctors and hours are kept at the desk, or on its own server."""
    settings = Settings.read()
    point = None if latitude is None or longitude is None else Point(latitude, longitude)
    clock = zone or (REGIONS[region].zone if region in REGIONS else "")

    async def work() -> Facility:
        async with scope(settings) as request:
            speaks: ClinicId | None = None
            if clinic is not None:
                speaks = (await (await request.get(ViewClinic))(clinic)).clinic.id
            return await (await request.get(AddFacility))(
                COMMAND,
                code=code,
                name=name,
                address=address,
                region=region,
                zone=clock,
                point=point,
                source=Source(source.value),
                url=url,
                phone=phone,
                clinic=speaks,
                limit=limit,
            )

    try:
        added = told_plainly(work())
    except (InvalidFacility, FacilityExists) as fault:
        Console(stderr=True).print(say(fault.message_key, "en"), soft_wrap=True)
        raise typer.Exit(1) from None
    Console(highlight=False).print(f"{added.code} is open: {added.name}, {added.zone}.", soft_wrap=True)


@app.command("list")
def list_() -> None:
    """Show the open ones."""

    async def work(settings: Settings) -> list[Facility]:
        async with scope(settings) as request:
            return list(await (await request.get(ListFacilities))(COMMAND))

    table = Table("Code", "Name", "Region", "Zone", "Schedule")
    for each in told_plainly(work(Settings.read())):
        table.add_row(each.code, each.name, each.region, each.zone, each.url or "kept at the desk")
    Console().print(table)
