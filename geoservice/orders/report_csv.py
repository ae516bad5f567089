"""The report of an incident as one table: lots and teams, makers, then every step (pure)."""

import csv
import io
from datetime import datetime
from typing import TYPE_CHECKING

from geoservice.publish.escaping import harmless

if TYPE_CHECKING:
    from geoservice.orders.reporting import Told

HEADS = (
    "row", "order", "part", "no", "name", "origin", "quantity", "unit", "state", "eta_at",
    "departed_at", "arrived_at", "ended_at", "late_min", "returned", "lost", "used", "at", "actor",
    "action", "from_state", "to_state", "details",
)  # fmt: skip


def csv_of(told: "Told") -> str:
    """Return the table, with a byte-order mark for spreadsheets; times in the district's zone.

    ``row`` says what a line is: ``sent`` a lot or a team, ``maker``, or ``step``.
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADS, restval="")
    writer.writeheader()
    for row in (*_sent(told), *_makers(told), *_steps(told)):
        writer.writerow({name: _cell(told, value) for name, value in row.items()})
    return "\ufeff" + text.getvalue()


def _sent(told: "Told") -> list[dict[str, object]]:
    return [
        {"row": "sent", "late_min": None if it.late_min is None else round(it.late_min, 1),
         **{name: getattr(it, name) for name in HEADS[1:] if hasattr(it, name)}}
        for it in told.sent
    ]  # fmt: skip


def _makers(told: "Told") -> list[dict[str, object]]:
    return [
        {"row": "maker", "order": order["code"], "no": it["no"], "name": it["name"],
         "quantity": it["quantity"], "eta_at": it["ready_at"]}
        for order in told.orders for it in order["capability_lines"]
    ]  # fmt: skip


def _steps(told: "Told") -> list[dict[str, object]]:
    return [
        {"row": "step", "order": it.order, "part": it.part, "no": it.no, "name": it.what,
         "at": it.at, "actor": it.actor, "action": it.action, "from_state": it.from_state,
         "to_state": it.to_state, "details": "; ".join(f"{k}={v}" for k, v in it.details.items())}
        for it in told.events
    ]  # fmt: skip


def _cell(told: "Told", value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(told.zone).isoformat(timespec="seconds")
    return "" if value is None else harmless(value)
