"""What the tiles of a zoom hold, and the words that say so (pure).

Nothing is left out silently: a tile has every feature, or fewer marks by a rule stated here, in the
tile set and in the collection.
"""

from dataclasses import replace

from geoservice.publish.catalog import Label, LayerDef
from geoservice.publish.permit import Sight

# From these zooms on a tile has every feature, and every field.
WHOLE_FROM, ALL_FIELDS_FROM = 14, 16
# Below WHOLE_FROM, a tile of more points or areas than this is drawn by cells of the grid ...
MOST_WHOLE = 5_000
# ... whose side is so many units of the tile's 4,096: 2 pixels of 256, or 4 where there are more.
FINE_CELL, COARSE_CELL, MOST_FINE = 32, 64, 20_000


def thins_out(layer: LayerDef, zoom: int) -> bool:
    """Return whether a crowded tile of this zoom is drawn by cells."""
    return zoom < WHOLE_FROM and layer.geometry in {"point", "polygon"}


def drawn(sight: Sight, zoom: int, wanted: frozenset[str] | None = None) -> Sight:
    """Return the sight with the fields that a tile of this zoom has, or of those ``wanted``."""
    if wanted is None and zoom >= ALL_FIELDS_FROM:
        return sight
    names = sight.layer.map_fields if wanted is None else wanted
    return replace(sight, fields=tuple(one for one in sight.fields if one.name in names))


def extra_fields(layer: LayerDef) -> dict[str, str]:
    """Return what marks of cells say beside the layer's own fields, with a name for people."""
    if layer.geometry not in {"point", "polygon"}:
        return {}
    worst = {"worst": "格内最重等级"} if layer.worst_first else {}
    return {"count": "合并的要素数", **worst}


def words(layer: LayerDef) -> Label:
    """Return what the layer's tiles hold, in words for people."""
    if layer.thinning and layer.thinning.steps:
        rule = Label(zh=layer.thinning.zh, en=layer.thinning.en)
    elif layer.geometry in {"point", "polygon"}:
        rule = _rule_of_cells(layer)
    else:
        rule = Label(zh="瓦片含全部要素。", en="Tiles hold every feature.")
    names = sorted(layer.map_fields)
    return Label(
        zh=f"{rule.zh}{ALL_FIELDS_FROM} 级以下只含字段"
        f" {'、'.join(names)}（可用 properties= 另选）。",
        en=f"{rule.en} Below zoom {ALL_FIELDS_FROM} they have the fields {', '.join(names)} only"
        " (or those of properties=).",
    )


def _rule_of_cells(layer: LayerDef) -> Label:
    is_point = layer.geometry == "point"
    what = "点" if is_point else "不足一格的面"
    worst = ("，worst 为格内最重等级", ", the worst of the cell in worst")
    zh_worst, en_worst = worst if layer.worst_first else ("", "")
    return Label(
        zh=f"瓦片含全部要素；{WHOLE_FROM} 级以下超过 {MOST_WHOLE} 个要素时，"
        f"每 2 像素格（超过 {MOST_FINE} 个时为 4 像素）内同一图例类别的{what}合为一个标记，"
        f"count 为个数{zh_worst}，任何类别都不省略。",
        en="Tiles hold every feature; below zoom"
        f" {WHOLE_FROM}, those of more than {MOST_WHOLE} hold one mark for"
        f" {'the points' if is_point else 'the areas that fit'} of each class of the legend in each"
        f" cell of 2 pixels (4 above {MOST_FINE}), their number in count{en_worst}; no class is"
        " left out.",
    )
