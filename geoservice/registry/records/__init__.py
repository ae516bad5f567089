"""The registers: one frozen dataclass each, being row type, import target and JSON body.

A field's type says what a cell must hold, its `Column` what else is known of it. What people
call a field, and the labels of its codes, come from the layer file that shows it; `Column`
names only fields that no layer shows and further names that files use.
"""

from geoservice.registry.records.command import (
    CensusRound,
    CommandPost,
    Drill,
    DutyLink,
    Organisation,
)
from geoservice.registry.records.depots import CapabilityReserve, Depot, StockLot, SupplyAgreement
from geoservice.registry.records.floods import BridgeDeck, FlashVillage, FloodGauge
from geoservice.registry.records.goods import Goods, GoodsKit, GoodsSubstitute
from geoservice.registry.records.ground import District, Town, WaterBody
from geoservice.registry.records.hazards import AssessmentReport, HazardSource, HazardSubstance
from geoservice.registry.records.mines import (
    HeadingProbe,
    Mine,
    MineSeam,
    WaterControl,
    WaterWithdrawal,
)
from geoservice.registry.records.parameters import RiskParameter
from geoservice.registry.records.record import Column, Record
from geoservice.registry.records.risks import HiddenDanger, RiskAssessment, RiskPoint
from geoservice.registry.records.roads import CrashPoint, DangerousSection, RoadClosure
from geoservice.registry.records.sensors import Sensor, SensorThreshold
from geoservice.registry.records.settlements import Settlement
from geoservice.registry.records.staleness import StalenessRule
from geoservice.registry.records.stations import FireStation, Shelter, TownStation
from geoservice.registry.records.teams import RescueTeam, TeamCapability
from geoservice.registry.records.vehicles import VehicleProfile
from geoservice.registry.records.zone_inputs import (
    MineArea,
    MineBorehole,
    MineHeading,
    MineLicence,
    MineShaft,
    MineStructure,
)

__all__ = [
    "AssessmentReport",
    "BridgeDeck",
    "CapabilityReserve",
    "CensusRound",
    "Column",
    "CommandPost",
    "CrashPoint",
    "DangerousSection",
    "Depot",
    "District",
    "Drill",
    "DutyLink",
    "FireStation",
    "FlashVillage",
    "FloodGauge",
    "Goods",
    "GoodsKit",
    "GoodsSubstitute",
    "HazardSource",
    "HazardSubstance",
    "HeadingProbe",
    "HiddenDanger",
    "Mine",
    "MineArea",
    "MineBorehole",
    "MineHeading",
    "MineLicence",
    "MineSeam",
    "MineShaft",
    "MineStructure",
    "Organisation",
    "Record",
    "RescueTeam",
    "RiskAssessment",
    "RiskParameter",
    "RiskPoint",
    "RoadClosure",
    "Sensor",
    "SensorThreshold",
    "Settlement",
    "Shelter",
    "StalenessRule",
    "StockLot",
    "SupplyAgreement",
    "TeamCapability",
    "Town",
    "TownStation",
    "VehicleProfile",
    "WaterBody",
    "WaterControl",
    "WaterWithdrawal",
]
