"""What a seam is zoned from as a file, for a batch on other machines."""

from pathlib import Path

from geoservice.db import Connection
from geoservice.minewater.files import write_task
from geoservice.zoning.reading import read_inputs
from geoservice.zoning.rulesets import read_ruleset
from geoservice.zoning.versions import seam_of


def write_seam_task(
    conn: Connection, *, home: Path, mine_id: int, seam: str | None, ruleset: str, path: Path
) -> None:
    """Write what a seam is zoned from and the current version of a rule set.

    Rasters stay in the state folder and are named by path: workers have to see it.

    Raises
    ------
    NotFoundError
        There is no such seam.
    UnknownNameError
        There is no such rule set.
    RecordError
        The seam cannot be zoned from what is on record.
    """
    found = seam_of(conn, mine_id, seam)
    read = read_inputs(conn, home=home, mine_seam_id=found.id)
    write_task(path, read.inputs, read_ruleset(conn, ruleset).rules)
