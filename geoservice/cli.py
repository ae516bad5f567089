"""`geoservice`: one command per action.

Exit status: 0 done, 1 refused, 2 cannot start, 130 stopped.
"""

import sys

import typer
from rich.console import Console
from rich.markup import escape

from geoservice import service, terminal
from geoservice.accounts import commands as accounts
from geoservice.accounts import grant_commands as grants
from geoservice.alerts import commands as alerts
from geoservice.audit import commands as audit
from geoservice.book import commands as book
from geoservice.closures import commands as closures
from geoservice.coverage import commands as coverage
from geoservice.demo import commands as demo
from geoservice.dispatch import commands as dispatch
from geoservice.errors import GeoServiceError, SetupError
from geoservice.evacuation import commands as evacuation
from geoservice.exports import commands as exports
from geoservice.exports.jobs import commands as publish_jobs
from geoservice.floods import commands as floods
from geoservice.incidents import commands as incidents
from geoservice.keeping import commands as keeping
from geoservice.orders import commands as orders
from geoservice.plans import commands as plans
from geoservice.publish import commands as publish
from geoservice.readers import commands as readers
from geoservice.registry import commands as registry
from geoservice.registry import findings_commands as findings
from geoservice.registry import stock_commands as stock
from geoservice.roads import commands as roads
from geoservice.sensors import commands as sensors
from geoservice.settings import Settings
from geoservice.terrain import commands as terrain
from geoservice.zoning import batch_commands as zone_batches
from geoservice.zoning import commands as zoning
from geoservice.zoning import compliance_commands as compliance
from geoservice.zoning import input_commands as zone_inputs
from geoservice.zoning import licence_commands as licences
from geoservice.zoning import step_commands as zone_steps

app = typer.Typer(
    help="区县应急指挥地图服务 · the map room of a district's emergency command centre.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.command("serve")
def _serve() -> None:
    """启动服务 · serve the map until Ctrl-C."""
    service.serve(Settings.from_environment())


@app.command("migrate")
def _migrate() -> None:
    """升级数据库 · bring the database to this version."""
    with terminal.at_work() as work:
        terminal.say("\n".join(work.migrated) or "数据库已是最新 · nothing to do")


areas = (
    registry,
    findings,
    stock,
    roads,
    terrain,
    demo,
    accounts,
    grants,
    audit,
    keeping,
    coverage,
    dispatch,
    book,
    evacuation,
    closures,
    floods,
    zoning,
    zone_steps,
    zone_inputs,
    zone_batches,
    compliance,
    licences,
    incidents,
    orders,
    plans,
    publish,
    sensors,
    alerts,
    exports,
    publish_jobs,
    readers,
)
for area in areas:
    area.add_to(app)


def main() -> None:
    """Run the command line; every refusal is two sentences and an honest status."""
    console = Console(stderr=True)
    try:
        app(standalone_mode=True)
    except GeoServiceError as error:
        console.print(f"[bold red]✗[/] {escape(error.zh)}\n  {escape(str(error))}", soft_wrap=True)
        sys.exit(2 if isinstance(error, SetupError) else 1)
    except KeyboardInterrupt:
        sys.exit(130)
