"""The links of a page of features and of one feature (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from geoservice.publish.catalog import LayerDef
from geoservice.publish.documents import JSON, link


@dataclass(frozen=True)
class ItemLinks:
    """Where an answer is: ``here`` without the query, in which form, and the other forms."""

    here: str
    asked: Mapping[str, str]
    form: str
    forms: Mapping[str, str]
    layer: LayerDef

    @property
    def collection(self) -> str:
        """Address of the layer."""
        return self.here.split("/items")[0]

    def of_page(self, next_after: str | None) -> list[dict[str, Any]]:
        """Return the links; to the next page if there is one."""
        kind = self.forms[self.form]
        links = [
            link(self._address(self.asked), "self", kind),
            *self._alternates(),
            link(self.collection, "collection", JSON, self.layer.title.zh),
        ]
        if next_after is not None:
            links.append(link(self._address({**self.asked, "after": next_after}), "next", kind))
        return links

    def _alternates(self) -> list[dict[str, Any]]:
        return [
            link(self._address({**self.asked, "f": form}), "alternate", kind)
            for form, kind in self.forms.items()
            if form != self.form
        ]

    def _address(self, query: Mapping[str, str]) -> str:
        return f"{self.here}?{urlencode(query)}" if query else self.here
