"""What is asked when a monitor asks: how far seals, deliveries and the book are behind."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from psycopg_pool import ConnectionPool

from geoservice.book.kept import written_at
from geoservice.db import Connection, Query, pooled
from geoservice.errors import NotFoundError, UnavailableError


@dataclass(frozen=True)
class Lag:
    """How far behind things are; seconds of what waits longest, 0 when nothing does."""

    graph_version: int
    outbox_waiting: int
    outbox_oldest_s: float
    outbox_failed: int
    unsealed: int
    unsealed_oldest_s: float


_WITHIN_S = 2.0
# One at a time: while a question hangs in a stopped database, the next one waits and fails too.
_asker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="lag")
LAG = Query("metrics", "lag", Lag)
_SAID = {
    "graph_version": ("geoservice_graph_version", "State of the roads in the database"),
    "outbox_waiting": ("geoservice_outbox_waiting", "Messages that no partner has acknowledged"),
    "outbox_oldest_s": ("geoservice_outbox_oldest_seconds", "Age of the oldest of these"),
    "outbox_failed": ("geoservice_outbox_failed", "Messages that could not be delivered"),
    "unsealed": ("geoservice_audit_unsealed", "Audit events that no seal covers yet"),
    "unsealed_oldest_s": ("geoservice_audit_seal_lag_seconds", "Age of the oldest of these"),
}


def _asked(pool: ConnectionPool[Connection]) -> Lag:
    with pooled(pool) as conn:
        return LAG.one(conn)


class Lagging(Collector):
    """Tells it each time it is asked; of a database that does not answer only that."""

    def __init__(self, pool: ConnectionPool[Connection], home: Path, at: datetime) -> None:
        self._pool, self._home, self._at = pool, home, at

    def collect(self) -> Iterator[Metric]:
        """Ask the database and look at the disk."""
        try:
            lag = _asker.submit(_asked, self._pool).result(_WITHIN_S)
        except (UnavailableError, TimeoutError):
            lag = None
        up = "Whether the database answered"
        yield GaugeMetricFamily("geoservice_database_up", up, value=lag is not None)
        if lag is not None:
            for field, (name, said) in _SAID.items():
                yield GaugeMetricFamily(name, said, value=getattr(lag, field))
        try:
            age_s = (self._at - written_at(self._home)).total_seconds()
        except NotFoundError:
            return
        name = "geoservice_book_age_seconds"
        yield GaugeMetricFamily(name, "Age of the last dispatch book on disk", value=age_s)
