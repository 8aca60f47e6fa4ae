"""Cues with their times: the beats of one actor."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from datasets_spec.schema import CLIP_FPS, MAX_FRAMES
from tasks.direct.cue import Cue, DirectionError
from tasks.synthesize.actions.registry import action_spec
from tasks.synthesize.engine.take import Beat
from tasks.synthesize.scenes.chain import chain_seconds, way_between

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tasks.synthesize.engine.manner import Manner

__all__ = ["SHORTEST_S", "told_beats"]

SHORTEST_S: Final = 2.0
_LONGEST_S: Final = (MAX_FRAMES - 1) / CLIP_FPS
_OUTSIDE_S: Final = 2.5
"""A gait at an end of the clip has begun before it, or goes on after it."""
_SQUEEZE: Final = 0.94
"""Shortest share of its natural length to which an action may be squeezed."""
_FIXED: Final = frozenset(
    {"jump", "cartwheel", "fall", "get_up", "sit_down", "stand_up", "lie_down", "dodge"}
)
"""Actions that are over when they are over: longer scenes stretch the others."""
_RISING: Final = {
    ("sit", "get_up"): "stand_up",
    ("crouch", "get_up"): "stand_up",
    ("lie", "stand_up"): "get_up",
    ("kneel", "stand_up"): "get_up",
}
"""Who sits stands up, who lies or kneels gets up, whatever word is used for it."""


def told_beats(
    parts: Sequence[tuple[Cue, ...]], manner: Manner, seconds: Sequence[float | None]
) -> tuple[tuple[Beat, ...], float]:
    """Beats one after another.

    Args:
        parts: Cues of each part of the scene, in order.
        manner: Its tempo scales the lengths.
        seconds: Of each part; None = as long as its actions usually take.

    Returns:
        Beats, and the length of the scene in seconds.

    Raises:
        DirectionError: If a part needs longer.
    """
    rows = _connected(parts)
    limits = np.array(chain_seconds([cue.action for row in rows for cue in row])) / manner.tempo
    beats: list[Beat] = []
    now, done = 0.0, 0
    for cues, row, wanted in zip(parts, rows, seconds, strict=True):
        low, high = limits[done : done + len(row)].T
        began = now
        done += len(row)
        if wanted is None:
            wanted = min(0.5 * float(low.sum() + high.sum()), _LONGEST_S - now)  # noqa: PLW2901
        lengths = _lengths([cue.action for cue in row], low, high, min(wanted, _LONGEST_S - now))
        for cue, length in zip(row, lengths, strict=True):
            beats.append(Beat(action=cue.action, start_s=now, end_s=now + length, **cue.wishes))
            beats += _laid_over(cues, cue, now, now + length)
            now += length
        # what is over before its time is followed by rest
        now = max(now, began + min(wanted, _LONGEST_S - began))
    end = min(max(now, SHORTEST_S), _LONGEST_S)
    return tuple(_open_ends(beats, end)), end


def _open_ends(beats: Sequence[Beat], end_s: float) -> list[Beat]:
    """Who walks in the first frame came walking, who walks in the last one goes on."""
    out = []
    last = max(beat.end_s for beat in beats)
    for beat in beats:
        travels = action_spec(beat.action).kind == "travel"
        start = beat.start_s - _OUTSIDE_S if travels and beat.start_s == 0.0 else beat.start_s
        stop = end_s + _OUTSIDE_S if travels and beat.end_s == last else beat.end_s
        out.append(replace(beat, start_s=start, end_s=stop))
    return out


def _connected(parts: Sequence[tuple[Cue, ...]]) -> list[list[Cue]]:
    """Cues that follow one another, with what leads from each stance to the next."""
    rows: list[list[Cue]] = []
    before: Cue | None = None
    stance, variant = action_spec(parts[0][0].action).enter, ""
    for cues in parts:
        row: list[Cue] = []
        for said in cues:
            cue = replace(said, action=_RISING.get((stance, said.action), said.action))
            spec = action_spec(cue.action)
            if cue.during and before is not None and _goes_over(cue, before):
                continue
            row += [_way(name, variant) for name in way_between(stance, spec)]
            row.append(cue if cue.wishes.get("style") else _way(cue.action, variant, cue))
            before = row[-1]
            if spec.kind == "stance":
                variant = before.wishes.get("style", "") if spec.leave != "stand" else ""
            stance = stance if spec.kind == "upper" else spec.leave
        rows.append(row)
    return rows


def _way(action: str, variant: str, cue: Cue | None = None) -> Cue:
    """An action in the variant of the stance: who sat down on the floor rises from there."""
    wishes: dict[str, Any] = dict(cue.wishes) if cue else {}
    spec = action_spec(action)
    if variant in spec.styles and spec.kind == "stance" and spec.enter != "stand":
        wishes["style"] = variant
    return Cue(action=action, wishes=wishes)


def _goes_over(cue: Cue, ground: Cue) -> bool:
    stance = {"idle": "stand"}.get(ground.action, ground.action)
    return stance in action_spec(cue.action).over


def _laid_over(cues: Sequence[Cue], ground: Cue, start: float, stop: float) -> list[Beat]:
    """What arms and head do at the same time, where the sentence says "while"."""
    following = [
        after
        for before, after in pairwise(cues)
        if before.action == ground.action and after.during and _goes_over(after, ground)
    ]
    beats = []
    for cue in following[:1]:
        low, high = action_spec(cue.action).seconds
        length = min(high, stop - start - 0.6)
        if length < _SQUEEZE * low:
            msg = (
                f"expected at least {low + 0.6:.1f} s of {ground.action} for {cue.action}, got "
                f"{stop - start:.1f} s; ask for more seconds"
            )
            raise DirectionError(msg)
        first = start + 0.5 * (stop - start - length)
        beats.append(Beat(action=cue.action, start_s=first, end_s=first + length, **cue.wishes))
    return beats


def _lengths(
    names: Sequence[str], low: NDArray[np.float64], high: NDArray[np.float64], wanted: float
) -> list[float]:
    """Seconds of every action, all together as near to `wanted` as they allow.

    Raises:
        DirectionError: If they need longer.
    """
    if not names:
        return []
    least = float(_SQUEEZE * low.sum())
    if wanted < least:
        msg = (
            f"expected at least {least:.1f} seconds for {', '.join(names)}, got {wanted:.1f} "
            f"(of {MAX_FRAMES / CLIP_FPS:g} at most); ask for more time or for fewer actions"
        )
        raise DirectionError(msg)
    if wanted <= low.sum():
        return [float(x) for x in low * (wanted / low.sum())]
    share = min((wanted - low.sum()) / max(float((high - low).sum()), 1e-9), 1.0)
    lengths = low + share * (high - low)
    longer = np.array([name not in _FIXED for name in names])
    spare = max(wanted - float(lengths.sum()), 0.0)
    if longer.any():
        lengths = lengths + longer * spare / longer.sum()
    return [float(x) for x in lengths]
