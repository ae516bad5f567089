"""A closure as the dispatcher's desk has it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import InstanceOf, PlainSerializer, WithJsonSchema
from shapely.geometry.base import BaseGeometry

from geoservice.registry.bodies import geojson
from geoservice.texts import Text

Shape = Annotated[
    InstanceOf[BaseGeometry],
    PlainSerializer(geojson),
    WithJsonSchema({"type": "object", "description": "GeoJSON, longitude and latitude, CGCS2000"}),
]


@dataclass(frozen=True)
class ClosureRow:
    """A closure, and on how many directed arcs of which roads it lies."""

    id: int
    version: int
    code: str
    name: str
    cause: str
    factor: float
    depth_m: float | None
    vehicle_classes: list[str]
    includes_structures: bool
    starts_at: datetime | None
    ends_at: datetime | None
    is_in_force: bool
    town_code: str | None
    arcs: int
    roads: list[str]
    graph_version: int
    geometry: Shape

    @property
    def etag(self) -> str:
        """The mark of this version, as `ETag` and `If-Match` have it."""
        return f'"{self.id}-{self.version}"'


@dataclass(frozen=True)
class Closure(ClosureRow):
    """The same, with what there is to say about it."""

    notes: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Flood:
    """A flood scenario, and whether its water is on the roads."""

    id: int
    version: int
    code: str
    name: str
    state: str
    starts_at: datetime | None
    ends_at: datetime | None
    is_in_force: bool
    bands: int
    deepest_m: float | None
    arcs: int
    graph_version: int

    @property
    def etag(self) -> str:
        """The mark of this version, as `ETag` and `If-Match` have it."""
        return f'"{self.id}-{self.version}"'


def told(row: ClosureRow) -> Closure:
    """Return a closure with a warning where it does nothing."""
    notes: tuple[Text, ...] = ()
    if row.arcs == 0:
        notes = (
            Text(
                zh="未命中任何道路：请检查位置；桥梁与隧道须注明“含桥梁隧道”才会封闭",
                en="no road is met: check the place; bridges and tunnels are spared unless "
                "includes_structures says otherwise",
            ),
        )
    return Closure(
        **{name: getattr(row, name) for name in ClosureRow.__dataclass_fields__}, notes=notes
    )
