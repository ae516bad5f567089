"""What a client asked of the rows, as filters of a statement."""

from geoservice.errors import InputError
from geoservice.publish.coordinates import ServedCrs, box_of, crs_of, days_of
from geoservice.publish.cql2.equalities import equalities
from geoservice.publish.cql2.reading import read
from geoservice.publish.item_parameters import Asked
from geoservice.publish.permit import Sight
from geoservice.publish.schemas import queryable_kinds
from geoservice.publish.select import condition_of
from geoservice.publish.statement import Condition, Filters


def filters_of(asked: Asked, sight: Sight, offered: tuple[ServedCrs, ...]) -> Filters:
    """Return the filters that a client wrote; all of them must hold.

    Raises
    ------
    InputError
        One of them is not as the standard writes it, or names what the caller has not.
    """
    query = asked.query
    box_crs = crs_of(query.bbox_crs, offered, "bbox-crs")
    return Filters(
        area=None if query.bbox is None else box_of(query.bbox, box_crs),
        days=None if query.datetime is None else days_of(query.datetime),
        condition=_condition(asked, sight, offered),
    )


def _condition(asked: Asked, sight: Sight, offered: tuple[ServedCrs, ...]) -> Condition | None:
    query = asked.query
    crs = crs_of(query.filter_crs, offered, "filter-crs")
    kinds = {field.name: field.type for field in sight.fields}
    trees = [equalities(asked.equals, kinds)]
    if query.filter is not None:
        trees.append(read(query.filter, query.filter_lang))
    elif query.filter_crs is not None:
        raise InputError(
            "filter-crs: there is no filter", zh="filter-crs：没有给出 filter", where="filter-crs"
        )
    wanted = [tree for tree in trees if tree is not None]
    if not wanted:
        return None
    return condition_of({"op": "and", "args": wanted}, queryable_kinds(sight), crs)
