"""A road network of the project's own, drawn by hand on a grid: one case of every rule.

`python tests/data/small_roads.py OUT.osm.pbf` writes it; the tests do so each time. The grid's
origin is 113.20 E, 36.30 N, its step 0.01 degrees (897 m east, 1109 m north).

        5 ---8---- 7          y=1    5-8-7 one-way westwards (oneway=-1), 3-7 one-way northwards
        |    |     |                 8-9 a bridge over 2-3, not joined to it
    1 --2----+---- 3 -- 4 -O  y=0    1-2-3-4 the main street; O a roundabout (11 to 14)
        |    |         /
        6 ---9------- 10      y=-1   10-4 with a low passage and a weight limit
"""

import sys
from pathlib import Path

import osmium
import psycopg
from osmium.osm.mutable import Node, Relation, Way

BOX = (113.15, 36.25, 113.30, 36.35)  # the service envelope the tests use
STAMP = "2025-03-01T08:00:00Z"

GRID = {
    1: (0, 0), 2: (1, 0), 3: (2, 0), 4: (3, 0), 5: (1, 1), 6: (1, -1), 7: (2, 1),
    8: (1.5, 1), 9: (1.5, -1), 10: (3, -1),
    11: (3.5, 0), 12: (3.6, 0.1), 13: (3.7, 0), 14: (3.6, -0.1),
    15: (1, 1.5), 16: (1, 2), 17: (1.5, 2), 18: (2, 2),
    20: (4, -1), 21: (15, -1), 22: (5, -1.5), 23: (4, -1.5),
    31: (20, 20), 32: (21, 20), 33: (0, -3), 34: (0.5, -3), 35: (0.5, -3.5), 36: (0, -4),
}  # fmt: skip
NODE_TAGS = {15: {"barrier": "bollard"}, 17: {"barrier": "gate"}}

WAYS = {
    101: ([1, 2, 3, 4], {"highway": "primary", "name": "主街", "name:en": "Main Street",
                         "maxspeed": "60", "surface": "asphalt", "ref": "S101"}),
    102: ([6, 2, 5], {"highway": "residential", "ref": "Y7"}),
    103: ([3, 7], {"highway": "residential", "oneway": "yes", "maxspeed": "CN:urban"}),
    104: ([5, 8, 7], {"highway": "residential", "oneway": "-1"}),
    105: ([8, 9], {"highway": "secondary", "bridge": "viaduct", "layer": "1",
                   "maxspeed:forward": "30", "maxspeed:backward": "40"}),
    106: ([6, 9, 10], {"highway": "tertiary", "maxspeed": "30 mph", "access": "private"}),
    107: ([10, 4], {"highway": "unclassified", "maxheight": "12'6\"", "maxweight": "3500 kg"}),
    108: ([11, 12, 13, 14, 11], {"highway": "unclassified", "junction": "roundabout"}),
    109: ([4, 11], {"highway": "unclassified"}),
    110: ([5, 15, 16], {"highway": "service"}),
    111: ([16, 17, 18], {"highway": "track", "motor_vehicle": "no", "emergency": "yes"}),
    112: ([33, 34], {"highway": "footway"}),
    113: ([33, 34], {"highway": "construction"}),
    114: ([34, 35], {"highway": "service", "access": "yes", "motor_vehicle": "no"}),
    116: ([33, 34, 35, 36, 33], {"highway": "service", "area": "yes"}),
    117: ([35, 36], {"highway": "residential", "oneway": "reversible"}),
    118: ([10, 20, 21, 22, 23], {"highway": "tertiary", "name": "出境路"}),
    119: ([31, 32], {"highway": "motorway"}),
    120: ([10, 999], {"highway": "service"}),
    121: ([36], {"highway": "service"}),
    122: ([33, 34], {"waterway": "river"}),
}  # fmt: skip

RELATIONS = {
    201: ({"restriction": "no_left_turn"}, [("w", 101, "from"), ("n", 2, "via"), ("w", 102, "to")]),
    202: ({"restriction": "no_u_turn"}, [("w", 101, "from"), ("w", 102, "via"), ("w", 106, "to")]),
    203: ({"restriction": "no_left_turn"}, [("w", 112, "from"), ("n", 2, "via"), ("w", 101, "to")]),
    204: ({"restriction:conditional": "no_left_turn @ (07:00-09:00)"}, []),
    205: ({"restriction": "only_straight_on", "except": "psv;emergency"},
          [("w", 101, "from"), ("n", 3, "via"), ("w", 101, "to")]),
    206: ({"restriction": "no_entry"},
          [("w", 101, "from"), ("w", 107, "from"), ("n", 4, "via"), ("w", 109, "to")]),
    207: ({"restriction": "no_right_turn"}, [("w", 101, "from"), ("w", 102, "to")]),
    208: ({"restriction": "no_right_turn"},
          [("w", 103, "from"), ("n", 3, "via"), ("w", 101, "to")]),  # 103 leads away from node 3
}  # fmt: skip


def place(node: int) -> tuple[float, float]:
    """Return longitude and latitude of a node, as the file holds them."""
    x, y = GRID[node]
    return round(113.20 + x * 0.01, 7), round(36.30 + y * 0.01, 7)


def write(path: Path, *, east_deg: float = 0.0) -> Path:
    """Write the network, moved east by some degrees."""
    header = osmium.io.Header()
    header.set("osmosis_replication_timestamp", STAMP)
    with osmium.SimpleWriter(str(path), header=header, overwrite=True) as out:
        for node in GRID:
            lon, lat = place(node)
            tags = NODE_TAGS.get(node, {})
            out.add_node(Node(id=node, location=(lon + east_deg, lat), tags=tags, version=1))
        for way, (nodes, tags) in WAYS.items():
            out.add_way(Way(id=way, nodes=nodes, tags=tags, version=1))
        for relation, (tags, members) in RELATIONS.items():
            tags = {"type": "restriction", **tags}
            out.add_relation(Relation(id=relation, members=members, tags=tags, version=1))
    return path


def lay_district(conn: psycopg.Connection, box: tuple[float, float, float, float] = BOX) -> None:
    """Make a district whose service envelope is the box."""
    conn.execute(
        "INSERT INTO core.district (code, name, source_doc, envelope, geom)"
        " SELECT '140400', '试验区', 'tests', b.box, ST_Multi(b.box)"
        "   FROM (SELECT ST_MakeEnvelope(%s, %s, %s, %s, 4490) AS box) b",
        box,
    )
    conn.execute("SET LOCAL client_min_messages = warning")
    conn.execute("SELECT core.guard_all_geometry()")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
