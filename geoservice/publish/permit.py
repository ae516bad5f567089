"""Who sees what of a layer: whether at all, which rows, which fields (pure).

One rule for items, tiles, exports and the situation map. Rows: public ones for everybody,
internal ones for viewers, restricted ones for those who work with them, each in its towns;
what a visitor sees is seen in every town. A partner sees what is granted to it, and nothing else.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geoservice.errors import ForbiddenError, SignInRequiredError
from geoservice.publish.catalog import Field, LayerDef

if TYPE_CHECKING:
    from geoservice.accounts.records import Grant
    from geoservice.auth import Actor

_WORKING_ROLES = ("keeper", "planner", "dispatcher", "publisher")


@dataclass(frozen=True)
class Sight:
    """What one caller may see of one layer; ``towns`` None means all of them."""

    layer: LayerDef
    secrecies: tuple[str, ...]
    towns: tuple[str, ...] | None
    fields: tuple[Field, ...]
    is_granted: bool = False

    @property
    def open_to(self) -> tuple[str, ...]:
        """Secrecies seen in every town: no account sees less than a visitor; a partner may."""
        return ("public",) if self.layer.is_public and not self.is_granted else ()

    def has(self, name: str) -> bool:
        """Return whether the caller may know a field; what the layer does not show is not one."""
        return not self.is_granted or any(field.name == name for field in self.fields)


def may_read(layer: LayerDef, actor: "Actor") -> bool:
    """Return whether the caller may read the layer at all."""
    if actor.grants is not None:
        return _grant_of(layer, actor.grants) is not None
    return layer.is_public or any(actor.has(role) for role in layer.read_roles)


def sight_of(layer: LayerDef, actor: "Actor") -> Sight:
    """Return what the caller may see of the layer.

    Raises
    ------
    SignInRequiredError, ForbiddenError
        Nobody is signed in, or without the role that this layer needs, or it is not granted.
    """
    if actor.grants is not None:
        return _granted(layer, actor.grants)
    if not may_read(layer, actor):
        roles = ", ".join(sorted(layer.read_roles))
        if not actor.roles:
            raise SignInRequiredError(
                f"{layer.id} is not public: sign in", zh=f"图层“{layer.title.zh}”不公开：请先登录"
            )
        raise ForbiddenError(
            f"{layer.id} is for the roles {roles}", zh=f"图层“{layer.title.zh}”仅限角色：{roles}"
        )
    return Sight(
        layer=layer,
        secrecies=_secrecies(actor),
        towns=None if actor.towns is None else tuple(sorted(actor.towns)),
        fields=tuple(
            field
            for field in layer.fields
            if not field.roles or any(actor.has(role) for role in field.roles)
        ),
    )


def for_the_city(layer: LayerDef) -> Sight | None:
    """Return what is handed to the city: a viewer's sight in all towns; None: not this layer."""
    if not layer.is_for_viewers:
        return None
    fields = tuple(field for field in layer.fields if not field.roles)
    return Sight(layer, ("public", "internal"), None, fields)


def for_a_partner(layer: LayerDef, grants: "tuple[Grant, ...]") -> Sight | None:
    """Return what is handed to a partner: what is granted to it; None: not this layer."""
    return None if _grant_of(layer, grants) is None else _granted(layer, grants)


def whole(layer: LayerDef) -> Sight:
    """Return the sight of the local administrator at the command line: everything."""
    return Sight(layer, ("public", "internal", "restricted"), None, layer.fields)


def _grant_of(layer: LayerDef, grants: "tuple[Grant, ...]") -> "Grant | None":
    if not layer.is_for_viewers:
        return None
    return next((one for one in grants if one.layer == layer.id), None)


def _granted(layer: LayerDef, grants: "tuple[Grant, ...]") -> Sight:
    grant = _grant_of(layer, grants)
    if grant is None:
        raise ForbiddenError(
            f"{layer.id} is not granted to this partner",
            zh=f"图层“{layer.title.zh}”未授权给该伙伴",
        )
    return Sight(
        layer=layer,
        secrecies=tuple(one for one in ("public", "internal") if one in grant.secrecies),
        towns=None if grant.towns is None else tuple(sorted(grant.towns)),
        fields=tuple(
            field
            for field in layer.fields
            if (not field.roles if grant.fields is None else field.name in grant.fields)
        ),
        is_granted=True,
    )


def _secrecies(actor: "Actor") -> tuple[str, ...]:
    if any(actor.has(role) for role in _WORKING_ROLES):
        return ("public", "internal", "restricted")
    if actor.has("viewer"):
        return ("public", "internal")
    return ("public",)
