"""DXF for CAD, in metres: a drawing layer for each class, outlines, and the names as texts.

By ezdxf, because GDAL's driver has no room for the names. AutoCAD R2000 in the code page 936, which
old programs and GDAL read; what is not in that page is written by its number.
"""

import re
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from geoservice.errors import InputError
from geoservice.exports.rows import SHAPE
from geoservice.exports.source import Source
from geoservice.publish.catalog import Code, LayerDef

# ezdxf keeps the drawing in memory, about five kilobytes an entity.
_MOST_ROWS = 100_000
_TEXT_M = 20.0
_METRES = 6  # $INSUNITS
# Characters that a layer's name may not have (DXF reference).
_FORBIDDEN = re.compile(r'[<>/\\":;?*|=`,\x00-\x1f]')
_LAST_CHARACTER = 0xFFFF
_STYLE = "geoservice"


def write_dxf(source: Source, path: Path) -> list[str]:
    """Write points, polylines and closed outlines, each on the layer of its class.

    Raises
    ------
    InputError
        There are more features than a drawing is made for, or a name has a character that
        a drawing cannot hold.
    """
    from ezdxf.filemanagement import new  # large and slow import, drawings only

    _refuse_many(source.survey.rows)
    drawing = new("R2000", units=_METRES)
    drawing.encoding = "gbk"
    drawing.styles.add(_STYLE, font="simsun.ttf")
    field = source.layer.legend.field
    for batch in source.batches():
        classes = batch[field].to_pylist() if field in batch.schema.names else [None] * len(batch)
        names = batch["name"].to_pylist() if "name" in batch.schema.names else [None] * len(batch)
        shapes = shapely.from_wkb(np.asarray(batch[SHAPE].to_pylist(), dtype=object))
        for shape, value, name in zip(shapes, classes, names, strict=True):
            if shape is not None:
                on = _layer(drawing, source.layer, value)
                _draw(drawing.modelspace(), shape, on, _writable(name))
    drawing.saveas(path)
    missing = source.survey.rows - source.survey.placed
    return [f"{missing} 行没有图形，未写入 · rows without a place are not in it"] if missing else []


def _refuse_many(rows: int) -> None:
    if rows > _MOST_ROWS:
        raise InputError(
            f"{rows} features: a drawing takes {_MOST_ROWS}; use bbox or filter",
            zh=f"共 {rows} 个要素，超过 DXF 上限 {_MOST_ROWS}；请用 bbox 或 filter 缩小范围",
            where="format",
        )


def _writable(name: str | None) -> str | None:
    """Refuse what four hexadecimal digits cannot say: what is not in the page is so written."""
    wrong = next((one for one in name or "" if ord(one) > _LAST_CHARACTER), None)
    if wrong:
        raise InputError(
            f"a drawing has no way to write {wrong!r}: {name}",
            zh=f"DXF 无法写入字符 {wrong!r}：{name}",
            where="format",
        )
    return name


def _layer(drawing: Any, layer: LayerDef, value: object) -> str:
    """Return the drawing layer of a class, made when it is first met."""
    word = str(value).lower() if isinstance(value, bool) else value
    code = layer.codes.get(layer.legend.field or "", {}).get(str(word))
    label = f"{layer.title.zh}_{code.zh}" if code else layer.title.zh
    name = _FORBIDDEN.sub("_", label)
    if name not in drawing.layers:
        drawing.layers.add(name, true_color=_colour(code, layer))
    return name


def _colour(code: Code | None, layer: LayerDef) -> int:
    return int(((code and code.colour) or layer.legend.colour).removeprefix("#"), 16)


def _draw(space: Any, shape: Any, layer: str, name: str | None) -> None:
    on = {"layer": layer}
    for part in shapely.get_parts(shape):
        if part.geom_type == "Point":
            space.add_point(part.coords[0], dxfattribs=on)
        elif part.geom_type == "Polygon":
            for ring in (part.exterior, *part.interiors):
                space.add_lwpolyline(list(ring.coords)[:-1], close=True, dxfattribs=on)
        else:
            space.add_lwpolyline(list(part.coords), dxfattribs=on)
    if name:
        at = shapely.point_on_surface(shape)
        text = space.add_text(" ".join(name.split()), height=_TEXT_M,
                              dxfattribs={**on, "style": _STYLE})  # fmt: skip
        text.set_placement((at.x, at.y))  # its left end
