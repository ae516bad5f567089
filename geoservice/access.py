"""Who may call which route: one table, enforced before every route, checked at start.

A route without an entry stops the service from starting, and so does an entry without a route.
"""

from typing import Final

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.requests import Request

from geoservice.auth import Actor, current_actor, current_or_last_actor
from geoservice.errors import ForbiddenError, SetupError, SignInRequiredError
from geoservice.origins import is_own_machine, is_same_origin

Rule = frozenset[str] | str

PUBLIC: Final = "public"  # anybody
BY_LAYER: Final = "by layer"  # the layer file's read_roles decide, in publish

VIEWER: Final = frozenset({"viewer"})
KEEPER: Final = frozenset({"keeper"})
DISPATCHER: Final = frozenset({"dispatcher"})
WRITER: Final = frozenset({"keeper", "dispatcher"})  # of which register, says registry/hands.py
PUBLISHER: Final = frozenset({"publisher"})
DRAFTER: Final = frozenset({"keeper", "planner", "dispatcher"})
PLANNER: Final = frozenset({"planner"})
SURVEYOR: Final = frozenset({"keeper", "planner"})  # what zones are derived from
MOVER: Final = frozenset({"planner", "publisher"})  # of which step, says zoning/machine.py
PARTNER: Final = "partner"  # no role: whoever comes with a partner's token
FLOOD_HANDS: Final = frozenset({"dispatcher", "publisher"})
EXCHANGE: Final = frozenset({"viewer", PARTNER})
ADMIN: Final = frozenset({"admin"})
AUDITOR: Final = frozenset({"auditor"})

ROUTES: dict[tuple[str, str], Rule] = {
    # The pages are empty shells: what they show they ask for, and each answer has its own row.
    ("GET", "/"): PUBLIC,
    ("GET", "/plan"): PUBLIC,
    ("GET", "/dispatch"): PUBLIC,
    ("GET", "/docs"): PUBLIC,
    ("GET", "/openapi.json"): PUBLIC,
    ("GET", "/openapi-3.0.json"): PUBLIC,
    ("GET", "/problems/{slug}"): PUBLIC,
    ("GET", "/web/lib/{folder}/{path}"): PUBLIC,
    ("GET", "/web/{path}"): PUBLIC,
    ("GET", "/healthz"): PUBLIC,
    ("GET", "/readyz"): PUBLIC,
    ("GET", "/metrics"): ADMIN,
    ("GET", "/sign-in"): PUBLIC,
    ("POST", "/sign-in"): PUBLIC,
    ("POST", "/sign-out"): PUBLIC,
    ("GET", "/session"): PUBLIC,
    ("POST", "/accounts/first"): ADMIN,
    ("GET", "/audit/events"): AUDITOR,
    ("GET", "/audit/verification"): AUDITOR,
    ("GET", "/registry"): VIEWER,
    ("GET", "/registry/hidden_dangers/repeats"): VIEWER,
    ("GET", "/registry/dangerous_sections/proposals"): VIEWER,
    ("GET", "/registry/hazard_sources/unowned"): VIEWER,
    ("GET", "/registry/stale"): VIEWER,
    ("GET", "/registry/risk_points/grades"): VIEWER,
    ("POST", "/registry/risk_assessments/check"): VIEWER,
    ("GET", "/registry/depots/{depot_id}/stock"): VIEWER,
    ("POST", "/registry/depots/{depot_id}/stock"): DISPATCHER,
    ("GET", "/registry/depots/{depot_id}/stock/moves"): VIEWER,
    ("POST", "/registry/imports"): WRITER,
    ("GET", "/registry/imports"): WRITER,
    ("GET", "/registry/imports/{job}"): WRITER,
    ("PATCH", "/registry/imports/{job}"): WRITER,
    ("DELETE", "/registry/imports/{job}"): WRITER,
    ("GET", "/registry/imports/{job}/rows"): WRITER,
    ("GET", "/registry/imports/{job}/report"): WRITER,
    ("POST", "/registry/imports/{job}/apply"): WRITER,
    ("GET", "/registry/drafts"): DRAFTER,
    ("POST", "/registry/drafts"): DRAFTER,
    ("GET", "/registry/drafts/counts"): DRAFTER,
    ("GET", "/registry/drafts/{draft}"): DRAFTER,
    ("PATCH", "/registry/drafts/{draft}"): DRAFTER,
    ("DELETE", "/registry/drafts/{draft}"): DRAFTER,
    ("POST", "/registry/drafts/{draft}/apply"): WRITER,
    ("GET", "/registry/{register}/template"): VIEWER,
    ("GET", "/registry/{register}"): VIEWER,
    ("POST", "/registry/{register}"): WRITER,
    ("GET", "/registry/{register}/{record_id}"): VIEWER,
    ("PATCH", "/registry/{register}/{record_id}"): WRITER,
    ("DELETE", "/registry/{register}/{record_id}"): WRITER,
    ("GET", "/registry/{register}/{record_id}/history"): VIEWER,
    ("POST", "/analysis/within"): VIEWER,
    ("POST", "/shapes/join"): DRAFTER,
    ("POST", "/shapes/widen"): DRAFTER,
    ("POST", "/shapes/{work}"): DRAFTER,
    ("GET", "/dispatch/nearest"): DISPATCHER,
    ("GET", "/dispatch/book"): DISPATCHER,
    ("POST", "/dispatch/plans"): DISPATCHER,
    ("POST", "/dispatch/evacuations"): DISPATCHER,
    ("GET", "/dispatch/isochrones"): DISPATCHER,
    ("POST", "/dispatch/isochrones"): DISPATCHER,
    ("GET", "/dispatch/coverage"): DISPATCHER,
    ("POST", "/dispatch/nearest"): DISPATCHER,
    ("GET", "/dispatch/closures"): DISPATCHER,
    ("POST", "/dispatch/closures"): DISPATCHER,
    ("GET", "/dispatch/closures/{closure_id}"): DISPATCHER,
    ("PATCH", "/dispatch/closures/{closure_id}"): DISPATCHER,
    ("POST", "/dispatch/closures/{closure_id}/reopen"): DISPATCHER,
    ("GET", "/dispatch/floods"): DISPATCHER,
    ("GET", "/dispatch/floods/{flood_id}"): DISPATCHER,
    ("PATCH", "/dispatch/floods/{flood_id}"): DISPATCHER,
    ("GET", "/zoning/floods"): VIEWER,
    ("POST", "/zoning/floods/consequences"): VIEWER,
    ("POST", "/zoning/floods"): PLANNER,
    ("POST", "/zoning/floods/imports"): PLANNER,
    ("GET", "/zoning/floods/derivations/{job}"): VIEWER,
    ("DELETE", "/zoning/floods/derivations/{job}"): PLANNER,
    ("GET", "/zoning/floods/{scenario_id}"): VIEWER,
    ("GET", "/zoning/floods/{scenario_id}/consequences"): VIEWER,
    ("POST", "/zoning/floods/{scenario_id}/enforce"): FLOOD_HANDS,
    ("POST", "/zoning/floods/{scenario_id}/lift"): FLOOD_HANDS,
    ("POST", "/dispatch/incidents"): DISPATCHER,
    ("GET", "/dispatch/incidents"): DISPATCHER,
    ("GET", "/dispatch/incidents/{incident_id}"): DISPATCHER,
    ("PATCH", "/dispatch/incidents/{incident_id}"): DISPATCHER,
    ("POST", "/dispatch/incidents/{incident_id}/close"): DISPATCHER,
    ("GET", "/dispatch/incidents/{incident_id}/report"): DISPATCHER,
    ("POST", "/dispatch/orders"): DISPATCHER,
    ("GET", "/dispatch/orders"): DISPATCHER,
    ("GET", "/dispatch/orders/{order_id}"): DISPATCHER,
    ("POST", "/dispatch/orders/{order_id}/confirm"): DISPATCHER,
    ("POST", "/dispatch/orders/{order_id}/cancel"): DISPATCHER,
    ("POST", "/dispatch/orders/{order_id}/finish"): DISPATCHER,
    ("POST", "/dispatch/orders/{order_id}/lines/{no}/{action}"): DISPATCHER,
    ("POST", "/dispatch/orders/{order_id}/teams/{no}/{action}"): DISPATCHER,
    ("GET", "/zoning/mines"): VIEWER,
    ("GET", "/zoning/mines/{mine_id}"): VIEWER,
    ("GET", "/zoning/mines/{mine_id}/versions"): VIEWER,
    ("POST", "/zoning/mines/{mine_id}/derivations"): PLANNER,
    ("GET", "/zoning/derivations"): MOVER,
    ("GET", "/zoning/derivations/{job}"): MOVER,
    ("DELETE", "/zoning/derivations/{job}"): PLANNER,
    ("GET", "/zoning/mines/{mine_id}/rasters"): VIEWER,
    ("POST", "/zoning/mines/{mine_id}/rasters"): SURVEYOR,
    ("POST", "/zoning/mines/{mine_id}/licence"): SURVEYOR,
    ("GET", "/zoning/mines/{mine_id}/compliance"): VIEWER,
    ("GET", "/zoning/mines/{mine_id}/shafts"): VIEWER,
    ("POST", "/zoning/mines/{mine_id}/rasters/interpolated"): SURVEYOR,
    ("DELETE", "/zoning/mines/{mine_id}/rasters/{raster_id}"): SURVEYOR,
    ("GET", "/zoning/versions/{version_id}"): VIEWER,
    ("GET", "/zoning/versions/{version_id}/zones"): VIEWER,
    ("GET", "/zoning/versions/{version_id}/cells"): VIEWER,
    ("GET", "/zoning/versions/{version_id}/evidence"): VIEWER,
    ("GET", "/zoning/versions/{version_id}/areas"): VIEWER,
    ("GET", "/zoning/versions/{version_id}/sheet"): VIEWER,
    ("GET", "/zoning/versions/{version_id}/report"): VIEWER,
    ("GET", "/zoning/versions/{version_id}/compare/{other}"): VIEWER,
    ("POST", "/zoning/versions/{version_id}/overrides"): PLANNER,
    ("DELETE", "/zoning/versions/{version_id}/overrides/{override_id}"): PLANNER,
    ("PUT", "/zoning/versions/{version_id}/zones"): PLANNER,
    ("POST", "/zoning/versions/{version_id}/zones/check"): PLANNER,
    ("POST", "/zoning/versions/{version_id}/{step}"): MOVER,
    ("GET", "/zoning/conversions"): VIEWER,
    ("POST", "/zoning/conversions"): PUBLISHER,
    ("GET", "/zoning/rulesets"): VIEWER,
    ("POST", "/zoning/rulesets/{code}"): PLANNER,
    ("GET", "/zoning/may"): VIEWER,
    ("POST", "/zoning/may"): VIEWER,
    # Partners post and fetch by their tokens; alerts/exchange.py knows them.
    ("POST", "/alerts"): EXCHANGE,
    ("GET", "/alerts/outbox"): EXCHANGE,
    ("POST", "/alerts/outbox/{outbox_id}/ack"): EXCHANGE,
    ("GET", "/alerts/exchange"): PUBLISHER,
    ("GET", "/alerts"): VIEWER,
    ("GET", "/alerts/{alert_id}"): VIEWER,
    ("POST", "/sensors/observations"): KEEPER,
    ("GET", "/sensors/{code}/observations"): VIEWER,
    ("GET", "/events"): BY_LAYER,
    ("GET", "/ogc"): PUBLIC,
    ("GET", "/ogc/"): PUBLIC,
    ("GET", "/ogc/conformance"): PUBLIC,
    ("GET", "/ogc/collections"): BY_LAYER,
    ("GET", "/ogc/collections/{layer_id}"): BY_LAYER,
    ("GET", "/ogc/collections/{layer_id}/schema"): BY_LAYER,
    ("GET", "/ogc/collections/{layer_id}/queryables"): BY_LAYER,
    ("GET", "/ogc/collections/{layer_id}/items"): BY_LAYER,
    ("GET", "/ogc/collections/{layer_id}/items/{feature_id}"): BY_LAYER,
    ("POST", "/ogc/collections/{layer_id}/items"): WRITER,
    ("PUT", "/ogc/collections/{layer_id}/items/{feature_id}"): WRITER,
    ("PATCH", "/ogc/collections/{layer_id}/items/{feature_id}"): WRITER,
    ("DELETE", "/ogc/collections/{layer_id}/items/{feature_id}"): WRITER,
    ("OPTIONS", "/ogc/collections/{layer_id}/items"): BY_LAYER,
    ("OPTIONS", "/ogc/collections/{layer_id}/items/{feature_id}"): BY_LAYER,
    ("GET", "/ogc/collections/{layer_id}/tiles"): BY_LAYER,
    ("GET", "/ogc/collections/{layer_id}/tiles/WebMercatorQuad"): BY_LAYER,
    ("GET", "/ogc/collections/{layer_id}/tiles/WebMercatorQuad/{zoom}/{row}/{col}"): BY_LAYER,
    ("GET", "/ogc/tileMatrixSets"): PUBLIC,
    ("GET", "/ogc/tileMatrixSets/WebMercatorQuad"): PUBLIC,
    ("GET", "/ogc/styles"): BY_LAYER,
    ("GET", "/ogc/styles/{layer_id}"): BY_LAYER,
    ("GET", "/exports/jobs"): PUBLISHER,
    ("POST", "/exports/jobs"): PUBLISHER,
    ("GET", "/exports/jobs/{job}"): PUBLISHER,
    ("PATCH", "/exports/jobs/{job}"): PUBLISHER,
    ("DELETE", "/exports/jobs/{job}"): PUBLISHER,
    ("GET", "/exports/jobs/{job}/runs"): PUBLISHER,
    ("POST", "/exports/jobs/{job}/runs"): PUBLISHER,
    ("GET", "/exports/{layer_id}"): BY_LAYER,
    ("GET", "/situation-map"): VIEWER,
}

# Answered while the database is away, to dispatchers that it knew when it last answered.
WITHOUT_DATABASE = {("GET", "/dispatch/book")}
# Open to programs of this machine too, while nobody comes by a proxy that runs on it.
FROM_HERE = {("GET", "/metrics")}
_SAFE = {"GET", "HEAD", "OPTIONS"}


async def enforce(request: Request) -> None:
    """Refuse a request that its route's rule does not allow.

    Raises
    ------
    SignInRequiredError, ForbiddenError
        Nobody is signed in; without the role; or another site's page sent the request.
    """
    route = request.method, request.scope["route"].path_format
    rule = ROUTES[route]
    if request.method not in _SAFE:
        refuse_other_sites(request, await current_actor(request))
    if route in FROM_HERE and is_own_machine(request):
        return
    if rule not in {PUBLIC, BY_LAYER}:
        who = current_or_last_actor if route in WITHOUT_DATABASE else current_actor
        refuse_without_role(await who(request), frozenset(rule))


def refuse_without_role(actor: Actor, roles: frozenset[str]) -> None:
    """Refuse an actor who holds none of the roles.

    Raises
    ------
    SignInRequiredError, ForbiddenError
        Nobody is signed in; without the role.
    """
    if actor.roles & roles or (PARTNER in roles and actor.grants is not None):
        return
    names = ", ".join(sorted(roles - {PARTNER}))
    if not actor.roles and actor.grants is None:
        raise SignInRequiredError(f"sign in with the role {names}", zh=f"请以角色 {names} 登录")
    raise ForbiddenError(f"this needs the role {names}", zh=f"此操作需要角色 {names}")


def refuse_other_sites(request: Request, actor: Actor) -> None:
    """Refuse a change that another site's page asks for with the visitor's cookie (CSRF).

    Browsers say where a request comes from; a session without that word is refused too. Tokens
    are not sent by browsers on their own, and need no such word.

    Raises
    ------
    ForbiddenError
        The request is not from our own page.
    """
    from_us = is_same_origin(request)
    if from_us is False or (from_us is None and actor.account_id is not None):
        public_url = request.app.state.settings.public_url
        raise ForbiddenError(
            f"this request does not come from a page of this service: open {public_url}/ "
            "(the address people use is set by GEOSERVICE_PUBLIC_URL)",
            zh=f"请求不是来自本服务的页面：请打开 {public_url}/"
            "（对外地址由 GEOSERVICE_PUBLIC_URL 设定）",
        )


def check_complete(app: FastAPI) -> None:
    """Compare the table with the routes that ``app`` serves.

    Raises
    ------
    SetupError
        A route has no rule, a rule has no route, or a route is out of the table's reach.
    """
    served: set[tuple[str, str]] = set()
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        # A mount or a prefix given on inclusion would slip past `enforce`.
        if not isinstance(route, APIRoute) or route.path_format != context.path_format:
            raise SetupError(
                f"access.py cannot guard the route {context.path}",
                zh=f"无法控制路由 {context.path}",
            )
        served |= {(method, route.path_format) for method in route.methods or ()}
    wrong = sorted(served ^ ROUTES.keys())
    if wrong:
        names = ", ".join(f"{method} {path}" for method, path in wrong)
        raise SetupError(
            f"access.py and the routes differ: {names}", zh=f"access.py 与路由不一致：{names}"
        )
