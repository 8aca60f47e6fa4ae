"""Camera moves that follow what is done."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from datasets_spec.shot import EASINGS, Shot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks.synthesize.engine.take import Deed

__all__ = ["scene_shots"]

_SHORTEST_S: Final = 1.6
"""A shorter move reads as a mistake."""
_USUAL_SHOT_S: Final = 3.2
_MAX_SHOTS: Final = 3
_FOLLOW_SHARE: Final = 0.35
"""Share of shots of a scene of several that keep to one actor."""

_TRAVEL: Final = frozenset(
    {
        *("walk", "walk_backward", "sidestep", "run", "run_backward", "sprint", "march", "skip"),
        *("hop", "limp", "stagger", "crawl", "carry", "push", "dribble", "swim"),
    }
)
_ROUND: Final = frozenset({"dance", "fight", "punch", "kick", "turn", "celebrate", "swing_bat"})
_HIGH: Final = frozenset(
    {"jump", "climb", "fly", "cartwheel", "fall", "get_up", "stand_up", "lie_down", "kneel"}
)
_Weights = tuple[tuple[str, float], ...]
_MOVES: Final[dict[str, _Weights]] = {
    "travel": (("track", 6.0), ("dolly", 1.5), ("crane", 1.0), ("pan", 1.0), ("zoom", 0.5)),
    "round": (("orbit", 5.0), ("dolly", 1.5), ("zoom", 1.5), ("track", 1.0), ("crane", 1.0)),
    "high": (("crane", 5.0), ("zoom", 1.5), ("track", 1.5), ("dolly", 1.0), ("orbit", 1.0)),
    "gesture": (("dolly", 3.0), ("zoom", 3.0), ("static", 1.5), ("orbit", 1.0), ("pan", 1.5)),
}
_AMOUNTS: Final[dict[str, tuple[float, float]]] = {
    "pan": (0.4, 1.1),
    "zoom": (1.2, 1.6),
    "dolly": (1.2, 1.5),
    "track": (0.15, 0.55),
    "crane": (0.3, 0.8),
    "orbit": (1.4, 3.6),
}
_SIGNED: Final = frozenset({"pan", "crane", "orbit"})
_CLOSING: Final = frozenset({"zoom", "dolly"})


@dataclass(frozen=True, kw_only=True, slots=True)
class _Span:
    """A stretch of the clip, and what is mainly done in it."""

    start_s: float
    end_s: float
    actor: int
    action: str


def scene_shots(
    deeds: Sequence[Sequence[Deed]],
    duration_s: float,
    rng: np.random.Generator,
    *,
    static_share: float = 0.4,
) -> tuple[Shot, ...]:
    """Shots of a clip.

    Args:
        deeds: Of each actor.
        duration_s: Length of the clip.
        rng: Chooses.
        static_share: Share of clips whose camera stands still, 0..1.

    Returns:
        None for a still camera, else one to three in time order that cover the clip.

    Raises:
        ValueError: If the share lies outside 0..1.
    """
    if not 0.0 <= static_share <= 1.0:
        msg = f"expected a share of still cameras in 0..1, got {static_share}"
        raise ValueError(msg)
    if rng.uniform() < static_share or duration_s < _SHORTEST_S:
        return ()
    spans = _spans(deeds, duration_s, rng)
    shots: list[Shot] = []
    for number, span in enumerate(spans):
        before = spans[number - 1] if number else None
        shots.append(_shot(span, before, rng, num_actors=len(deeds)))
    return tuple(shots)


def _spans(
    deeds: Sequence[Sequence[Deed]], duration_s: float, rng: np.random.Generator
) -> list[_Span]:
    most = min(_MAX_SHOTS, max(1, int(duration_s / _USUAL_SHOT_S + 0.5)))
    count = int(rng.integers(1, most + 1))
    starts = sorted({d.start_s for own in deeds for d in own if 0.0 < d.start_s < duration_s})
    edges = [0.0]
    for k in range(1, count):
        even = duration_s * k / count
        near = min(starts, key=lambda start: abs(start - even), default=even)
        cut = near if abs(near - even) < duration_s / (2 * count) else even
        if cut - edges[-1] >= _SHORTEST_S and duration_s - cut >= _SHORTEST_S:
            edges.append(cut)
    edges.append(duration_s)
    return [_main(deeds, low, high) for low, high in pairwise(edges)]


def _main(deeds: Sequence[Sequence[Deed]], start_s: float, end_s: float) -> _Span:
    """A span, and who does what in most of it; standing counts little."""
    best, actor, action = 0.0, 0, "idle"
    for number, own in enumerate(deeds):
        for deed in own:
            shared = min(deed.end_s, end_s) - max(deed.start_s, start_s)
            weight = shared * (0.2 if deed.action == "idle" else 1.0)
            if weight > best:
                best, actor, action = weight, number, deed.action
    return _Span(start_s=start_s, end_s=end_s, actor=actor, action=action)


def _family(action: str) -> str:
    for name, actions in (("travel", _TRAVEL), ("round", _ROUND), ("high", _HIGH)):
        if action in actions:
            return name
    return "gesture"


def _shot(span: _Span, before: _Span | None, rng: np.random.Generator, *, num_actors: int) -> Shot:
    weights = _MOVES[_family(span.action)]
    chance = rng.uniform(size=6)
    totals = np.cumsum([weight for _, weight in weights])
    move = weights[int(np.searchsorted(totals, chance[0] * totals[-1], side="right"))][0]
    follow = span.actor if num_actors > 1 and chance[1] < _FOLLOW_SHARE else None
    if before is not None and before.actor != span.actor and chance[2] < 0.5:
        # the eye goes over to whoever acts now
        move, follow = "pan", span.actor
    amount = 0.0
    if move in _AMOUNTS:
        low, high = _AMOUNTS[move]
        amount = low + (high - low) * float(chance[3])
    outwards = chance[4] < 0.3
    if move in _SIGNED and chance[4] < 0.5:
        amount = -amount
    if move in _CLOSING and outwards:
        amount = 1.0 / amount
    return Shot(
        move=move,
        start_s=span.start_s,
        end_s=span.end_s,
        amount=amount,
        easing=EASINGS[int(chance[5] * len(EASINGS))] if chance[1] < 0.6 else "ease_in_out",
        follow=follow,
    )
