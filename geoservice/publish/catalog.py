"""`layers/*.toml` -> `LayerDef`: what is published, to whom, with which fields and which look.

A slip in a layer file stops the service at start: an unknown key refused is a layer that stays
closed, where an ignored one would open it.
"""

import tomllib
from collections import Counter
from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, model_validator

from geoservice.errors import SetupError, UnknownNameError
from geoservice.publish.secrecy import SECRECY, SECRECY_CODES
from geoservice.resources import folder

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")]
Symbol = Annotated[
    str,
    StringConstraints(
        pattern=r"^(marker-(circle|square|triangle|diamond|star|hexagon|cross|plus)"
        r"|fill|hatch-(diagonal|back|cross|dots|horizontal)|line(-dash|-double)?)$"
    ),
]
Role = Literal["public", "viewer", "keeper", "planner", "dispatcher", "publisher"]
FieldType = Literal["text", "integer", "number", "boolean", "date", "instant"]
# "none": what has no place, such as a drill record: a table that is served but not drawn.
Geometry = Literal["point", "line", "polygon", "mixed", "none"]


class _Part(BaseModel):
    """A table of a layer file: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Label(_Part):
    """One text in both languages."""

    zh: str
    en: str


class Code(Label):
    """A value of a coded field, with its look where the legend is by that field."""

    colour: Colour | None = None
    symbol: Symbol | None = None


class Group(Label):
    """The branch of the layer tree."""

    id: Name


class Field(Label):
    """A published column; `export` is its name in a Shapefile, `roles` who alone may see it.

    ``is_list``: the view joins several codes or words with ", ". ``is_summed``: the values of
    several rows may be added up, as people may, and depths may not.
    """

    name: Name
    export: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{0,9}$")]
    type: FieldType = "text"
    roles: frozenset[Role] = frozenset()
    is_list: bool = False
    is_summed: bool = False


class Legend(_Part):
    """By which field the layer is told apart, and the look of everything else."""

    colour: Colour
    symbol: Symbol
    field: Name | None = None
    other: Label | None = None


class Step(_Part):
    """Below this zoom only rows up to this rank are drawn."""

    below_zoom: int
    most: int


class Thinning(_Part):
    """Which rows far-out tiles leave out on purpose, and the words that say so.

    ``worst_first`` is a field whose codes stand from the worst to the least: where many marks
    become one, it says the worst of them.
    """

    zh: str = ""
    en: str = ""
    by: Name | None = None
    steps: tuple[Step, ...] = ()
    worst_first: Name | None = None

    @model_validator(mode="after")
    def _says_what_it_leaves_out(self) -> "Thinning":
        if bool(self.steps) != bool(self.by and self.zh and self.en):
            raise ValueError("steps, by, zh and en go together")
        return self


USE = Label(
    zh="供应急管理工作使用；未经本区应急管理部门同意，不得转交第三方或公开",
    en="For emergency management; not to be handed on or made public without the consent of the "
    "district's emergency management bureau",
)
PUBLIC_USE = Label(
    zh="公开数据，使用时请注明来源；不作为法定依据",
    en="Public data: name the source when you use it; no legal document",
)


class LayerDef(_Part):
    """One published layer."""

    id: Name
    source: Annotated[str, StringConstraints(pattern=r"^published\.[a-z][a-z0-9_]*$")]
    title: Label
    description: Label
    group: Group
    order: int
    # On which conditions it may be used and handed on: in every manifest.
    licence: Label | None = None
    geometry: Geometry
    read_roles: Annotated[frozenset[Role], "public, or roles; viewer stands for all who include it"]
    fields: tuple[Field, ...]
    legend: Legend = Legend(colour="#8d8d8d", symbol="fill")
    style: dict[Name, dict[str, Any]] = {}
    visible: bool = True
    # Some rows have no place (yet): the first page shows those that have one.
    may_lack_place: bool = False
    # The view reads the clock: its rows change without anybody writing.
    changes_with: Literal["day", "minute"] | None = None
    # At whose day or instant a row does so, beside `surveyed_on`; and leaves the view altogether.
    turns: tuple[Name, ...] = ()
    leaves_at: Name | None = None
    codes: dict[Name, dict[str, Code]] = {}
    thinning: Thinning | None = None

    @model_validator(mode="before")
    @classmethod
    def _tells_secrecy(cls, said: dict[str, Any]) -> dict[str, Any]:
        codes = said.get("codes", {}) | {SECRECY["name"]: SECRECY_CODES}
        return said | {"fields": [*said.get("fields", ()), SECRECY], "codes": codes}

    @property
    def view(self) -> str:
        """Name of the view in the schema `published`."""
        return self.source.removeprefix("published.")

    @property
    def use(self) -> Label:
        """The conditions of its file, else those of what is public or is not."""
        return self.licence or (PUBLIC_USE if self.is_public else USE)

    @property
    def is_told_by_turns(self) -> bool:
        """Whether columns tell which rows the clock changed."""
        return self.changes_with == "day" or bool(self.turns or self.leaves_at)

    @property
    def is_public(self) -> bool:
        """Whether nobody need sign in."""
        return "public" in self.read_roles

    @property
    def is_for_viewers(self) -> bool:
        """Whether viewers may read it: what goes to the city and may be granted to partners."""
        return self.is_public or "viewer" in self.read_roles

    @property
    def is_drawn(self) -> bool:
        """Whether its rows have a place; otherwise it is a table only."""
        return self.geometry != "none"

    @property
    def worst_first(self) -> str | None:
        """Name of the field whose codes stand from the worst to the least."""
        return self.thinning.worst_first if self.thinning else None

    @cached_property
    def map_fields(self) -> frozenset[str]:
        """Names of the fields by which the layer is drawn: name, legend, those of its style."""
        named = {"name", self.legend.field, self.worst_first, *_got(list(self.style.values()))}
        return frozenset(field.name for field in self.fields if field.name in named)

    @model_validator(mode="after")
    def _sums_numbers(self) -> "LayerDef":
        for field in self.fields:
            if field.is_summed and field.type not in ("number", "integer"):
                raise ValueError(f"fields: {field.name} is summed and no number")
        return self

    @model_validator(mode="after")
    def _looks_if_drawn(self) -> "LayerDef":
        for key in ("legend", "style"):
            if (key in self.model_fields_set) != self.is_drawn:
                word = "is missing" if self.is_drawn else "is of no use without geometry"
                raise ValueError(f"{key}: {word}")
        return self

    @model_validator(mode="after")
    def _holds_together(self) -> "LayerDef":
        names = [field.name for field in self.fields]
        exports = [field.export for field in self.fields]
        for repeated, times in Counter(names + exports).items():
            if times > 1:
                raise ValueError(f"fields: {repeated} is there {times} times")
        for coded in [*self.codes, *([self.legend.field] if self.legend.field else [])]:
            if coded not in names:
                raise ValueError(f"codes or legend: {coded} is not a field")
        if self.legend.field and not self.codes.get(self.legend.field):
            raise ValueError(f"legend.field: {self.legend.field} has no codes")
        if any(field.is_list and field.name == self.legend.field for field in self.fields):
            raise ValueError(f"legend.field: {self.legend.field} is a list")
        if self.worst_first and self.worst_first not in self.codes:
            raise ValueError(f"thinning.worst_first: {self.worst_first} has no codes")
        if not self.read_roles:
            raise ValueError("read_roles: name at least one")
        return self


def _got(expression: Any) -> set[str]:  # MapLibre's JSON
    """Return the fields that expressions get."""
    if isinstance(expression, dict):
        return _got(list(expression.values()))
    if not isinstance(expression, list | tuple):
        return set()
    if len(expression) == 2 and expression[0] in ("get", "has"):
        return {str(expression[1])}
    return set().union(*map(_got, expression))


def load_layers(root: Path | None = None) -> dict[str, LayerDef]:
    """Return every layer by its id, from the lowest drawn to the highest; read once a process.

    Raises
    ------
    SetupError
        A file is not right; the message names the file and the key.
    """
    return dict(_layers(root or folder("layers")))


@cache
def _layers(root: Path) -> dict[str, LayerDef]:
    paths = sorted(root.glob("*.toml"))
    layers = sorted((_read(path) for path in paths), key=lambda layer: layer.order)
    groups: dict[str, Group] = {}
    for layer in layers:
        if groups.setdefault(layer.group.id, layer.group) != layer.group:
            raise _slip(f"{layer.id}.toml", "group", "this id has other titles elsewhere")
    return {layer.id: layer for layer in layers}


def _read(path: Path) -> LayerDef:
    try:
        layer = LayerDef.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _slip(path.name, "", str(error)) from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        raise _slip(path.name, key, first["msg"]) from error
    if layer.id != path.stem:
        raise _slip(path.name, "id", f"{layer.id} is not the name of the file")
    return layer


def _slip(file: str, key: str, why: str) -> SetupError:
    return SetupError(
        f"layers/{file}: {key or 'file'}: {why}", zh=f"图层定义 {file} 有误：{key} {why}", where=key
    )


def layer_named(layers: Mapping[str, LayerDef], layer_id: str) -> LayerDef:
    """Return the layer of that id, for the command line.

    Raises
    ------
    UnknownNameError
        There is no such layer; the message lists those there are.
    """
    if layer_id not in layers:
        raise UnknownNameError(
            f"no layer {layer_id!r}; there are: {', '.join(layers)}",
            zh=f"没有图层“{layer_id}”；可用图层：{'、'.join(layers)}",
            where="layer",
        )
    return layers[layer_id]
