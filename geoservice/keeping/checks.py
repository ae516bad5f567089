"""What `geoservice doctor` looks at; each check stands alone, so that none hides another."""

import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

import psycopg

from geoservice import db
from geoservice.assets import find_assets
from geoservice.audit.actions import verify
from geoservice.book.kept import NAME, last_book, last_folder
from geoservice.book.layout import age_of
from geoservice.db import Connection, Query
from geoservice.errors import GeoServiceError, NotFoundError
from geoservice.exports.jobs.actions import JOB_COUNT, TROUBLED
from geoservice.keeping.archive import sha256_of
from geoservice.migrate import APPLIED, migrations
from geoservice.publish.catalog import load_layers
from geoservice.registry.ledger import check_ledger
from geoservice.sandbox.running import BrokenReaderError, confinement_here
from geoservice.server import running_database
from geoservice.settings import Settings
from geoservice.terrain.store import CURRENT, terrain_of
from geoservice.zoning.raster_files import raster_folder

State = Literal["good", "doubtful", "bad"]
_LEAST_FREE_BYTES, _LEAST_FREE_PCT = 1_000_000_000, 5
_OLDEST_BACKUP = timedelta(days=2)
_MOST_CLOCK_S = 2.0
_FAILS_FOR_GOOD = 3


@dataclass(frozen=True)
class Finding:
    """What one check found."""

    name: str
    state: State
    zh: str
    en: str
    detail_zh: str
    detail_en: str


@dataclass(frozen=True)
class InvalidShapes:
    """A table with shapes that are not valid."""

    table_name: str
    invalid: int


@dataclass(frozen=True)
class LastBackup:
    """The newest backup of this database."""

    made_at: datetime
    place: str


LAST_BACKUP = Query("keeping", "last_backup", LastBackup)
INVALID_SHAPES = Query("keeping", "invalid_shapes", InvalidShapes)
CLOCK = Query("keeping", "clock", datetime)
RASTERS_IN_USE = Query("keeping", "rasters_in_use", str)
_LISTED_RASTERS = 3
IS_BOUNDARY_LOADED = Query("keeping", "is_boundary_loaded", bool)
Said = tuple[State, str, str]


def examine(settings: Settings, *, at: datetime) -> list[Finding]:
    """Return what every check found; a database that cannot be used is a finding, not an error."""
    found = [
        _finding("disk", "磁盘空间", "Disk space", lambda: _disk(settings)),
        _finding("web", "网页库", "Web libraries", _web),
        _finding("sandbox", "文件读取隔离", "Reading of files", _sandbox),
        _finding("layers", "图层定义", "Layer files", _layers),
        _finding("book", "调度手册", "Dispatch book", lambda: _book(settings, at)),
    ]
    try:
        with running_database(settings) as url, db.connect(url, role="none") as conn:
            found.append(Finding("database", "good", "数据库", "Database", *_server(conn)))
            found += _of_database(conn, settings, at)
    except (GeoServiceError, psycopg.Error) as error:
        zh = error.zh if isinstance(error, GeoServiceError) else str(error)
        found.append(Finding("database", "bad", "数据库", "Database", zh, str(error)))
    return found


def _of_database(conn: Connection, settings: Settings, at: datetime) -> list[Finding]:
    migrated = _finding("migrations", "迁移", "Migrations", lambda: _migrations(conn))
    if migrated.state != "good":
        return [migrated]
    return [
        migrated,
        _finding("district", "行政区", "District", lambda: _district(conn)),
        _finding("clock", "时钟", "Clock", lambda: _clock(conn)),
        _finding("terrain", "地形", "Terrain", lambda: _terrain(conn, settings)),
        _finding("rasters", "煤层栅格", "Rasters of seams", lambda: _rasters(conn, settings)),
        _finding("shapes", "几何", "Shapes", lambda: _shapes(conn)),
        _finding("ledger", "物资台账", "Stock ledger", lambda: _ledger(conn)),
        _finding("audit", "审计链", "Audit chain", lambda: _audit(conn)),
        _finding("backup", "备份", "Backup", lambda: _backup(conn, at)),
        _finding("publishing", "发布任务", "Publish jobs", lambda: _publishing(conn)),
    ]


def _finding(name: str, zh: str, en: str, look: Callable[[], Said]) -> Finding:
    try:
        state, said_zh, said_en = look()
        return Finding(name, state, zh, en, said_zh, said_en)
    except GeoServiceError as error:
        return Finding(name, "bad", zh, en, error.zh, error.message)


def _disk(settings: Settings) -> Said:
    usage = shutil.disk_usage(settings.home if settings.home.exists() else settings.home.anchor)
    share_pct = 100 * usage.free / usage.total
    is_low = usage.free < _LEAST_FREE_BYTES or share_pct < _LEAST_FREE_PCT
    said = f"{usage.free / 1e9:.1f} GB ({share_pct:.0f} %)"
    return ("bad" if is_low else "good"), f"剩余 {said}", f"{said} free"


def _web() -> Said:
    find_assets()
    return "good", "齐全", "all there"


def _sandbox() -> Said:
    try:
        found = confinement_here()
    except BrokenReaderError as error:
        return "bad", f"无法启动读取进程：{error}", f"no reader can be started: {error}"
    missing = ", ".join(name for name, holds in asdict(found).items() if not holds)
    if found.level == "full":
        return "good", "完全隔离", "fully confined"
    said = f"{found.level}; missing: {missing}"
    return "doubtful", f"隔离不完全，缺少 {missing}", said


def _layers() -> Said:
    count = len(load_layers())
    return "good", f"{count} 个", f"{count} of them"


def _book(settings: Settings, at: datetime) -> Said:
    if not settings.book_min:
        return "good", "不自动生成", "not written by itself (GEOSERVICE_BOOK_MIN=0)"
    try:
        book, folder = last_book(settings.home), last_folder(settings.home)
    except NotFoundError as error:
        return "doubtful", f"{error.zh}：geoservice dispatch book", error.message
    age = age_of(book.as_of, at)
    if at - book.as_of > 2 * timedelta(minutes=settings.book_min):
        late = "服务未运行，或未能生成", "the service does not run, or cannot write it"
        return "doubtful", f"{age.zh}：{late[0]}", f"{age.en}: {late[1]}"
    if not (folder / f"{NAME}.pdf").is_file():
        return (
            "doubtful",
            f"{age.zh}，没有 PDF：安装 fonts-noto-cjk",
            (f"{age.en}, without a PDF: apt-get install fonts-noto-cjk"),
        )
    return "good", age.zh, age.en


def _rasters(conn: Connection, settings: Settings) -> Said:
    files = RASTERS_IN_USE.all(conn)
    lost = [it for it in files if not (raster_folder(settings.home) / it).is_file()]
    if lost:
        listed = ", ".join(lost[:_LISTED_RASTERS])
        return "bad", f"缺失 {len(lost)} 个：{listed}", f"{len(lost)} are missing: {listed}"
    return "good", f"{len(files)} 个在用", f"{len(files)} in use"


def _server(conn: Connection) -> tuple[str, str]:
    version = str(conn.info.parameter_status("server_version"))
    return f"PostgreSQL {version}", f"PostgreSQL {version}"


def _migrations(conn: Connection) -> Said:
    waiting = len(migrations()) - len(APPLIED.all(conn))
    if waiting:
        return (
            "doubtful",
            f"有 {waiting} 个待执行：运行 geoservice migrate",
            f"{waiting} wait: run geoservice migrate",
        )
    return "good", "已是最新", "up to date"


def _district(conn: Connection) -> Said:
    if IS_BOUNDARY_LOADED.one(conn):
        return "good", "已设定", "set"
    return "doubtful", "尚未导入边界", "no boundary yet: geoservice load boundary FILE"


def _clock(conn: Connection) -> Said:
    ahead_s = (CLOCK.one(conn) - datetime.now(UTC)).total_seconds()
    said = f"{ahead_s:+.1f} s"
    state: State = "bad" if abs(ahead_s) > _MOST_CLOCK_S else "good"
    return state, f"数据库与本机相差 {said}", f"the database is {said} of this machine"


def _terrain(conn: Connection, settings: Settings) -> Said:
    row = CURRENT.first(conn)
    if row is None:
        return "good", "尚未导入", "none loaded: geoservice load dem FILE... --datum 1985"
    path = terrain_of(row, settings.home).path
    if sha256_of(path) != row.sha256:
        return "bad", f"{path.name} 已被改动，请重新导入", f"{path.name} was changed: load it again"
    cells = f"{row.row_count} x {row.col_count}, {row.cell_m:g} m, {row.height_datum}"
    left = row.void_count - row.filled_count
    if left:
        return "doubtful", f"{cells}；{left} 格没有高程", f"{cells}; {left} cells have no height"
    return "good", cells, cells


def _shapes(conn: Connection) -> Said:
    wrong = ", ".join(f"{it.table_name}: {it.invalid}" for it in INVALID_SHAPES.all(conn))
    return ("bad", f"无效：{wrong}", f"invalid: {wrong}") if wrong else ("good", "有效", "valid")


def _ledger(conn: Connection) -> Said:
    found = check_ledger(conn)
    if found.differences or found.unpaired:
        lots = ", ".join(it.code for it in found.differences[:5])
        return "bad", f"与流水不符：{lots}", f"not the sum of their moves: {lots}"
    return "good", f"{found.size.lots} 批与流水相符", f"{found.size.lots} lots are their moves' sum"


def _audit(conn: Connection) -> Said:
    found = verify(conn)
    if found.broken:
        seals = ", ".join(str(it.n) for it in found.broken[:5])
        return "bad", f"封印 {seals} 与事件不符", f"seals {seals} do not fit their events"
    return "good", f"完好，{found.tally.seals} 个封印", f"sound, {found.tally.seals} seals"


def _backup(conn: Connection, at: datetime) -> Said:
    last = LAST_BACKUP.first(conn)
    if last is None:
        return "doubtful", "从未备份：运行 geoservice backup", "none yet: run geoservice backup"
    days = (at - last.made_at) / timedelta(days=1)
    state: State = "doubtful" if at - last.made_at > _OLDEST_BACKUP else "good"
    return state, f"{days:.1f} 天前，{last.place}", f"{days:.1f} days ago, {last.place}"


def _publishing(conn: Connection) -> Said:
    troubled = TROUBLED.all(conn)
    if not troubled:
        count = JOB_COUNT.one(conn)
        return "good", f"{count} 个", f"{count} of them"
    zh = "；".join(
        f"{it.name} 连续失败 {it.failures} 次" if it.failures else f"{it.name} 到期未运行"
        for it in troubled
    )
    en = "; ".join(
        f"{it.name} failed {it.failures} times in a row" if it.failures else f"{it.name} is late"
        for it in troubled
    )
    state: State = "bad" if any(it.failures >= _FAILS_FOR_GOOD for it in troubled) else "doubtful"
    return state, f"{zh}（geoservice publish status）", f"{en} (geoservice publish status)"
