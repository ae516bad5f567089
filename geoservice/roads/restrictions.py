"""The rules that turn a restriction relation into turns. Pure."""

from collections.abc import Mapping, Sequence

from geoservice.roads.records import Restriction

Member = tuple[str, int, str]  # type (n, w, r), id, role

# https://wiki.openstreetmap.org/wiki/Relation:restriction
_KINDS = frozenset({
    "no_left_turn", "no_right_turn", "no_straight_on", "no_u_turn", "no_entry", "no_exit",
    "only_left_turn", "only_right_turn", "only_straight_on", "only_u_turn",
})  # fmt: skip
_VEHICLE_KEYS = ("restriction:motor_vehicle", "restriction:motorcar")
_EXCEPT = frozenset({"emergency", "motorcar", "motor_vehicle"})


def read_restriction(
    relation_id: int, tags: Mapping[str, str], members: Sequence[Member]
) -> list[Restriction] | str:
    """Return the turns of one relation, or why it is not kept.

    ``no_entry`` may name many ways it comes from and ``no_exit`` many it goes to: a turn each.
    """
    kind = _kind(tags)
    if kind is None:
        return "restriction_conditional" if _is_conditional(tags) else "restriction_vehicle"
    if kind not in _KINDS:
        return "restriction_kind"
    if _EXCEPT & {part.strip() for part in tags.get("except", "").split(";")}:
        return "restriction_except"
    via = [(kind_of, ref) for kind_of, ref, role in members if role == "via"]
    if any(kind_of == "w" for kind_of, _ in via):
        return "via_way"
    origins = [ref for kind_of, ref, role in members if role == "from" and kind_of == "w"]
    targets = [ref for kind_of, ref, role in members if role == "to" and kind_of == "w"]
    if len(via) != 1 or via[0][0] != "n" or not _counts_fit(kind, len(origins), len(targets)):
        return "restriction_members"
    return [
        Restriction(relation_id, kind, origin, via[0][1], target)
        for origin in origins
        for target in targets
    ]


def _kind(tags: Mapping[str, str]) -> str | None:
    keys = (*_VEHICLE_KEYS, "restriction")
    return next((tags[key] for key in keys if key in tags), None)


def _is_conditional(tags: Mapping[str, str]) -> bool:
    return any(key.endswith(":conditional") for key in tags)


def _counts_fit(kind: str, origins: int, targets: int) -> bool:
    if kind == "no_entry":
        return origins >= 1 and targets == 1
    if kind == "no_exit":
        return origins == 1 and targets >= 1
    return origins == 1 and targets == 1
