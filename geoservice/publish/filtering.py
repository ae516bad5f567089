"""What a client asked for, as a page of a statement with its filters."""

from geoservice.errors import InputError
from geoservice.publish.coordinates import ServedCrs, box_of, crs_of, days_of
from geoservice.publish.cql2.equalities import equalities
from geoservice.publish.cql2.reading import read
from geoservice.publish.item_parameters import MAX_LIMIT, Asked, ItemsQuery
from geoservice.publish.ordering import BY_ID, PLACED_FIRST, fields_of, mark_of, order_of
from geoservice.publish.permit import Sight
from geoservice.publish.schemas import queryable_kinds
from geoservice.publish.select import condition_of
from geoservice.publish.statement import Condition, Counting, Filters, Page, PageForm, Shape


def page_of(asked: Asked, sight: Sight, offered: tuple[ServedCrs, ...], form: PageForm) -> Page:
    """Return the page that a client asks for.

    Raises
    ------
    InputError, UnknownNameError
        A parameter is not as it must be, or names what the caller has not.
    """
    query = asked.query
    unasked = PLACED_FIRST if sight.layer.may_lack_place else BY_ID
    order = order_of(query.sortby, queryable_kinds(sight), unasked)
    return Page(
        limit=min(query.limit, MAX_LIMIT),
        after=None if query.after is None else mark_of(query.after, order),
        order=order,
        shape=Shape(form, crs_of(query.crs, offered, "crs")),
        fields=fields_of(query.properties, tuple(field.name for field in sight.fields)),
        has_shapes=not query.skip_geometry,
        counting=_counting(query),
        filters=filters_of(asked, sight, offered),
    )


def _counting(query: ItemsQuery) -> Counting:
    if query.count is None:
        return "cheap" if query.after is None else "none"
    return "all" if query.count else "none"


def filters_of(asked: Asked, sight: Sight, offered: tuple[ServedCrs, ...]) -> Filters:
    """Return the filters that a client wrote; all of them must hold.

    Raises
    ------
    InputError
        One of them is not as the standard writes it, or names what the caller has not.
    """
    query = asked.query
    box_crs = crs_of(query.bbox_crs, offered, "bbox-crs")
    if query.datetime is not None and not sight.has("surveyed_on"):
        raise InputError(
            "datetime: the day of survey is not granted",
            zh="datetime：未授权调查日期",
            where="datetime",
        )
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
