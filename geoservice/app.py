"""The web application, put together."""

import asyncio
import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

from anyio import to_thread
from fastapi import Depends, FastAPI
from psycopg_pool import ConnectionPool
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware

from geoservice import access, db, health, openapi, pages, problems
from geoservice.accounts.routes import router as accounts
from geoservice.alerts.actions import end_expired
from geoservice.alerts.delivery import deliver_due
from geoservice.alerts.outbox_routes import router as outbox
from geoservice.alerts.routes import router as alerts
from geoservice.analysis.routes import router as analysis
from geoservice.assets import find_assets
from geoservice.audit.actions import seal
from geoservice.audit.refusals import AuditRefusals
from geoservice.audit.routes import router as audit
from geoservice.background import repeat, repeat_apart
from geoservice.book.routes import router as book
from geoservice.book.writing import Writer
from geoservice.closures.routes import router as closures
from geoservice.coverage.routes import router as coverage
from geoservice.dispatch.routes import router as dispatch
from geoservice.drafts.routes import router as drafts
from geoservice.errors import SetupError
from geoservice.evacuation.routes import router as evacuation
from geoservice.events.routes import open_hub
from geoservice.events.routes import router as events
from geoservice.exports.jobs.routes import router as publishing
from geoservice.exports.jobs.running import Runner
from geoservice.exports.routes import router as exports
from geoservice.floods.derive_routes import router as flood_jobs
from geoservice.floods.flash_warnings import review_villages
from geoservice.floods.gauges import tell_silent_gauges
from geoservice.floods.import_routes import router as flood_files
from geoservice.floods.routes import router as floods
from geoservice.imports.routes import router as imports
from geoservice.incidents.routes import router as incidents
from geoservice.metrics.counting import CountRequests
from geoservice.metrics.routes import router as metrics
from geoservice.metrics.sampling import Sampler
from geoservice.middleware import BodyLimit, HeadFromGet, ProtectiveHeaders
from geoservice.network.compiled import kernel
from geoservice.network.folders import keep_network_in
from geoservice.orders.actions import forget_answers
from geoservice.orders.report_routes import router as reports
from geoservice.orders.routes import router as orders
from geoservice.orders.steps import expire_due
from geoservice.orders.turns import AT_ONCE
from geoservice.parameters import refuse_repeated
from geoservice.plans.routes import router as plans
from geoservice.precedence import Precedence
from geoservice.publish.catalog import load_layers
from geoservice.publish.counts import Counts
from geoservice.publish.item_shortcut import ItemShortcut
from geoservice.publish.pools import open_read_pools
from geoservice.publish.routes import router as publish
from geoservice.publish.tile_answers import Tiles
from geoservice.publish.tile_cache import TileCache
from geoservice.publish.tile_route import TileShortcut
from geoservice.publish.versions import Versions, fold
from geoservice.registry.feature_routes import router as features
from geoservice.registry.findings_routes import router as findings
from geoservice.registry.ledger import warn_of_differences
from geoservice.registry.routes import router as registry
from geoservice.registry.stock_routes import router as stock
from geoservice.sensors.routes import router as sensors
from geoservice.sensors.warnings import end_silent_sums
from geoservice.settings import Settings
from geoservice.shapes.routes import router as shapes
from geoservice.turns import TurnsByKey
from geoservice.zoning.derivation_routes import router as derivations
from geoservice.zoning.drawing_routes import router as drawing
from geoservice.zoning.input_routes import router as zone_inputs
from geoservice.zoning.licence_routes import router as licences
from geoservice.zoning.may_routes import router as may
from geoservice.zoning.product_routes import router as zone_products
from geoservice.zoning.routes import router as zoning

# What is done beside answering, and how often; of several workers one does it at a time.
BACKGROUND: dict[Callable[[db.Connection], object], float] = {
    fold: 2.0,
    seal: 1.0,
    expire_due: 5.0,
    forget_answers: 3600.0,
    warn_of_differences: 60.0,
    end_expired: 10.0,
    end_silent_sums: 60.0,
    review_villages: 60.0,
    tell_silent_gauges: 60.0,
}
TILE_CACHE_BYTES = 32_000_000
THREADS = 120
PUBLISH_EVERY_S = 2.0  # so often it is asked which publish job is due
BOOK_EVERY_S = 30.0  # so often it is asked whether the dispatch book is due
# The same, of what takes its transactions itself, because it waits for others between them.
APART: dict[Callable[[ConnectionPool[db.Connection]], object], float] = {deliver_due: 1.0}

_AREAS = (
    accounts,
    audit,
    findings,
    stock,
    imports,
    drafts,
    registry,
    features,
    shapes,
    analysis,
    coverage,
    dispatch,
    book,
    evacuation,
    closures,
    floods,
    flood_files,
    flood_jobs,
    incidents,
    orders,
    reports,
    plans,
    sensors,
    outbox,
    alerts,
    events,
    publish,
    publishing,
    exports,
    zone_inputs,
    licences,
    zoning,
    derivations,
    zone_products,
    drawing,
    may,
)


def create_app(settings: Settings, url: str) -> FastAPI:
    """Return the application for the database at ``url``.

    Raises
    ------
    SetupError
        A route lacks its row in `access.py`, a layer file is wrong, or a web library is missing.
    """
    app = FastAPI(
        title="geoservice",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        dependencies=[Depends(access.enforce), Depends(refuse_repeated)],
        redirect_slashes=False,
        # Looked up before every answer, and it would send what went wrong elsewhere.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.settings = settings
    keep_network_in(settings.home)
    app.state.url = url
    app.state.layers = load_layers()
    app.state.identities = TurnsByKey()
    app.state.precedence = Precedence()
    app.state.assets = find_assets()
    for router in (health.router, metrics, *_AREAS, pages.router):
        app.include_router(router)
    access.check_complete(app)
    app.openapi = lambda: openapi.describe(app)  # type: ignore[method-assign]  # FastAPI's own way
    problems.install(app)
    # The last added is the outermost.
    app.add_middleware(BodyLimit)
    app.add_middleware(HeadFromGet)
    app.add_middleware(
        GZipMiddleware,
        compresslevel=5,
        exclude_content_types=(
            *DEFAULT_EXCLUDED_CONTENT_TYPES,
            "application/geopackage+sqlite3",
            "application/vnd.apache.parquet",
        ),
    )
    for layer in (ProtectiveHeaders, AuditRefusals, ItemShortcut, TileShortcut, CountRequests):
        app.add_middleware(layer)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open the connections when the server starts and close them when it stops."""
    # The first question would wait for it.
    threading.Thread(target=kernel, name="network-kernel", daemon=True).start()
    reading = open_read_pools(app.state.url)
    await reading.open()
    app.state.reading = reading
    app.state.counts = Counts()
    versions = app.state.versions = Versions(reading.versions, app.state.layers)
    app.state.hub = open_hub(app)
    app.state.order_turns = asyncio.Semaphore(AT_ONCE)
    cache = app.state.tile_cache = TileCache(TILE_CACHE_BYTES)
    app.state.tiles = Tiles(reading.tiles, versions, cache)
    with _pools(app) as pool:
        sampler = app.state.sampler = Sampler(app)
        tasks = [
            asyncio.create_task(repeat(job, pool, every_s=every_s))
            for job, every_s in BACKGROUND.items()
        ]
        tasks += [
            asyncio.create_task(repeat_apart(job, pool, every_s=every_s, name=job.__qualname__))
            for job, every_s in APART.items()
        ]
        tasks.append(asyncio.create_task(sampler.repeat()))
        runner = Runner(app.state.url, app.state.settings.home)
        publishing = repeat_apart(runner, pool, every_s=PUBLISH_EVERY_S, name="publish jobs")
        tasks.append(asyncio.create_task(publishing))
        writer = Writer(app.state.settings.home, app.state.settings.book_min)
        if app.state.settings.book_min:
            books = repeat_apart(writer, pool, every_s=BOOK_EVERY_S, name="dispatch book")
            tasks.append(asyncio.create_task(books))
        yield
        runner.stop()
        writer.stop()
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    await reading.close()


@contextmanager
def _pools(app: FastAPI) -> Iterator[ConnectionPool[db.Connection]]:
    """Connect for what is not reading layers: a pool each for most, for dispatch, for the door."""
    url = app.state.url
    # As many as the pools let work or wait, so that no request waits for a thread.
    to_thread.current_default_thread_limiter().total_tokens = THREADS
    with (
        db.open_pool(url) as pool,
        db.open_pool(url, size=AT_ONCE) as dispatch,
        db.open_pool(url, size=2) as door,
    ):
        app.state.pool, app.state.dispatch_pool, app.state.door_pool = pool, dispatch, door
        yield pool


def from_environment() -> FastAPI:
    """Return the application for the environment's settings: what a worker process starts with.

    Raises
    ------
    SetupError
        The environment names no database.
    """
    settings = Settings.from_environment()
    if settings.database_url is None:
        raise SetupError(
            "GEOSERVICE_DATABASE_URL is not set: start the service with `geoservice serve`",
            zh="未设置 GEOSERVICE_DATABASE_URL：请用 geoservice serve 启动服务",
        )
    threading.Thread(target=_end_with_supervisor, name="supervisor-watch", daemon=True).start()
    app = create_app(settings, settings.database_url)
    # What lives as long as the worker need not be looked through for garbage: that halts everything
    # for 0.1 s and more.
    gc.collect()
    gc.freeze()
    return app


def _end_with_supervisor() -> None:
    """End this worker when its supervisor was killed: it would hold the port of the next start."""
    supervisor = multiprocessing.parent_process()
    if supervisor is not None:  # None: the only server, in the process that was started
        supervisor.join()
        os.kill(os.getpid(), signal.SIGTERM)
