"""How many rows a question has, remembered for as long as the layer's version stays the same."""

from collections import OrderedDict
from dataclasses import replace

from geoservice.publish.permit import Sight
from geoservice.publish.select import page
from geoservice.publish.statement import Page
from geoservice.publish.tags import tag_of

_MOST = 2_000


class Counts:
    """The numbers of one worker, by what was counted in which version."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, int | None] = OrderedDict()

    def without(self, key: str, asked: Page) -> Page:
        """Return the page without counting when the number is known already."""
        return replace(asked, counting="none") if key in self._known else asked

    def number(self, key: str, counted: int | None, asked: Page) -> int | None:
        """Return the number of a page that was read as ``asked`` says, and remember it.

        None: it was not asked for, or there are more than are counted unasked.
        """
        if asked.counting == "none":
            return self._known.get(key)
        if asked.counting == "cheap":
            self._known[key] = counted
            if len(self._known) > _MOST:
                self._known.popitem(last=False)
        return counted


def counted_as(version: str, sight: Sight, asked: Page) -> str:
    """Return the key of what is counted: which rows, at which version; empty if nothing is."""
    if asked.counting != "cheap":
        return ""
    return tag_of(version, page(sight, Page(1, filters=asked.filters)))
