"""How many clips of each action and source fit under caps that must hold on the outcome."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Caps", "cell_quotas", "feasible_caps"]

_ROUND_UP: Final = 10_000
"""A cap that must give way is rounded up to a ten-thousandth."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Caps:
    """Largest share of the set that one action, one source may have; exact."""

    action: Fraction
    source: Fraction


def feasible_caps(
    available: NDArray[np.int64], *, action_share: float, source_share: float
) -> tuple[Caps, str]:
    """Raise the caps as little as needed for any set to exist.

    With k actions no cap below 1 / k can hold, likewise for sources. If both caps can hold alone
    but not together (a source that has a single action), the one for sources gives way.

    Args:
        available: Clips of each action (rows) and source (columns).
        action_share: Wanted cap for an action, in (0, 1].
        source_share: Wanted cap for a source, in (0, 1].

    Returns:
        The caps, and one line that says what was raised and why; empty if nothing was.
    """
    num_actions = int((available.sum(axis=1) > 0).sum())
    num_sources = int((available.sum(axis=0) > 0).sum())
    # through text: 0.15 is meant as 15 / 100, not as the binary number next to it
    action, source = Fraction(str(action_share)), Fraction(str(source_share))
    notes = []
    if num_actions and action * num_actions < 1:
        action = Fraction(1, num_actions)
        notes.append(f"action cap {action_share:g} raised to 1/{num_actions}: so few actions")
    if num_sources and source * num_sources < 1:
        source = Fraction(1, num_sources)
        notes.append(f"source cap {source_share:g} raised to 1/{num_sources}: so few sources")
    if num_actions:
        least = _least_source_cap(available > 0, action)
        if least > source:
            source = least
            notes.append(
                f"source cap {source_share:g} raised to {float(least):.4f}: "
                "other sources have too few actions"
            )
    return Caps(action=action, source=source), "; ".join(notes)


def _least_source_cap(support: NDArray[np.bool_], action: Fraction) -> Fraction:
    """Smallest cap for sources under which shares of the cells can sum to one."""
    cells = np.argwhere(support)
    num = len(cells)
    rows = np.zeros((support.shape[0] + support.shape[1], num + 1))
    rows[cells[:, 0], np.arange(num)] = 1.0
    rows[support.shape[0] + cells[:, 1], np.arange(num)] = 1.0
    rows[support.shape[0] :, num] = -1.0
    limits = np.concatenate([np.full(support.shape[0], float(action)), np.zeros(support.shape[1])])
    total = np.append(np.ones(num), 0.0)[None, :]
    goal = np.append(np.zeros(num), 1.0)
    # the action cap as a float may be a hair too low for k equal shares
    answer = linprog(goal, A_ub=rows, b_ub=limits + 1e-12, A_eq=total, b_eq=[1.0], method="highs")
    if not answer.success or answer.fun is None:
        return Fraction(1)
    least = Fraction(int(np.ceil(float(answer.fun) * _ROUND_UP - 1e-6)), _ROUND_UP)
    return min(Fraction(1), least)


def cell_quotas(
    available: NDArray[np.int64], caps: Caps, *, at_most: int | None = None
) -> NDArray[np.int64]:
    """Fill the largest set under the caps, and spread it over the cells as evenly as that allows.

    The caps are shares of the outcome: starting from everything, the set is shrunk to what
    fits under the caps of its own size until it no longer shrinks. Each step is a maximum flow
    from actions to sources, so the result is the largest set there is. Then the largest cell is
    lowered as far as the size of the set stays.

    Args:
        available: Clips of each action (rows) and source (columns).
        caps: As `feasible_caps` gives them.
        at_most: Start from this size instead of everything.

    Returns:
        Clips to take of each cell, same shape.
    """
    size = int(available.sum()) if at_most is None else at_most
    while True:
        quotas = _flow(available, caps, size)
        if int(quotas.sum()) >= size:
            break
        size = int(quotas.sum())
    low, high = 0, int(available.max(initial=0))
    while low < high:
        level = (low + high) // 2
        lowered = _flow(np.minimum(available, level), caps, size)
        if int(lowered.sum()) >= size:
            high, quotas = level, lowered
        else:
            low = level + 1
    return quotas


def _flow(available: NDArray[np.int64], caps: Caps, size: int) -> NDArray[np.int64]:
    """Fill cells for a set of `size` clips: largest sum under the limits, at most `size`."""
    num_actions, num_sources = available.shape
    end = num_actions + num_sources
    origin, gate = end + 1, end + 2
    # nodes: actions, sources, end, origin, and a gate that limits the whole
    limits = np.zeros((gate + 1, gate + 1), dtype=np.int32)
    limits[origin, gate] = size
    limits[gate, :num_actions] = int(caps.action * size)
    limits[:num_actions, num_actions:end] = available
    limits[num_actions:end, end] = int(caps.source * size)
    flow = maximum_flow(csr_array(limits), origin, end).flow
    dense = np.asarray(flow.todense(), dtype=np.int64)
    return np.maximum(dense[:num_actions, num_actions:end], 0)
