"""Which registers there are, labelled by the layers that show them."""

from functools import cache

from geoservice.errors import UnknownNameError
from geoservice.publish.catalog import LayerDef, load_layers
from geoservice.registry import records
from geoservice.registry.fields import Label, Register, Shape, Shown, make_register
from geoservice.registry.records import Record

_REGISTERS: dict[str, tuple[type[Record], Shape | None]] = {
    "district": (records.District, "MultiPolygon"),
    "towns": (records.Town, "MultiPolygon"),
    "settlements": (records.Settlement, "Point"),
    "organisations": (records.Organisation, "Point"),
    "command_posts": (records.CommandPost, "Point"),
    "duty_links": (records.DutyLink, None),
    "census_rounds": (records.CensusRound, None),
    "drills": (records.Drill, "Geometry"),
    "hazard_sources": (records.HazardSource, "Point"),
    "hazard_substances": (records.HazardSubstance, None),
    "risk_points": (records.RiskPoint, "Point"),
    "risk_assessments": (records.RiskAssessment, None),
    "hidden_dangers": (records.HiddenDanger, "Point"),
    "assessment_reports": (records.AssessmentReport, None),
    "rescue_teams": (records.RescueTeam, "Point"),
    "team_capabilities": (records.TeamCapability, None),
    "town_stations": (records.TownStation, "Point"),
    "fire_stations": (records.FireStation, "Point"),
    "shelters": (records.Shelter, "Point"),
    "depots": (records.Depot, "Point"),
    "stock_lots": (records.StockLot, None),
    "goods": (records.Goods, None),
    "goods_substitutes": (records.GoodsSubstitute, None),
    "goods_kits": (records.GoodsKit, None),
    "capability_reserves": (records.CapabilityReserve, None),
    "supply_agreements": (records.SupplyAgreement, None),
    "dangerous_sections": (records.DangerousSection, "MultiLineString"),
    "crash_points": (records.CrashPoint, "Point"),
    "road_closures": (records.RoadClosure, "Geometry"),
    "bridge_decks": (records.BridgeDeck, "Point"),
    "vehicle_profiles": (records.VehicleProfile, None),
    "sensors": (records.Sensor, "Point"),
    "sensor_thresholds": (records.SensorThreshold, None),
    "flood_gauges": (records.FloodGauge, None),
    "flash_villages": (records.FlashVillage, "Point"),
    "mines": (records.Mine, "Point"),
    "mine_seams": (records.MineSeam, None),
    "mine_licences": (records.MineLicence, "MultiPolygon"),
    "water_bodies": (records.WaterBody, "Geometry"),
    "mine_structures": (records.MineStructure, "Geometry"),
    "mine_boreholes": (records.MineBorehole, "Point"),
    "mine_areas": (records.MineArea, "MultiPolygon"),
    "mine_shafts": (records.MineShaft, "Geometry"),
    "mine_headings": (records.MineHeading, "Geometry"),
    "water_controls": (records.WaterControl, None),
    "heading_probes": (records.HeadingProbe, None),
    "water_withdrawals": (records.WaterWithdrawal, None),
    "staleness_rules": (records.StalenessRule, None),
    "risk_parameters": (records.RiskParameter, None),
}
LOADABLE = tuple(name for name in _REGISTERS if name != "district")


@cache
def register_named(name: str) -> Register:
    """Return the register of that name.

    Raises
    ------
    UnknownNameError
        There is none; the message lists those there are.
    """
    if name not in _REGISTERS:
        raise UnknownNameError(
            f"no register {name!r}; there are: {', '.join(LOADABLE)}",
            zh=f"没有登记簿“{name}”；可用：{'、'.join(LOADABLE)}",
            where="register",
        )
    record, shape = _REGISTERS[name]
    layers = load_layers()
    # The columns that every table has are called alike everywhere: any layer will do.
    common = _shown(layers["hazard_sources"])
    layer = layers[name]
    label = Label(layer.title.zh, layer.title.en)
    return make_register(name, label, record, common | _shown(layer), shape)


def _shown(layer: LayerDef) -> dict[str, Shown]:
    return {
        field.name: Shown(
            Label(field.zh, field.en),
            field.export,
            {code: Label(it.zh, it.en) for code, it in layer.codes.get(field.name, {}).items()},
        )
        for field in layer.fields
    }
