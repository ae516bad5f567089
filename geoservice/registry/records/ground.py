"""The district, its towns and its waters."""

from dataclasses import dataclass
from typing import Annotated

from shapely.geometry.base import BaseGeometry

from geoservice.registry.records.record import Column, Record, Secrecy
from geoservice.registry.records.rules import need_unless
from geoservice.registry.records.zone_inputs import HeightDatum, Pressure, SeamCode
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
    """A river, reservoir, lake, pond or flooded goaf, and of a goaf what its water is like.

    ``edge`` says how sure the outline is; a goaf that names no seam counts for every seam there.
    """

    secrecy: Secrecy = "public"
    kind: Annotated[
        str, Column(("类别",), words={"river": ("河", "干流", "支流"), "reservoir": ("库",)})
    ]
    mine_seam_code: SeamCode = None
    edge: Annotated[str | None, Column(("边界可靠程度", "可靠程度"))] = None
    level_m: Annotated[float | None, Column(("积水标高", "积水位"), least=-2000, below=9000)] = None
    floor_m: Annotated[float | None, Column(("最低底板标高",), least=-2000, below=9000)] = None
    height_datum: HeightDatum = None
    volume_m3: Annotated[float | None, Column(("积水量",), least=0)] = None
    pressure_mpa: Pressure = None
    is_drained: Annotated[bool, Column(("已疏放",))] = False
    geom: BaseGeometry

    def __post_init__(self) -> None:
        """Refuse what only a goaf has."""
        for field in _OF_A_GOAF:
            need_unless(
                field, is_fine=self.kind == "goaf" or not getattr(self, field),
                why=f"only a flooded goaf has {field}", zh=f"仅采空区积水可填写 {field}",
            )  # fmt: skip


_OF_A_GOAF = (
    "mine_seam_code", "edge", "level_m", "floor_m", "height_datum", "volume_m3", "pressure_mpa",
    "is_drained",
)  # fmt: skip
