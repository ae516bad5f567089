"""The numbers behind the calculations: as the worked vectors have them, each with its source."""

import json
from pathlib import Path

from geoservice.db import Connection

FILE = Path(__file__).parents[1] / "data" / "risk_parameters.json"


def test_a_new_database_has_the_tables_of_the_worked_vectors(conn: Connection) -> None:
    rows = conn.execute("SELECT code, value FROM core.risk_parameter").fetchall()
    assert dict(rows) == json.loads(FILE.read_text("utf-8"))


def test_none_claims_to_be_verified_and_each_says_whence_it_is(conn: Connection) -> None:
    rows = conn.execute("SELECT source_doc, is_verified, name_en FROM core.risk_parameter")
    for source, is_verified, english in rows.fetchall():
        assert " · " in source
        assert not is_verified
        assert english
