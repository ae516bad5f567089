"""The formats a layer can be taken away in, and what each can hold (pure)."""

from collections.abc import Iterable
from dataclasses import dataclass

from geoservice.errors import InputError, UnknownNameError

ENCODINGS = {"utf-8": "UTF-8", "gbk": "GBK"}


@dataclass(frozen=True)
class Format:
    """One format: its name, file ending, media type, GDAL driver if it has one, and its limits.

    ``crs`` is "any", "degrees" (WGS 84 longitude and latitude only) or "plane" (metres of a
    CGCS2000 zone only).
    """

    name: str
    ending: str
    media_type: str
    driver: str | None = None
    crs: str = "any"
    takes_tables: bool = True


FORMATS = {
    one.name: one
    for one in (
        Format("gpkg", "gpkg", "application/geopackage+sqlite3", "GPKG"),
        Format("geojson", "geojson", "application/geo+json", "GeoJSON", crs="degrees"),
        Format("shp", "zip", "application/zip"),
        Format("csv", "csv", "text/csv"),
        Format("corners", "csv", "text/csv", crs="plane", takes_tables=False),
        Format("fgb", "fgb", "application/vnd.flatgeobuf", "FlatGeobuf"),
        Format("kml", "kml", "application/vnd.google-earth.kml+xml", "KML", crs="degrees"),
        Format("parquet", "parquet", "application/vnd.apache.parquet"),
        Format("dxf", "dxf", "image/vnd.dxf", crs="plane", takes_tables=False),
        Format(
            "xlsx", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        ),
    )
}  # fmt: skip
_ENDINGS = {"json": "geojson", "shp": "shp", "geoparquet": "parquet"} | {
    one.ending: one.name for one in reversed(FORMATS.values())
}


def format_named(name: str | None, suffix: str) -> Format:
    """Return the format of that name, or without a name the one of a file's suffix.

    Raises
    ------
    UnknownNameError
        Neither says one that is known.
    """
    found = FORMATS.get(name or _ENDINGS.get(suffix.lower().removeprefix("."), ""))
    if found is None:
        known = " ".join(FORMATS)
        raise UnknownNameError(
            f"{name or suffix or 'file'}: no known format; there are {known}",
            zh=f"{name or suffix or '文件'}：无法识别格式；可用：{known}",
            where="format",
        )
    return found


def encoding_named(name: str) -> str:
    """Return the codec of an encoding's name.

    Raises
    ------
    UnknownNameError
        It is not one that is offered.
    """
    if name not in ENCODINGS:
        raise UnknownNameError(
            f"encoding {name!r}: one of {', '.join(ENCODINGS)}",
            zh=f"编码 {name!r}：须为 {'、'.join(ENCODINGS)} 之一",
            where="encoding",
        )
    return ENCODINGS[name]


def refuse_unfit(form: Format, *, is_table: bool) -> None:
    """Refuse a format that has no room for rows without places, for a layer of such rows.

    Raises
    ------
    InputError
        With the formats that fit.
    """
    if is_table and not form.takes_tables:
        names = _names(one for one in FORMATS.values() if one.takes_tables)
        raise InputError(
            f"format {form.name} holds places, and this layer is a table without: {names}",
            zh=f"格式 {form.name} 只能存放图形，此图层是无图形的表格；可用：{names}",
            where="format",
        )


def _names(forms: Iterable[Format]) -> str:
    return ", ".join(one.name for one in forms)
