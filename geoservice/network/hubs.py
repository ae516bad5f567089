"""Whether there is a way at all: asked of one arc in the middle of the network, once (pure)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geoservice.network.graph import Ints
from geoservice.network.routing import Landings, Weights, joined_backwards, joined_outwards

_TRIED = 5


@dataclass(frozen=True, eq=False)
class Hub:
    """Which arcs lead on to a certain arc, and which can be driven to from there."""

    leads: NDArray[np.bool_]
    follows: NDArray[np.bool_]

    def is_home(self, incident: Ints) -> bool:
        """Return whether an incident is reached from just the arcs that lead to the hub."""
        return bool(incident.size and self.leads[incident].all() and self.follows[incident].any())


def find_hub(weights: Weights) -> Hub:
    """Return a hub of the largest part that hangs together, of the few arcs that are tried."""
    network = weights.network
    usable = np.flatnonzero(network.is_left & network.is_entered & np.isfinite(weights.arc_s))
    best, most = Hub(np.zeros(network.arcs, bool), np.zeros(network.arcs, bool)), -1
    for i in range(min(_TRIED, usable.size)):
        arc = usable[[(2 * i + 1) * usable.size // (2 * _TRIED)]].astype(np.int32)
        hub = Hub(joined_backwards(weights, arc), joined_outwards(weights, arc))
        size = int((hub.leads & hub.follows).sum())
        if size > most:
            best, most = hub, size
        if 2 * most > usable.size:
            break
    return best


def can_come(
    weights: Weights, hub: Hub, incident: Landings, places: Landings, count: int
) -> NDArray[np.bool_]:
    """Return for each place whether some open road leads from it to the incident, however far."""
    found = np.zeros(count, bool)
    if incident.arc.size == 0 or places.arc.size == 0:
        return found
    is_home = hub.is_home(incident.arc)
    leads = hub.leads if is_home else joined_backwards(weights, incident.arc)
    found[places.place[leads[places.arc]]] = True
    for arc, fraction in zip(incident.arc.tolist(), incident.fraction.tolist(), strict=True):
        ahead = (places.arc == arc) & (places.fraction <= fraction + 1e-12)
        found[places.place[ahead]] = True
    return found
