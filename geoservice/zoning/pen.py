"""What writes on a sheet: the Chinese font, text that stays text."""

from typing import TYPE_CHECKING, Any

from geoservice.book.fonts import chinese_font

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INK, PAPER = "#111111", "#ffffff"


class Pen:
    """Writes on the sheet; sizes are points on A3."""

    def __init__(self, figure: "Figure", factor: float) -> None:
        from matplotlib.font_manager import FontPath

        face = chinese_font()
        self.figure, self.factor = figure, factor
        self._path = FontPath(str(face.path), face.number)

    def font(self, points: float) -> Any:  # matplotlib ships no types for it
        """Return the Chinese font in a size."""
        from matplotlib.font_manager import FontProperties

        return FontProperties(fname=self._path, size=points * self.factor)

    def text(
        self, x: float, y: float, said: str, points: float, *, halo: bool = False, **more: Any
    ) -> Any:
        """Write on the sheet, in shares of its width and height."""
        found = self.figure.text(x, y, said, fontproperties=self.font(points), **more)
        return self.plain(found, halo=halo)

    def plain(self, found: Any, *, halo: bool) -> Any:
        """Take a text as it is: no formulas; on a pale ground it is read on a hatch.

        Outlined letters would be shapes in a PDF, which nobody can search.
        """
        found.set_parse_math(False)
        if halo:
            ground = {"facecolor": PAPER, "alpha": 0.82, "edgecolor": "none"}
            found.set_bbox({**ground, "pad": 1.6 * self.factor})
        return found
