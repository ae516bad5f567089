"""People to shelters, exactly: a transport problem, solved by HiGHS in whole people (pure).

The aims, in their order: most people in a shelter in time; most in one at all; the least
person-seconds on the road. Between equal answers shelters, then settlements, come in the order
given. Its matrix is totally unimodular, so the linear program has whole numbers for an answer.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array

Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Transport:
    """The problem.

    Parameters
    ----------
    people
        Of each settlement, shape ``(n,)``.
    capacity
        Of each shelter, shape ``(m,)``.
    time_s
        Whole seconds from each settlement to each shelter, shape ``(n, m)``, negative where no
        way leads there.
    in_time
        Whether who goes there is in time, shape ``(n, m)``.
    """

    people: Whole
    capacity: Whole
    time_s: Whole
    in_time: Flags

    def __post_init__(self) -> None:
        """Refuse arrays that do not belong together."""
        shape = (self.people.size, self.capacity.size)
        if self.time_s.shape != shape or self.in_time.shape != shape:
            raise ValueError(f"times are not of {shape[0]} settlements to {shape[1]} shelters")
        if (self.people < 0).any() or (self.capacity < 0).any():
            raise ValueError("people and capacities are not negative")


@dataclass(frozen=True, eq=False)
class _Arcs:
    """The pairs that anybody may take, and their rows in the program."""

    group: NDArray[np.intp]
    shelter: NDArray[np.intp]
    rows: "csr_array[np.float64, tuple[int, int]]"
    limits: Floats


def place(problem: Transport) -> Whole:
    """Return how many of each settlement go to each shelter, shape ``(n, m)``.

    No settlement or shelter gives an empty array; who finds no room stays where he is.
    """
    flow = np.zeros(problem.time_s.shape, np.int64)
    arcs = _arcs(problem)
    if arcs.group.size == 0:
        return flow
    cost = _costs(problem, arcs)
    best = _solve(cost, A_ub=arcs.rows, b_ub=arcs.limits)
    if best.status != 0:  # cannot be: nobody going is an answer, and people are finite
        raise RuntimeError(f"HiGHS: {best.message}")
    # At a vertex of a transport problem with whole costs the duals are whole numbers too.
    duals = np.round(best.ineqlin.marginals)
    is_optimal = cost - arcs.rows.T @ duals <= 0
    flow[arcs.group, arcs.shelter] = _first_of_equals(arcs, duals, is_optimal, best.x)
    return flow


def _solve(cost: Floats, **program: Any) -> Any:
    """Return what HiGHS's simplex finds: a vertex."""
    return linprog(cost, method="highs-ds", **program)


def _arcs(problem: Transport) -> _Arcs:
    n, m = problem.time_s.shape
    can_go = (problem.time_s >= 0) & (problem.people > 0)[:, None] & (problem.capacity > 0)
    group, shelter = np.nonzero(can_go)
    ones = np.ones(2 * group.size)
    column = np.tile(np.arange(group.size), 2)
    rows = csr_array((ones, (np.concatenate([group, n + shelter]), column)), (n + m, group.size))
    limits = np.concatenate([problem.people, problem.capacity]).astype(float)
    return _Arcs(group, shelter, rows, limits)


def _costs(problem: Transport, arcs: _Arcs) -> Floats:
    """Weigh the aims so that no gain of a later one outweighs one person of an earlier.

    Two answers differ by circuits, each of which passes a settlement or a shelter once: so many
    times the longest way is the most that one person moved can change.
    """
    time_s = problem.time_s[arcs.group, arcs.shelter].astype(float)
    most = (2 * min(problem.time_s.shape) + 3) * (time_s.max() + 1)
    in_time: Flags = problem.in_time[arcs.group, arcs.shelter]
    found: Floats = time_s - most - np.where(in_time, 2 * most, 0.0)
    return found


def _first_of_equals(arcs: _Arcs, duals: Floats, is_optimal: Flags, found: Floats) -> Whole:
    """Return, of all answers that are as good, the one that keeps to the order given."""
    n = arcs.group.max() + 1
    order = arcs.shelter * (n + 1.0) + arcs.group * (arcs.shelter + 1.0)
    upper = np.where(is_optimal, np.inf, 0.0)
    tight = duals < 0  # full in every best answer
    again = _solve(
        order,
        A_ub=arcs.rows[~tight],
        b_ub=arcs.limits[~tight],
        A_eq=arcs.rows[tight],
        b_eq=arcs.limits[tight],
        bounds=np.column_stack([np.zeros(upper.size), upper]),
    )
    return np.round(again.x if again.status == 0 else found).astype(np.int64)
