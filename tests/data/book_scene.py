"""A small dispatch book, made by hand."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from geoservice.book import records

AS_OF = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)
EAST, WEST = "140406001", "140406002"


def _row(code: str, name: str, town: str | None, **more: Any) -> dict[str, Any]:
    listed = {
        "code": code, "name": name, "town_code": town, "surveyed_on": date(2026, 10, 1),
        "is_stale": False, "is_demo": False,
    }  # fmt: skip
    return listed | more


def _placed(code: str, name: str, town: str | None, **more: Any) -> dict[str, Any]:
    reached = {"contact": "王五", "phone": "13812345678", "lon": 113.2, "lat": 36.3}
    return _row(code, name, town, **reached) | more


def make_book(said: str = "", **more: Any) -> records.Book:
    """Return a district of two towns, a depot each, with ``said`` before every name."""
    depot = {"tier": "town", "owner": "government", "form": "stock", "load_min": 20.0,
             "address": f"{said}东街 1 号"}  # fmt: skip
    stock = {
        "unit": "台", "quantity": Decimal("12"), "reserved": Decimal("2"), "usable": Decimal("7.5"),
        "expired": Decimal("2.5"), "expires_on": date(2027, 1, 31), "min_reserve": Decimal("1"),
    }  # fmt: skip
    parts: dict[str, Any] = {
        "head": records.Head("测试区", "Asia/Shanghai", 42),
        "as_of": AS_OF,
        "towns": (records.Town(EAST, f"{said}东镇"), records.Town(WEST, "西镇")),
        "posts": (records.Post(**_placed("HQ", f"{said}总指挥部", None), kind="HQ",
                               hazard_types=None, lead_org=None, address=None),),
        "answering": (records.Answering("flood", "HQ"),),
        "depots": (records.Depot(**_placed("D1", f"{said}东库", EAST), **depot),
                   records.Depot(**_placed("D2", "西库", WEST, phone=None), **depot)),
        "stock": (
            records.Stock(**_row("2050101", f"{said}水泵", EAST), depot_code="D1", **stock),
            records.Stock(**_row("2050101", f"{said}水泵", WEST, is_stale=True), depot_code="D2",
                          **stock | {"usable": Decimal("20")}),
        ),
        "makers": (), "agreements": (), "shelters": (), "stations": (),
        "teams": (records.Team(**_placed("T1", f"{said}排水队", EAST, phone="03556821190"),
                               tier="pro", status="ready", skills="排水 1", headcount=20,
                               on_duty=None, mobilise_min=6.0, equipment=None),),
    }  # fmt: skip
    return records.Book(**parts | more)
