"""`LayerDef` -> MapLibre style and legend: the one source of every look (pure).

Three shorthands in a layer file's style stand for the legend by its field, so that map and
legend cannot part: `@colour`, `@symbol`, and `@pattern` for a hatch in the colour of its class.
A client without these images (no sprite is served) still has the plain fill or circle below.
"""

from typing import Any

from geoservice.publish.catalog import Code, LayerDef

_LAYER_KEYS = ("type", "filter", "minzoom", "maxzoom")
_LAYOUT = ("text-", "icon-", "symbol-")
_LAYOUT_KEYS = ("line-cap", "line-join", "visibility", "circle-sort-key", "fill-sort-key")
_PAINT_OF_SYMBOLS = ("-color", "-opacity", "-halo-width", "-halo-blur")
MAX_TILE_ZOOM = 16


def legend_of(layer: LayerDef) -> dict[str, Any]:
    """Return the legend: its field (None: one entry for all) and an entry for each class.

    What is not drawn has no entries.
    """
    legend = layer.legend
    if not layer.is_drawn:
        return {"field": None, "entries": []}
    if legend.field is None:
        return {"field": None, "entries": [_entry(None, _rest_of(layer))]}
    entries = [_entry(value, code) for value, code in _classes(layer).items()]
    if legend.other is not None:
        entries.append(_entry(None, _rest_of(layer)))
    return {"field": legend.field, "entries": entries}


def style_of(layer: LayerDef, tiles_url: str, bounds: list[float] | None) -> dict[str, Any]:
    """Return the layer's MapLibre style (version 8) over its vector tiles.

    Parameters
    ----------
    tiles_url
        Template of a tile's address with ``{z}``, ``{y}`` and ``{x}``.
    bounds
        West, south, east, north in degrees; None where there is nothing.
    """
    source = {"type": "vector", "tiles": [tiles_url], "minzoom": 0, "maxzoom": MAX_TILE_ZOOM}
    if bounds:
        source["bounds"] = bounds
    return {
        "version": 8,
        "name": layer.title.zh,
        "metadata": {"geoservice:geometry": layer.geometry, "geoservice:title-en": layer.title.en},
        "sources": {layer.id: source},
        "layers": style_layers(layer),
    }


def style_layers(layer: LayerDef) -> list[dict[str, Any]]:
    """Return the style layers, lowest first, each drawing from a source named like the layer."""
    return [_style_layer(layer, name, keys) for name, keys in layer.style.items()]


def _style_layer(layer: LayerDef, name: str, keys: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": f"{layer.id}-{name}",
        "type": keys.get("type", name),
        "source": layer.id,
        "source-layer": layer.id,
    }
    made |= {key: keys[key] for key in _LAYER_KEYS[1:] if key in keys}
    for key, value in keys.items():
        if key not in _LAYER_KEYS:
            part = "layout" if _is_layout(key) else "paint"
            made.setdefault(part, {})[key] = _expanded(layer, value)
    return made


def _is_layout(key: str) -> bool:
    if key in _LAYOUT_KEYS:
        return True
    return key.startswith(_LAYOUT) and not key.endswith(_PAINT_OF_SYMBOLS)


def _expanded(layer: LayerDef, value: object) -> object:
    if value not in ("@colour", "@symbol", "@pattern"):
        return value
    rest = _rest_of(layer)
    return _by_class(
        layer,
        {key: _look(code, str(value)) for key, code in _classes(layer).items()},
        _look(rest, str(value)),
    )


def _look(code: Code, what: str) -> str:
    if what == "@pattern":
        return f"{code.symbol}:{code.colour}"
    return str(code.symbol if what == "@symbol" else code.colour)


def _by_class(layer: LayerDef, looks: dict[str, str], rest: str) -> object:
    field = layer.legend.field
    if field is None:
        return rest
    if any(one.name == field and one.type == "boolean" for one in layer.fields):
        # MapLibre's match takes text and numbers only.
        cases: list[object] = ["case"]
        for value, look in looks.items():
            cases += [["==", ["get", field], value == "true"], look]
        return [*cases, rest]
    matched: list[object] = ["match", ["get", field]]
    for value, look in looks.items():
        matched += [value, look]
    return [*matched, rest]


def _classes(layer: LayerDef) -> dict[str, Code]:
    """Return the codes of the legend's field, each with a look of its own or the layer's."""
    rest = _rest_of(layer)
    return {
        value: Code(
            zh=code.zh,
            en=code.en,
            colour=code.colour or rest.colour,
            symbol=code.symbol or rest.symbol,
        )
        for value, code in (layer.codes[layer.legend.field] if layer.legend.field else {}).items()
    }


def _rest_of(layer: LayerDef) -> Code:
    legend = layer.legend
    label = legend.other or layer.title
    return Code(zh=label.zh, en=label.en, colour=legend.colour, symbol=legend.symbol)


def _entry(value: str | None, code: Code) -> dict[str, Any]:
    return {
        "value": value,
        "zh": code.zh,
        "en": code.en,
        "colour": code.colour,
        "symbol": code.symbol,
    }
