"""From claims to zones: the worst decides, what nobody spoke of is taken for worse (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from shapely import MultiPolygon

from geoservice.minewater.facts import Claim
from geoservice.minewater.inputs import DOMAINS, ZONES, Domain, Override, Zone
from geoservice.minewater.partition import Arrangement, Geoms, worst
from geoservice.minewater.results import Cell, Evidence, Hazard, Note, ZoneArea
from geoservice.minewater.rules_planner import nothing_said
from geoservice.texts import Text

RULES = ("S1", "R1", "R2", "F1", "F2", "F3", "F4", "F5", "F6", "V1", "G1", "G2", "G3", "B1", "C1",
         "D1", "W1", "P1", "CLEARANCE", "NO_EVIDENCE", "M1")  # fmt: skip
_HAZARDS: tuple[Hazard, ...] = ("SW", "RW", "FW", "GW", "FT", "CC", "BH")
# Rules that judge a domain whatever zone they give; any other only by a zone as bad as its silence.
_JUDGES = {"CLEARANCE", "F1", "F2", "F3", "F5", "F6"}

Ranks = NDArray[np.int64]
Lowering = tuple[Override, Claim]


@dataclass(frozen=True)
class Judged:
    """Every cell with its zone and its reasons, the zones, and the evidence they rest on."""

    cells: tuple[Cell, ...]
    zones: tuple[ZoneArea, ...]
    evidence: tuple[Evidence, ...]
    notes: tuple[Note, ...]


def judged_cells(
    found: Arrangement, claims: Sequence[Claim], lowered: Sequence[Lowering], mine: MultiPolygon
) -> Judged:
    """Return the zone of every cell.

    The worst of what covers it; a domain that nothing judges in a cell adds NO_EVIDENCE. A
    conversion then lowers what is no worse than the zone that it converts, the worst of several;
    a place that a planner raised stays raised.
    """
    count = len(found.cells)
    said = [*claims, *_silences(claims, count)]
    derived = _worst_of(said, count)
    final = _lowered(derived, lowered, _worst_of([it for it in said if _is_word(it)], count))
    notes = [_lowering_note(it, said, derived, final) for it in lowered]
    kept = sorted((it for it in [*said, *(it for _, it in lowered)] if it.cells.any()), key=_order)
    evidence = tuple(_shaped(it, found, mine) for it in kept)
    cells = _cells(found.cells, final, kept, evidence)
    zones = _zones(found, final, cells)
    return Judged(cells, zones, evidence, tuple(it for it in notes if it is not None))


def _zones(found: Arrangement, final: Ranks, cells: Sequence[Cell]) -> tuple[ZoneArea, ...]:
    hazards: dict[Zone, set[Hazard]] = {zone: set() for zone in ZONES}
    for cell in cells:
        hazards[cell.zone].update(cell.hazards)
    areas = []
    for zone in ZONES:
        is_of = final == _rank(zone)
        if is_of.any():
            geom = found.coverage.dissolved(is_of)
            areas.append(ZoneArea(zone, geom, geom.area, _in_order(hazards[zone])))
    return tuple(areas)


def _rank(zone: Zone) -> int:
    return ZONES.index(zone)


def _worst_of(claims: Sequence[Claim], count: int) -> Ranks:
    places = [np.flatnonzero(it.cells) for it in claims]
    ranks = [
        np.full(len(at), _rank(it.evidence.zone)) for at, it in zip(places, claims, strict=True)
    ]
    none = np.empty(0, dtype=np.int64)
    return worst(count, np.concatenate([none, *places]), np.concatenate([none, *ranks]))


def _silences(claims: Sequence[Claim], count: int) -> list[Claim]:
    found = []
    for domain in DOMAINS:
        silence = nothing_said(domain)
        is_judged = [it.cells for it in claims if _judges(it.evidence, domain, silence.zone)]
        none = np.zeros(count, dtype=bool)
        found.append(Claim(silence, ~reduce(np.logical_or, is_judged, none)))
    return found


def _judges(evidence: Evidence, domain: Domain, silence: Zone) -> bool:
    is_as_bad = evidence.rule != "V1" and _rank(evidence.zone) >= _rank(silence)
    return evidence.domain == domain and (evidence.rule in _JUDGES or is_as_bad)


def _is_word(claim: Claim) -> bool:
    return claim.evidence.rule == "M1"


def _lowered(derived: Ranks, lowered: Sequence[Lowering], raised: Ranks) -> Ranks:
    reached = np.full(len(derived), -1)
    for override, claim in lowered:
        converts = override.conversion.from_zone if override.conversion else ZONES[0]
        is_met = claim.cells & (derived <= _rank(converts))
        reached[is_met] = np.maximum(reached[is_met], _rank(override.zone))
    is_lower = (reached >= 0) & (reached < derived)
    return np.where(is_lower, np.maximum(reached, raised), derived)


def _lowering_note(
    lowering: Lowering, said: Sequence[Claim], derived: Ranks, final: Ranks
) -> Note | None:
    override, claim = lowering
    cells = claim.cells & (final < derived)
    over = sorted({
        it.evidence.rule for it in said
        if (it.cells & cells & (_rank(it.evidence.zone) > final)).any()
    })  # fmt: skip
    if not over:
        return None
    text = Text(
        zh=f"规划调整 {override.code} 依转换报告降低了以下规则的分区：{'、'.join(over)}，请核对",
        en=f"override {override.code} lowers over {', '.join(over)} by its conversion report: "
        "see that the report is of these",
    )
    return Note("LOWERED", text, where=override.geom)


def _order(claim: Claim) -> tuple[int, str, tuple[str, ...], str, str]:
    it = claim.evidence
    return (RULES.index(it.rule), it.domain or "", it.inputs, it.zone, it.reason.en)


def _shaped(claim: Claim, found: Arrangement, mine: MultiPolygon) -> Evidence:
    if not claim.evidence.geom.is_empty:
        return claim.evidence
    geom = mine if claim.cells.all() else found.coverage.dissolved(claim.cells)
    return replace(claim.evidence, geom=geom)


def _cells(
    geoms: Geoms, final: Ranks, kept: Sequence[Claim], evidence: Sequence[Evidence]
) -> tuple[Cell, ...]:
    reasons = _reasons(kept, len(geoms))
    known: dict[tuple[int, tuple[int, ...]], tuple[tuple[str, ...], tuple[Hazard, ...]]] = {}
    found = []
    for geom, rank, why in zip(geoms, final.tolist(), reasons, strict=True):
        if (rank, why) not in known:
            known[rank, why] = _told(rank, [evidence[it] for it in why])
        rules, hazards = known[rank, why]
        found.append(Cell(geom, ZONES[rank], rules, why, hazards))
    return tuple(found)


def _reasons(kept: Sequence[Claim], count: int) -> list[tuple[int, ...]]:
    places = [np.flatnonzero(it.cells) for it in kept]
    numbers = np.repeat(np.arange(len(kept)), [len(it) for it in places])
    at = np.concatenate([np.empty(0, dtype=np.int64), *places])
    order = np.lexsort((numbers, at))
    ends = np.searchsorted(at[order], np.arange(count + 1)).tolist()
    told = numbers[order].tolist()
    return [tuple(told[first:last]) for first, last in pairwise(ends)]


def _told(rank: int, why: Sequence[Evidence]) -> tuple[tuple[str, ...], tuple[Hazard, ...]]:
    rules = sorted({it.rule for it in why}, key=RULES.index)
    deciding = [it for it in why if _rank(it.zone) >= rank > 0]
    return tuple(rules), _in_order({it.hazard for it in deciding if it.hazard is not None})


def _in_order(hazards: set[Hazard]) -> tuple[Hazard, ...]:
    return tuple(sorted(hazards, key=_HAZARDS.index))
