"""Read the dispatch book."""

from datetime import datetime

from geoservice.book.records import (
    Agreement,
    Answering,
    Book,
    Depot,
    Head,
    Maker,
    Post,
    Shelter,
    Station,
    Stock,
    Team,
    Town,
)
from geoservice.db import Connection, Query, require_district
from geoservice.incidents.records import KINDS

HEAD = Query("book", "head", Head)
TOWNS = Query("book", "towns", Town)
POSTS = Query("book", "posts", Post)
ANSWERING = Query("book", "answering", Answering)
DEPOTS = Query("book", "depots", Depot)
STOCK = Query("book", "stock", Stock)
MAKERS = Query("book", "makers", Maker)
AGREEMENTS = Query("book", "agreements", Agreement)
TEAMS = Query("book", "teams", Team)
STATIONS = Query("book", "stations", Station)
SHELTERS = Query("book", "shelters", Shelter)


def read_book(conn: Connection, *, at: datetime) -> Book:
    """Return the book of the whole district; ``at`` is now. Empty registers give empty parts.

    The connection should read one moment (`exports.snapshots.snapshot`).

    Raises
    ------
    NoDistrictError
        There is no district.
    """
    require_district(conn)
    return Book(
        head=HEAD.one(conn), as_of=at, towns=tuple(TOWNS.all(conn)), posts=tuple(POSTS.all(conn)),
        answering=tuple(ANSWERING.all(conn, hazards=list(KINDS))),
        depots=tuple(DEPOTS.all(conn)), stock=tuple(STOCK.all(conn)),
        makers=tuple(MAKERS.all(conn)), agreements=tuple(AGREEMENTS.all(conn)),
        teams=tuple(TEAMS.all(conn)), stations=tuple(STATIONS.all(conn)),
        shelters=tuple(SHELTERS.all(conn)),
    )  # fmt: skip
