"""Villages below flash floods: from which rain or stage on people get ready, and go (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geoservice.sensors.rain import EXAMPLE_MM
from geoservice.sensors.thresholds import rank

SPANS_MIN = (30, 60, 180, 360, 1440)
PREPARE, TRANSFER = "orange", "red"


@dataclass(frozen=True)
class VillageGauge:
    """A village and one gauge that speaks for it; ``prepare_mm`` and ``transfer_mm`` by span.

    ``level`` and ``reference`` are what was told last, None: nothing stands.
    """

    id: int
    code: str
    name: str
    town_code: str | None
    secrecy: str
    is_demo: bool
    lon: float
    lat: float
    population: int | None
    is_verified: bool
    source_doc: str
    prepare_mm: Sequence[float | None]
    transfer_mm: Sequence[float | None]
    prepare_stage_m: float | None
    transfer_stage_m: float | None
    level: str | None
    reference: str | None
    sensor_id: int
    sensor_code: str
    sensor: str
    kind: str

    @property
    def has_own(self) -> bool:
        """Whether it has thresholds of its own; else the published example table counts."""
        limits = (*self.prepare_mm, *self.transfer_mm, self.prepare_stage_m, self.transfer_stage_m)
        return any(it is not None for it in limits)


@dataclass(frozen=True)
class Measured:
    """What a gauge measured: rain (mm) of the last minutes by span, and its last reading."""

    sensor_id: int
    fallen_mm: Sequence[float]
    last: float | None


@dataclass(frozen=True)
class Verdict:
    """The level of a village and what decides it; ``span_min`` None is a stage (m)."""

    level: str
    gauge: VillageGauge
    span_min: int | None
    amount: float
    limit: float


def verdict_of(gauges: Sequence[VillageGauge], measured: Mapping[int, Measured]) -> Verdict | None:
    """Return the worst that any gauge of one village says; None below every threshold."""
    found = [
        it
        for gauge in gauges
        if (seen := measured.get(gauge.sensor_id)) is not None
        for it in _met(gauge, seen)
    ]
    return max(found, key=lambda it: (rank(it.level), it.amount / it.limit), default=None)


def _met(gauge: VillageGauge, seen: Measured) -> list[Verdict]:
    if gauge.kind == "stage":
        limits = {PREPARE: gauge.prepare_stage_m, TRANSFER: gauge.transfer_stage_m}
        return [
            Verdict(level, gauge, None, seen.last, limit)
            for level, limit in limits.items()
            if limit is not None and seen.last is not None and seen.last >= limit
        ]
    return [
        Verdict(level, gauge, span, amount, limit)
        for level, limits in _rain_limits(gauge).items()
        for span, amount, limit in zip(SPANS_MIN, seen.fallen_mm, limits, strict=True)
        if limit is not None and amount >= limit
    ]


def _rain_limits(gauge: VillageGauge) -> Mapping[str, Sequence[float | None]]:
    if gauge.has_own:
        return {PREPARE: gauge.prepare_mm, TRANSFER: gauge.transfer_mm}
    return {
        level: [limits.get(span // 60) if span >= 60 else None for span in SPANS_MIN]
        for level, limits in EXAMPLE_MM.items()
    }
