"""`/metrics`, for Prometheus."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from geoservice.auth import door_pool_of, settings_of
from geoservice.metrics.counting import registry
from geoservice.metrics.lagging import Lagging
from geoservice.parameters import NoQuery

router = APIRouter(tags=["health"])


@router.get(
    "/metrics",
    summary="运行指标（Prometheus） · metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
def metrics(request: Request, _: Annotated[NoQuery, Query()]) -> Response:
    """Return requests by route and status, waits for connections, tiles, and what lags behind.

    Counts are sums over all workers since the service began. Open to this machine while the
    service's address is of this machine, else to administrators.
    """
    request.app.state.sampler.sample()
    lagging = CollectorRegistry()
    lagging.register(Lagging(door_pool_of(request), settings_of(request).home, datetime.now(UTC)))
    text = generate_latest(registry()) + generate_latest(lagging)
    return Response(text, media_type=CONTENT_TYPE_LATEST)
