"""What the rows of the serving benchmark aim at, worked out of what was seen."""

import time
from dataclasses import dataclass, field
from statistics import median

import psycopg
from aims import Aim
from pulling import Pull, middle, pull, pull_sql
from servers import Server
from serving_rows import Row

from geoservice.publish.packing import packed

FLOOR_LAPS = 7
MOST_OVER_FLOOR = 1.3
# By the beginning of a row's title: so many times tipg's answers a second, at least.
TIMES = {
    "first page of 100": 12,
    "one item": 4,
    "points z14, cached": 50,
    "polygons z14, cached": 50,
    "points z14, 304": 50,
    "polygons z14, 304": 50,
}
MOST_Z8_KB, MOST_Z8_MS = 150, 5
AS_FAST = 0.8


@dataclass
class Seen:
    """The laps of each row at each number of connections: ours, tipg's."""

    rows: list[Row]
    laps: dict[tuple[str, int], tuple[list[Pull], list[Pull]]] = field(default_factory=dict)

    def add(self, row: Row, connections: int, mine: list[Pull], theirs: list[Pull]) -> None:
        self.laps[row.title, connections] = mine, theirs

    def of(self, title: str) -> dict[int, tuple[list[Pull], list[Pull]]]:
        return {c: laps for (name, c), laps in self.laps.items() if name == title}


def aims_of(seen: Seen) -> list[Aim]:
    """Every aim that the rows speak of."""
    return [*(_times(seen, title, least) for title, least in TIMES.items() if seen.of(title)),
            *_tails(seen), *_far_out(seen)]  # fmt: skip


def _times(seen: Seen, title: str, least: float) -> Aim:
    ratios = {
        c: median(a.per_s / b.per_s for a, b in zip(mine, theirs, strict=True) if b.per_s)
        for c, (mine, theirs) in seen.of(title).items()
        if theirs
    }
    said = " / ".join(f"{ratio:.1f}" for ratio in ratios.values())
    return Aim(f"{title}: {least} x tipg's", said, min(ratios.values(), default=0) >= least)


def _tails(seen: Seen) -> list[Aim]:
    """Whether the median of our p99 is below tipg's, everywhere."""
    raced = {at: laps for at, laps in seen.laps.items() if laps[1]}
    above = [
        f"{title} at {c}"
        for (title, c), (mine, theirs) in raced.items()
        if middle(mine).p99_ms >= middle(theirs).p99_ms
    ]
    said = ", ".join(above) or f"{len(raced)} of {len(raced)}"
    return [Aim("p99 below tipg's on every row", said, not above)] if raced else []


def _far_out(seen: Seen) -> list[Aim]:
    found = seen.of("points z8, cached")
    if not found:
        return []
    alone = middle(found[min(found)][0])
    return [
        Aim(f"z8 under {MOST_Z8_KB} KB", f"{alone.bytes_each / 1e3:.1f} KB",
            alone.bytes_each < MOST_Z8_KB * 1e3),
        Aim(f"z8 from memory under {MOST_Z8_MS} ms",
            f"p50 {alone.p50_ms:.2f}, p99 {alone.p99_ms:.2f} ms", alone.p50_ms < MOST_Z8_MS),
    ]  # fmt: skip


def deep_as_first(server: Server, first: Row, deep: Row, *, connections: int = 8) -> Aim:
    """Compare a page far in with the first, by turns."""
    shares = []
    for _ in range(FLOOR_LAPS):
        at = {"connections": connections, "seconds": 1}
        shares.append(
            pull(server.url, deep.ours, **at).per_s / pull(server.url, first.ours, **at).per_s
        )
    said = f"{median(shares):.2f} ({min(shares):.2f} to {max(shares):.2f}) of its answers a second"
    return Aim(f"{deep.title} as fast as the first", said, median(shares) >= AS_FAST)


def against_floor(conn: psycopg.Connection, url: str, server: Server, row: Row) -> Aim:
    """Compare the mean answer with the mean statement and the packing of its tile, by turns."""
    texts = [conn.cursor().mogrify(one.text, one.values) for one in row.statements]
    contents = [conn.execute(text).fetchone()[0] for text in texts]
    started = time.perf_counter()
    for content in contents:
        packed(content)
    packing_ms = (time.perf_counter() - started) / len(contents) * 1e3
    ratios = []
    for _ in range(FLOOR_LAPS):
        floor = pull_sql(url, texts, connections=1, seconds=1)
        mine = pull(server.url, row.ours[: len(texts)], connections=1, seconds=1)
        ratios.append(1000 / mine.per_s / (floor.p50_ms + packing_ms))
    said = f"{median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
    return Aim(f"{row.title}: {MOST_OVER_FLOOR} x SQL and packing", said,
               median(ratios) <= MOST_OVER_FLOOR)  # fmt: skip
