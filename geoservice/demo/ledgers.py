"""The registers about command, risks and support of the demonstration district, put together."""

from dataclasses import dataclass
from datetime import date

from geoservice.demo import command, incidents, residents, risks, supplies, support
from geoservice.demo.ground import Ground
from geoservice.demo.sites import Sites
from geoservice.registry.records import (
    DangerousSection,
    Depot,
    HazardSource,
    Record,
    RescueTeam,
)


@dataclass(frozen=True)
class Known:
    """What the records refer to; ``mine`` is the code of the invented one."""

    sources: list[HazardSource]
    teams: list[RescueTeam]
    stores: list[Depot]
    sections: list[DangerousSection]
    mine: str


def ledgers(ground: Ground, sites: Sites, known: Known, *, today: date) -> dict[str, list[Record]]:
    """Return the records by register, those referred to first; dangers are as of ``today``."""
    points = risks.risk_points(ground, sites)
    made: dict[str, list[Record]] = {
        "organisations": [*command.organisations(ground, sites)],
        "command_posts": [*command.command_posts(ground, sites)],
        "duty_links": [*command.duty_links(ground)],
        "census_rounds": [*command.census_rounds(ground)],
        "drills": [*command.drills(ground, sites)],
        "hazard_substances": [*risks.hazard_substances(ground, known.sources)],
        "risk_points": [*points],
        "risk_assessments": [*risks.risk_assessments(ground, points)],
        "hidden_dangers": [*risks.hidden_dangers(ground, known.sources, today)],
        "assessment_reports": [*risks.assessment_reports(ground, known.sources)],
        "town_stations": [*support.town_stations(ground, sites)],
        "fire_stations": [*support.fire_stations(ground, sites)],
        "shelters": [*support.shelters(ground, sites)],
        "team_capabilities": [*support.team_capabilities(ground, known.teams)],
        "goods": [*supplies.goods(ground)],
        "goods_substitutes": [*supplies.substitutes(ground)],
        "goods_kits": [*supplies.kits(ground)],
        "capability_reserves": [*support.capability_reserves(ground, known.stores)],
        "supply_agreements": [*support.supply_agreements(ground, known.stores)],
        "crash_points": [*incidents.crash_points(ground, known.sections)],
        "water_controls": [*incidents.water_controls(ground, known.mine)],
        "heading_probes": [*incidents.heading_probes(ground, known.mine)],
        "water_withdrawals": [*incidents.water_withdrawals(ground, known.mine)],
    }
    # Last: they take the sites that are left, so that nothing else stands elsewhere than before.
    return made | {"settlements": [*residents.settlements(ground, sites, known.sources)]}
