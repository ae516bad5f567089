"""Demands that compete, as one linear model for HiGHS (pure).

Columns: what each arc meets, what it takes where that is something else (a substitute), what is
short, what is made, and whether a depot is sent at all. With one for one this is a transport
problem, whose best corners are whole numbers by themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp
from scipy.sparse import coo_array, csr_array

from geoservice.plans.arrays import Arrays

Floats = NDArray[np.float64]
# HiGHS works to a millionth: larger numbers than this are made smaller for it.
_LARGEST = 1e6
_TOLERANCE = 1e-7
_OUT_OF_TIME = 1  # a status of scipy.optimize.milp


@dataclass(frozen=True, eq=False)
class Best:
    """The columns of the best found, its value, and the least that any other can have."""

    x: Floats
    value: float
    bound: float

    @property
    def gap(self) -> float:
        """By what part of its value one not found may be better; 0 where none is."""
        room = self.value - self.bound
        if room <= _slack(self.value):
            return 0.0
        return min(float(room / abs(self.value)), 1.0) if np.isfinite(room) and self.value else 1.0


@dataclass(frozen=True, eq=False)
class Held:
    """An aim, and the value that is to be kept."""

    aim: Floats
    value: float


@dataclass(frozen=True)
class Rows:
    """Rows of the model being put together: entries and the bounds of each."""

    entries: list[tuple[int, int, float]] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)

    def add(self, entries: list[tuple[int, float]], lower: float, upper: float) -> None:
        """Add one row."""
        self.entries.extend((len(self.lower), column, value) for column, value in entries)
        self.lower.append(lower)
        self.upper.append(upper)

    def constraint(self, columns: int) -> LinearConstraint:
        """Return them as HiGHS takes them."""
        row, column, value = zip(*self.entries, strict=True) if self.entries else ((), (), ())
        matrix = coo_array((value, (row, column)), shape=(len(self.lower), columns))
        return LinearConstraint(csr_array(matrix), self.lower, self.upper)


class Model:
    """The constraints of a problem, to be searched by one aim after the other.

    Parameters
    ----------
    time_limit_s
        For each search by whole numbers together, and for each other; ``was_cut_short`` tells
        whether one of the latter ended without any answer by then.
    """

    def __init__(self, arrays: Arrays, *, time_limit_s: float) -> None:
        self.arrays = arrays
        self.time_limit_s = time_limit_s
        self.was_cut_short = False
        self.scale = max(1.0, float(arrays.need.max(initial=1)) / _LARGEST)
        self.exchanged = [a for a, ratio in enumerate(arrays.ratio) if ratio != 1]
        arcs, trips = arrays.arc_pool.size, int(arrays.trip.max(initial=-1)) + 1
        sizes = (arcs, len(self.exchanged), arrays.need.size, arrays.make_most.size, trips)
        ends = np.cumsum((0, *sizes)).tolist()
        self.meets, self.takes, self.short, self.made, self.sent = (
            slice(start, end) for start, end in pairwise(ends)
        )
        self.columns = ends[-1]

    @property
    def trips(self) -> int:
        """Number of ways from a depot to an incident."""
        return len(range(self.columns)[self.sent])

    def along(self, part: slice, values: Floats) -> Floats:
        """Return an aim that counts only one part of the columns."""
        aim = np.zeros(self.columns)
        aim[part] = values
        return aim

    def search(
        self,
        aim: Floats,
        upper: Floats,
        held: Sequence[Held],
        *,
        share: float = 1.0,
        counts_trips: bool = False,
    ) -> Best | None:
        """Return the best by an aim; None where there is none, or none was found in the time.

        Parameters
        ----------
        held
            Aims by which it may not do worse than this.
        upper
            The most of each column: 0 closes an arc or keeps a depot at home.
        share
            The part of the time limit that this search may take.
        counts_trips
            Whether a depot is sent whole or not at all.
        """
        rules = [self._rows, self._trips] if counts_trips else [self._rows]
        kept = [LinearConstraint(it.aim[None, :], ub=it.value + _slack(it.value)) for it in held]
        whole = np.zeros(self.columns)
        if self.exchanged:
            whole[self.meets], whole[self.takes] = 1, 1
        whole[self.sent] = counts_trips
        found: OptimizeResult = milp(
            aim,
            constraints=[*rules, *kept],
            integrality=whole,
            bounds=Bounds(0, upper),
            options={"time_limit": self.time_limit_s * share, "mip_rel_gap": 0.0},
        )
        if found.x is None:
            self.was_cut_short |= found.status == _OUT_OF_TIME and not counts_trips
            return None
        return Best(found.x, float(found.fun), _bound_of(found))

    @cached_property
    def upper(self) -> Floats:
        """The most of each column, with everything open."""
        it, upper = self.arrays, np.ones(self.columns)
        upper[self.meets] = self._most()
        upper[self.takes] = it.supply[it.arc_pool[self.exchanged]] / self.scale
        upper[self.short] = it.need / self.scale
        upper[self.made] = it.make_most / self.scale
        return upper

    def _most(self) -> Floats:
        """Return the most that each arc can meet."""
        it = self.arrays
        held = it.supply[it.arc_pool] / np.array([float(ratio) for ratio in it.ratio])
        most: Floats = np.minimum(it.need[it.arc_demand], held) / self.scale
        return most

    @cached_property
    def _trips(self) -> LinearConstraint:
        """Nothing goes by an arc whose depot is not sent."""
        rows = Rows()
        for a, most in enumerate(self._most().tolist()):
            rows.add([(a, 1.0), (self.sent.start + int(self.arrays.trip[a]), -most)], -np.inf, 0)
        return rows.constraint(self.columns)

    @cached_property
    def _rows(self) -> LinearConstraint:
        it, rows = self.arrays, Rows()
        column = {a: self.takes.start + i for i, a in enumerate(self.exchanged)}
        for p, supply in enumerate((it.supply / self.scale).tolist()):
            arcs = np.flatnonzero(it.arc_pool == p).tolist()
            rows.add([(column.get(a, a), 1.0) for a in arcs], -np.inf, supply)
        for d, need in enumerate((it.need / self.scale).tolist()):
            met = np.flatnonzero(it.arc_demand == d).tolist()
            made = (self.made.start + np.flatnonzero(it.make_demand == d)).tolist()
            rows.add([(c, 1.0) for c in (*met, *made, self.short.start + d)], need, need)
        for a in self.exchanged:
            rows.add([(column[a], 1.0), (a, -float(it.ratio[a]))], 0, np.inf)
        self._add_makers(rows)
        return rows.constraint(self.columns)

    def _add_makers(self, rows: Rows) -> None:
        """Bound what is made by each deadline: all that is due as early, together."""
        it = self.arrays
        for m in range(it.make_most.size):
            most = it.make_most[m]
            due = np.flatnonzero((it.make_maker == it.make_maker[m]) & (it.make_most <= most))
            entries = [(self.made.start + i, 1.0) for i in due.tolist()]
            rows.add(entries, -np.inf, float(most) / self.scale)


def _slack(value: float) -> float:
    return _TOLERANCE * max(1.0, abs(value))


def _bound_of(found: OptimizeResult) -> float:
    """Return the value where it is proven, else what nothing can be below."""
    if found.status == 0:
        return float(found.fun)
    bound = getattr(found, "mip_dual_bound", None)
    return -np.inf if bound is None else float(bound)
