"""The district, its towns and its waters."""

from dataclasses import dataclass
from typing import Annotated

from shapely.geometry.base import BaseGeometry

from geoservice.registry.records.record import Column, Record, Secrecy
from geoservice.timezones import CHINA


@dataclass(frozen=True, kw_only=True)
class District(Record):
    """The district itself: its outline, and the time it keeps (an IANA name)."""

    secrecy: Secrecy = "public"
    time_zone: Annotated[str, Column((), "时区", "Time zone")] = CHINA
    geom: BaseGeometry


@dataclass(frozen=True, kw_only=True)
class Town(Record):
    """A town, township or subdistrict; its area may not be known."""

    secrecy: Secrecy = "public"
    kind: Annotated[str, Column(("类别",), is_in_name=True)]
    geom: BaseGeometry | None = None


@dataclass(frozen=True, kw_only=True)
class WaterBody(Record):
    """A river, reservoir, lake, pond or flooded goaf."""

    secrecy: Secrecy = "public"
    kind: Annotated[
        str, Column(("类别",), words={"river": ("河", "干流", "支流"), "reservoir": ("库",)})
    ]
    geom: BaseGeometry
