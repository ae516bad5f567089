"""The registers: one frozen dataclass each, being row type, import target and JSON body.

A field's type says what a cell must hold, its `Column` what else is known of it. What people
call a field, and the labels of its codes, come from the layer file that shows it; `Column`
names only fields that no layer shows and further names that files use.
"""

from geoservice.registry.records.depots import Depot, StockLot
from geoservice.registry.records.ground import District, Town, WaterBody
from geoservice.registry.records.hazards import HazardSource
from geoservice.registry.records.mines import Mine
from geoservice.registry.records.record import Column, Record
from geoservice.registry.records.roads import DangerousSection, RoadClosure
from geoservice.registry.records.sensors import Sensor, SensorThreshold
from geoservice.registry.records.teams import RescueTeam

__all__ = [
    "Column",
    "DangerousSection",
    "Depot",
    "District",
    "HazardSource",
    "Mine",
    "Record",
    "RescueTeam",
    "RoadClosure",
    "Sensor",
    "SensorThreshold",
    "StockLot",
    "Town",
    "WaterBody",
]
