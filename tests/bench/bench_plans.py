"""Plans for an incident: goods of eight kinds from fifty depots and two teams, under six closures.

`first plan` is the plan by the order of aims, `with its alternatives` all three, both through
HTTP and with ways, reasons and orders. Beside them the question of the nearest five, and the
allocation alone. The bounds that the project set itself: 150 ms for the first plan, 500 ms with
its alternatives, at the 99th percentile on a quiet machine.
"""

from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
from bench_nearest import CLOSURE, CLOSURES, INCIDENTS, NOW, add, beside, settle
from racing import Contender, Options, console, race, show
from serving import Web, served

from geoservice import db
from geoservice.accounts.actions import create_token
from geoservice.plans.actions import make_plan
from geoservice.plans.questions import Item, PlanQuestion, TeamItem

ITEMS, TEAMS = 8, 30
LOT = """
INSERT INTO core.stock_lot (code, name, source_doc, depot_id, item_code, quantity, unit,
                            min_reserve, expires_on, surveyed_on)
SELECT d.code || '-' || n || '-' || b, '物资', 'bench', d.id, '20101' || lpad(n::text, 2, '0'),
       20 + (random() * 80)::integer, '台', 5, current_date + 30 * b, current_date
  FROM core.depot d, generate_series(1, %s) n, generate_series(1, 2) b WHERE random() < 0.5"""
TEAM = """
INSERT INTO core.rescue_team (code, name, source_doc, tier, mobilise_min, geom)
VALUES ('T' || %s, '队伍', 'bench', 'pro', 5, ST_Point(%s, %s, 4490))"""
SKILL = """
INSERT INTO core.team_capability (code, name, source_doc, team_id, skill, type_no)
SELECT t.code, '能力', 'bench', t.id, '排水', 1 + t.id %% 3
  FROM core.rescue_team t WHERE t.id > %s"""
# What is wanted of each kind: a few need one depot, a few need several.
WANTED = (30, 60, 90, 120, 150, 180, 240, 300)


def bench(url: str, options: Options) -> None:
    """Race plans over random incidents."""
    with db.connect(url, role="geoservice_owner") as conn:
        settle(conn, options)
        add(conn, CLOSURE, "closure", CLOSURES)
        add(conn, TEAM, "team", TEAMS)
        conn.execute(SKILL, (0,))
        conn.execute("UPDATE core.depot SET load_min = 5 + id % 20")
        conn.execute(LOT, (ITEMS,))
        token = create_token(conn, roles=["dispatcher"], name="bench")
        conn.commit()
    with db.connect(url) as conn, served(url, token) as web:
        points = beside(conn, "incident", INCIDENTS)
        laps = race(
            _contenders(conn, web, points),
            rounds=options.rounds(INCIDENTS),
            title=f"plans, {CLOSURES} closures of 600 m",
        )
        show("plans", laps, against="GET /dispatch/nearest")
        _tell(web, points)


def _contenders(
    conn: db.Connection, web: Web, points: list[tuple[float, float]]
) -> list[Contender]:
    def nearest(n: int) -> object:
        lon, lat = points[n]
        return web.get("/dispatch/nearest", {"lon": lon, "lat": lat, "kind": "depot"})

    def ours(n: int) -> object:
        lon, lat = points[n]
        items = tuple(
            Item(i, f"20101{i:02}", Decimal(wanted)) for i, wanted in enumerate(WANTED, 1)
        )
        question = PlanQuestion(
            lon=lon, lat=lat, items=items, teams=(TeamItem(9, "排水", 2),),
            alternatives=("fewest_depots",),
        )  # fmt: skip
        return make_plan(conn, question, at=NOW)

    return [
        Contender("GET /dispatch/nearest", nearest),
        Contender("make_plan, first", ours),
        Contender("POST /dispatch/plans, first", lambda n: _post(web, points[n], first=True)),
        Contender("POST /dispatch/plans, all", lambda n: _post(web, points[n], first=False)),
    ]


def _post(web: Web, point: tuple[float, float], *, first: bool) -> dict[str, object]:
    body: dict[str, object] = {
        "lon": point[0],
        "lat": point[1],
        "items": [
            {"item_code": f"20101{i:02}", "quantity": wanted} for i, wanted in enumerate(WANTED, 1)
        ],
        "teams": [{"skill": "排水", "number": 2}],
    }
    if first:
        body["alternatives"] = ["fewest_depots"]
    answer: dict[str, object] = web.post("/dispatch/plans", body)
    return answer


def _tell(web: Web, points: list[tuple[float, float]]) -> None:
    """Say what the plans were like: alternatives, depots sent, what was proven."""
    started, answers = datetime.now(UTC), [_post(web, point, first=False) for point in points[:20]]
    plans = [one for answer in answers for one in answer["alternatives"]]  # type: ignore[attr-defined]
    sent = np.mean([one["depots_sent"] for one in plans])
    proven = sum(one["is_proven"] for one in plans)
    took_s = (datetime.now(UTC) - started).total_seconds()
    console.print(
        f"{len(answers)} incidents: {len(plans)} different plans, {proven} proven, "
        f"{sent:.1f} depots a plan, {took_s / len(answers) * 1e3:.0f} ms each"
    )
