"""The house: what a reviewer should not have to count. The rules: docs/style.md."""

import ast
import re
import subprocess
import tokenize
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "geoservice"
PYTHON = sorted(PACKAGE.rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
NAMES = ("utils.py", "helpers.py", "base.py")

PURE = {
    "crs.py", "datum.py", "errors.py",
    "dispatch/checks.py", "dispatch/eta.py", "dispatch/ranking.py", "dispatch/reasons.py",
    "dispatch/straight.py", "texts.py",
    "network/bans.py", "network/effects.py", "network/graph.py", "network/hubs.py",
    "network/kernel.py", "network/profiles.py", "network/reasons.py", "network/refusals.py",
    "network/routing.py", "network/standing.py",
    "coverage/people.py", "coverage/wording.py", "evacuation/transport.py",
    "evacuation/wording.py", "coverage/shapes.py",
    "exports/jobs/schedule.py",
    "exports/changes.py", "exports/formats.py", "exports/target.py", "exports/tokens.py",
    "publish/coordinates.py", "publish/cql2/equalities.py", "publish/cql2/places.py",
    "publish/cql2/reading.py", "publish/cql2/times.py", "publish/schemas.py",
    "publish/described.py", "publish/html/document_pages.py", "publish/html/frame.py",
    "publish/html/item_pages.py", "publish/html/sketch.py", "publish/item_links.py",
    "publish/negotiation.py",
    "publish/ordering.py", "publish/documents.py", "publish/drawing.py", "publish/escaping.py",
    "publish/permit.py", "publish/report_frame.py",
    "publish/report_layers.py", "publish/report_symbols.py", "publish/secrecy.py",
    "publish/styles.py", "publish/tilesets.py",
    "registry/assessing.py", "registry/bodies.py", "registry/described.py", "registry/fefo.py",
    "registry/importing.py",
    "registry/major_hazards.py", "registry/repeats.py", "registry/risk.py", "registry/rows.py",
    "registry/sections.py",
    "roads/arcs.py", "roads/reasons.py", "roads/refusals.py", "roads/restrictions.py",
    "roads/rows.py", "roads/tags.py", "roads/values.py",
    "events/news.py",
    "floods/extent.py", "floods/flash.py", "floods/flash_wording.py", "floods/gauging.py",
    "floods/grades.py", "floods/heights.py", "floods/importing.py", "floods/polygons.py",
    "floods/shafts.py", "floods/telling.py", "floods/water.py", "floods/wet_roads.py",
    "floods/wording.py",
    "minewater/buffers.py", "minewater/checks.py", "minewater/classes.py", "minewater/coverage.py",
    "minewater/deciding.py", "minewater/derive.py", "minewater/edges.py", "minewater/facts.py",
    "minewater/formulas.py", "minewater/fracture.py", "minewater/grids.py", "minewater/hashes.py",
    "minewater/inputs.py", "minewater/interpolate.py", "minewater/kernel.py",
    "minewater/partition.py", "minewater/plain.py", "minewater/results.py",
    "minewater/rules_above.py", "minewater/rules_floor.py", "minewater/rules_goaf.py",
    "minewater/rules_planner.py", "minewater/rules_structures.py", "minewater/rulesets.py",
    "minewater/setting.py", "minewater/vulnerability.py",
    "book/columns.py", "book/layout.py", "book/page.py", "book/records.py", "book/table.py",
    "book/tables.py", "book/volume.py",
    "orders/machine.py", "orders/report_csv.py",
    "alerts/cap.py", "alerts/message.py", "alerts/shapes.py",
    "sensors/bodies.py", "sensors/judging.py", "sensors/rain.py", "sensors/readings.py",
    "sensors/thresholds.py", "sensors/wording.py",
    "demo/terrain.py", "demo/towns.py", "demo/roads.py", "demo/resources.py", "demo/zones.py",
    "demo/zone_reasons.py",
    "demo/command.py", "demo/incidents.py", "demo/ledgers.py", "demo/risks.py",
    "demo/supplies.py", "demo/support.py", "demo/waters.py",
    "plans/allocate.py", "plans/arrays.py", "plans/build.py", "plans/checks.py",
    "plans/fewest.py", "plans/fixes.py", "plans/goals.py", "plans/makers.py", "plans/model.py",
    "plans/ordered.py", "plans/problem.py", "plans/sent.py", "plans/shared.py",
    "plans/simple.py",
    "plans/teams.py", "plans/wants.py", "plans/wording.py",
    "registry/named_values.py", "registry/records/rules.py",
    "heights.py", "zoning/compliance.py", "zoning/licences.py", "zoning/zone_prefix.py",
    "zoning/comparing.py", "zoning/drawn.py", "zoning/machine.py", "zoning/overlay.py",
    "zoning/permits.py", "zoning/words.py",
    "terrain/bathtub.py", "terrain/blocks.py", "terrain/directions.py", "terrain/fill.py",
    "terrain/gradients.py", "terrain/hand.py", "terrain/kernel.py", "terrain/refusals.py",
}  # fmt: skip
PURE_FORBIDDEN = {"psycopg", "fastapi", "os", "pathlib", "logging", "time", "typer", "sqlalchemy"}
SQL = re.compile(
    r"\b(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+TABLE)\b"
)

MAY_HOLD_SQL = {
    "geoservice/publish/select/changes.py",
    "geoservice/publish/select/copies.py",
    # The one place that composes it.
    "geoservice/publish/select/beside.py",
    "geoservice/publish/select/cells.py",
    "geoservice/publish/select/city_tables.py",
    "geoservice/publish/select/form.py",
    "geoservice/publish/select/inside.py",
    "geoservice/publish/select/items.py",
    "geoservice/publish/select/formats.py",
    "geoservice/publish/select/paging.py",
    "geoservice/publish/select/rows.py",
    "geoservice/publish/select/shared.py",
    "geoservice/publish/select/tiles.py",
    "geoservice/registry/readers/gis.py",  # asks another's GeoPackage (SQLite) what it holds
}


def _id(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def _nodes(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(path.read_text("utf-8"))))


def _imported(path: Path) -> set[str]:
    imported: set[str] = set()
    for node in _nodes(path):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module or "")
    return imported


def test_files_are_short() -> None:
    lengths = {_id(path): len(path.read_text("utf-8").splitlines()) for path in PYTHON + TESTS}
    assert {name: length for name, length in lengths.items() if length > 300} == {}


def test_functions_are_short() -> None:
    too_long = []
    for path in PYTHON:
        for node in _nodes(path):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _length(node) > 40:
                too_long.append(f"{_id(path)}: {node.name}: {_length(node)} lines")
    assert too_long == []


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
    return (node.end_lineno or 0) - first.lineno + 1


def test_pure_modules_import_nothing_impure() -> None:
    impure = {}
    for name in PURE:
        imported = _imported(PACKAGE / name)
        roots = {one.split(".")[0] for one in imported} - {"geoservice"}
        inner = imported & {"geoservice.db", "geoservice.settings", "geoservice.migrate"}
        impure[name] = roots & PURE_FORBIDDEN | inner
    assert {name: found for name, found in impure.items() if found} == {}


def test_sql_text_is_only_where_it_is_composed() -> None:
    found = [
        (_id(path), node.value)
        for path in PYTHON
        if _id(path) not in MAY_HOLD_SQL
        for node in _nodes(path)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.search(node.value)
    ]
    assert found == []


def test_chinese_is_text_for_users_not_comments() -> None:
    chinese = re.compile(r"[\u4e00-\u9fff]")
    found = []
    for path in PYTHON:
        if not re.search(rf"#.*{chinese.pattern}", path.read_text("utf-8")):
            continue  # a comment stands behind a #; whether what does is one, only tokens tell
        with path.open("rb") as stream:
            comments = [t for t in tokenize.tokenize(stream.readline) if t.type == tokenize.COMMENT]
        found += [(_id(path), c.string) for c in comments if chinese.search(c.string)]
    assert found == []


def test_actions_and_pure_code_never_call_back_up() -> None:
    upward = re.compile(r"^\s*from geoservice\.\w+(\.\w+)* import .*\b(routes|commands)\b", re.M)
    lower = [p for p in PYTHON if p.name not in {"app.py", "cli.py", "routes.py", "__init__.py"}]
    assert [_id(p) for p in lower if upward.search(p.read_text("utf-8"))] == []


@pytest.mark.parametrize(
    ("pattern", "stop"),
    [("sql/queries/*.sql", 40), ("layers/*.toml", 80), ("web/js/**/*.js", 200)],
)
def test_other_files_keep_their_budget(pattern: str, stop: int) -> None:
    over = []
    for path in ROOT.glob(pattern):
        text = path.read_text("utf-8")
        parts = text.split("-- name: ")[1:] if path.suffix == ".sql" else [text]
        over += [f"{_id(path)}: {n}" for n in (len(p.splitlines()) for p in parts) if n > stop]
    assert over == []


def test_every_folder_of_code_is_a_package() -> None:
    assert [_id(p.parent) for p in PYTHON if not (p.parent / "__init__.py").is_file()] == []


def test_no_catch_all_modules() -> None:
    assert [_id(p) for p in PYTHON if p.name in NAMES] == []


def test_nothing_unfinished_is_committed() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK|NotImplementedError)\b")
    listed = subprocess.run(
        ["git", "ls-files", "geoservice", "layers", "web/js", "sql", "bin"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    texts = {name: (ROOT / name).read_text("utf-8", "replace") for name in listed}
    assert [name for name, text in texts.items() if marks.search(text)] == []
