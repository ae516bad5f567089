"""Two at once: of a seam one version is in force, whoever puts which into force at that moment."""

import threading
from datetime import date
from typing import Any

from geoservice import db
from geoservice.errors import GeoServiceError
from geoservice.zoning.callers import Caller
from geoservice.zoning.lifecycle import Said, move_version
from tests.data.zoned_strips import add_mine, derived, keep

SIGNED = Said(document="N1", signer="Li", signed_on=date(2026, 11, 1))


def _filed(conn: db.Connection, strips: Any, seam: int) -> int:
    version = keep(conn, seam, derived(strips), "wang")
    for step in ("submit", "check", "approve", "file"):
        who = Caller("wang" if step == "submit" else "zhang")
        db.set_actor(conn, who.name)
        move_version(conn, version, step, who, version=None, said=SIGNED)
    return version


def _at_once(url: str, versions: list[int]) -> list[str]:
    """Put versions into force in threads of their own; what came of each."""
    ready, told = threading.Barrier(len(versions)), [""] * len(versions)

    def enforce(place: int) -> None:
        with db.connect(url) as conn:
            db.set_actor(conn, "zhang")
            ready.wait(timeout=30)
            try:
                move_version(conn, versions[place], "enforce", Caller("zhang"), version=None)
                conn.commit()
                told[place] = "done"
            except GeoServiceError as error:
                conn.rollback()
                told[place] = type(error).__name__

    threads = [threading.Thread(target=enforce, args=(place,)) for place in range(len(versions))]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=60)
    return told


def test_of_two_versions_put_into_force_at_once_one_is_and_the_other_was(demo_url: str) -> None:
    with db.connect(demo_url) as conn:
        strips, _, seam = add_mine(conn)
        versions = [_filed(conn, strips, seam) for _ in range(4)]
    assert _at_once(demo_url, versions) == ["done"] * 4
    with db.connect(demo_url) as conn:
        rows = conn.execute(
            "SELECT state, lower(effective), upper(effective) FROM core.zone_version"
            " WHERE id = ANY (%s) ORDER BY lower(effective)",
            [versions],
        ).fetchall()
    assert [state for state, _, _ in rows] == ["superseded"] * 3 + ["effective"]
    # One after another without a gap: at each instant there is one.
    assert [end for _, _, end in rows] == [begin for _, begin, _ in rows[1:]] + [None]


def test_one_version_is_put_into_force_once(demo_url: str) -> None:
    with db.connect(demo_url) as conn:
        strips, _, seam = add_mine(conn)
        version = _filed(conn, strips, seam)
    told = _at_once(demo_url, [version] * 3)
    assert sorted(told) == ["ConflictError", "ConflictError", "done"]
