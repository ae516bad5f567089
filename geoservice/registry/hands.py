"""Whose hands are on a register: what the layer's rule says of reading, the roles of writing."""

from collections.abc import Mapping

from geoservice.access import refuse_without_role
from geoservice.auth import Actor
from geoservice.errors import NotFoundError
from geoservice.publish.catalog import LayerDef
from geoservice.publish.permit import sight_of
from geoservice.registry.editing import Editor
from geoservice.registry.fields import Register
from geoservice.registry.registers import LOADABLE, register_named

_KEEPERS = frozenset({"keeper"})
# Who closes roads sits at the dispatcher's desk.
_EDITORS = {"road_closures": frozenset({"keeper", "dispatcher"})}


def editors_of(register: str) -> frozenset[str]:
    """Return the roles that may write a register."""
    return _EDITORS.get(register, _KEEPERS)


def reader(layers: Mapping[str, LayerDef], register: str, who: Actor) -> Editor:
    """Return what the caller may read of a register's records.

    Raises
    ------
    NotFoundError, SignInRequiredError, ForbiddenError
        There is no such register, or its layer is not for the caller.
    """
    it = _named(register)
    layer = layers.get(it.name)
    if layer is None:  # what has no layer file is not published
        raise NotFoundError(f"{it.name} is not published", zh=f"“{it.label.zh}”未发布")
    sight = sight_of(layer, who)
    shown = {field.name for field in sight.fields}
    return Editor(
        towns=who.towns,
        secrecies=sight.secrecies,
        open_to=sight.open_to,
        hidden=frozenset(f.name for f in layer.fields if f.name not in shown),
        computed=frozenset(f.name for f in layer.fields if it.field(f.name) is None) | {"is_demo"},
    )


def writer(layers: Mapping[str, LayerDef], register: str, who: Actor) -> Editor:
    """Return what the caller may write of a register's records.

    Raises
    ------
    NotFoundError, SignInRequiredError, ForbiddenError
        There is no such register, or the caller may not write it.
    """
    it = _named(register)
    refuse_without_role(who, editors_of(it.name))
    return reader(layers, register, who)


def is_editable(register: Register, who: Actor) -> bool:
    """Return whether the caller may write the register at all."""
    return bool(editors_of(register.name) & who.roles)


def _named(register: str) -> Register:
    if register not in LOADABLE:
        raise NotFoundError(
            f"no register {register!r}; there are: {', '.join(LOADABLE)}",
            zh=f"没有登记簿“{register}”；可用：{'、'.join(LOADABLE)}",
        )
    return register_named(register)
