"""How a class of a layer looks on the one-file map: colours, markers, hatches as SVG (pure)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from geoservice.publish.catalog import LayerDef
from geoservice.publish.styles import legend_of

# Drawn inside a square of 20.
_MARKERS = {
    "circle": '<circle cx="10" cy="10" r="7"/>',
    "square": '<rect x="4" y="4" width="12" height="12"/>',
    "triangle": '<path d="M10 2 18 17H2z"/>',
    "diamond": '<path d="M10 1 19 10 10 19 1 10z"/>',
    "star": '<path d="M10 1l2.6 6 6.4.5-4.9 4.2 1.5 6.3L10 14.6 4.4 18l1.5-6.3L1 7.5 7.4 7z"/>',
    "hexagon": '<path d="M6 2h8l5 8-5 8H6l-5-8z"/>',
    "cross": '<path d="M4 1l6 6 6-6 3 3-6 6 6 6-3 3-6-6-6 6-3-3 6-6-6-6z"/>',
    "plus": '<path d="M7 1h6v6h6v6h-6v6H7v-6H1V7h6z"/>',
}
_HATCHES = {
    "diagonal": "M-2 2 2-2M0 8 8 0M6 10 10 6",
    "back": "M-2 6 2 10M0 0 8 8M6-2 10 2",
    "cross": "M0 0 8 8M8 0 0 8",
    "dots": "M2 2h1.6v1.6H2zM6 6h1.6v1.6H6z",
    "horizontal": "M0 4h8",
}
_DASHES = {"line-dash": "8 5", "line-double": "14 4 3 4"}


@dataclass(frozen=True)
class Look:
    """Colour and symbol of a class."""

    colour: str
    symbol: str


def looks_of(layer: LayerDef) -> dict[str | None, Look]:
    """Colour and symbol by the value of the legend's field; None: of anything else."""
    rest: dict[str | None, Look] = {None: Look(layer.legend.colour, layer.legend.symbol)}
    return rest | {one["value"]: look_of(one) for one in legend_of(layer)["entries"]}


def look_of(entry: Mapping[str, str]) -> Look:
    """Return the colour and symbol of a legend entry."""
    return Look(entry["colour"], entry["symbol"])


def path_options(look: Look, kind: str, weight: int) -> dict[str, Any]:
    """Return Leaflet's options for this look; a point's are the picture itself."""
    colour, symbol = look.colour, look.symbol
    if kind.endswith("Point"):
        return {"html": marker_svg(symbol, colour), "className": "map-marker"}
    style: dict[str, Any] = {"color": colour, "weight": weight, "dashArray": _DASHES.get(symbol)}
    if symbol.startswith("line") or kind.endswith("LineString"):
        return {**style, "fill": False}
    if symbol.startswith("hatch-"):
        return {**style, "fillColor": f"url(#{hatch_id(symbol, colour)})", "fillOpacity": 1}
    return {**style, "weight": 1, "fillColor": colour, "fillOpacity": 0.55}


def marker_svg(symbol: str, colour: str) -> str:
    """Return a point symbol as SVG; anything that is not a marker as a circle."""
    shape = _MARKERS.get(symbol.removeprefix("marker-"), _MARKERS["circle"])
    return (
        f'<svg width="20" height="20" viewBox="0 0 20 20" fill="{colour}" stroke="#fff" '
        f'stroke-width="1.2">{shape}</svg>'
    )


def hatch_id(symbol: str, colour: str) -> str:
    """Return the name of a hatch in a colour."""
    return f"{symbol}-{colour[1:]}"


def hatch_svg(layers: Iterable[LayerDef]) -> str:
    """Return the SVG patterns of every hatch in these layers."""
    patterns = []
    for layer in layers:
        for look in looks_of(layer).values():
            kind, colour = look.symbol.removeprefix("hatch-"), look.colour
            if look.symbol.startswith("hatch-"):
                patterns.append(
                    f'<pattern id="{hatch_id(look.symbol, colour)}" width="8" height="8" '
                    f'patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="{colour}" '
                    f'fill-opacity="0.15"/><path d="{_HATCHES[kind]}" stroke="{colour}" '
                    f'stroke-width="1.4" fill="none"/></pattern>'
                )
    return f'<svg width="0" height="0" aria-hidden="true"><defs>{"".join(patterns)}</defs></svg>'


def swatch_svg(look: Look) -> str:
    """Return the picture of a legend entry."""
    symbol, colour = look.symbol, look.colour
    if symbol.startswith("marker-"):
        return marker_svg(symbol, colour)
    if symbol.startswith("line"):
        dash = _DASHES.get(symbol, "none")
        inner = f'<path d="M0 10h26" stroke="{colour}" stroke-width="3" stroke-dasharray="{dash}"/>'
    else:
        fill = f"url(#{hatch_id(symbol, colour)})" if symbol.startswith("hatch-") else colour
        inner = f'<rect x="1" y="3" width="24" height="14" fill="{fill}" stroke="{colour}"/>'
    return f'<svg width="26" height="20" viewBox="0 0 26 20">{inner}</svg>'
