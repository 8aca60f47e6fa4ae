"""The seven camera moves: what each asks of the picture's centre and size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from datasets_spec.schema import CLIP_FPS
from tasks.retarget.framing import Framing, fit_half, union_box

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from datasets_spec.shot import Shot

    Bodies = Sequence[NDArray[np.float64]]
    Floats = NDArray[np.float64]

__all__ = ["MOVES", "ease_progress"]

_HALF: Final = 1.0
"""Half height of the picture at zoom 1, H."""
_FOCUS_Y: Final = 0.72
"""Where a picture that closes in looks: the chest of a standing figure, H."""
_USUAL: Final = {"pan": 0.8, "zoom": 1.45, "dolly": 1.35, "track": 0.35, "crane": 0.6, "orbit": 2.4}
"""Amounts where a shot names none, by eye."""
_STEADY_S: Final = 0.5
"""A camera that goes with somebody follows the course, not every step."""
_ORBIT_SWING_H: Final = 0.28
_ORBIT_DEPTH: Final = 0.18
"""How far an orbit swings aside, and by which share its distance grows, by eye."""


def ease_progress(u: Floats, easing: str) -> Floats:
    """Progress 0..1 of a move at the share `u` of its time, shape of `u`.

    Cubic easing; ease_in_out joins two cubics in the middle.
    """
    v = np.clip(u, 0.0, 1.0)
    if easing == "ease_in":
        return np.asarray(v**3)
    if easing == "ease_out":
        return np.asarray(1.0 - (1.0 - v) ** 3)
    if easing == "ease_in_out":
        return np.where(v < 0.5, 4.0 * v**3, 1.0 - 4.0 * (1.0 - v) ** 3)
    return v


def _progress(shot: Shot, t: Floats) -> Floats:
    return ease_progress((t - shot.start_s) / (shot.end_s - shot.start_s), shot.easing)


def _amount(shot: Shot) -> float:
    return shot.amount or _USUAL[shot.move]


def _box(bodies: Bodies, shot: Shot) -> Floats:
    one = shot.follow
    chosen = bodies if one is None or one >= len(bodies) else [bodies[one]]
    return union_box(chosen)


def _hull(box: Floats) -> Floats:
    return np.concatenate([box[:, :2].min(axis=0), box[:, 2:].max(axis=0)])


def _middle(box: Floats) -> Floats:
    return np.asarray((box[..., :2] + box[..., 2:]) / 2.0)


def _lagged(values: Floats, lag_s: float) -> Floats:
    """Causal exponential mean over rows, begun at rest on the first row."""
    decay = np.exp(-1.0 / (lag_s * CLIP_FPS)) if lag_s > 0 else 0.0
    weights = (1.0 - decay) * decay ** np.arange(len(values))
    away = values - values[:1]
    columns = [np.convolve(column, weights)[: len(values)] for column in away.T]
    return np.stack(columns, axis=1) + values[:1]


def _framing(box: Floats, centre: Floats, half: Floats | float) -> Framing:
    halves = np.broadcast_to(half, (len(box),))
    return Framing(track=np.concatenate([centre, halves[:, None]], axis=1), kept=box)


def _rows(row: Floats, box: Floats) -> Floats:
    return np.broadcast_to(row, (len(box), 2))


def _static(bodies: Bodies, shot: Shot, t: Floats) -> Framing:
    del t
    box = _box(bodies, shot)
    hull = _hull(box)
    half = max(_HALF, float(fit_half(hull)))
    return _framing(box, _rows(_middle(hull), box), half)


def _pan(bodies: Bodies, shot: Shot, t: Floats) -> Framing:
    """From the others to whom it follows; alone: past the middle, by its amount."""
    u = _progress(shot, t)[:, None]
    box = _box(bodies, shot)
    others = [body for number, body in enumerate(bodies) if number != shot.follow]
    if shot.follow is not None and others and len(others) < len(bodies):
        mixed = (1.0 - u) * union_box(others) + u * box
        return _framing(mixed, _middle(mixed), _HALF)
    hull = _hull(box)
    centre = _middle(hull) + (u - 0.5) * np.array([_amount(shot), 0.0])
    half = max(_HALF, float(fit_half(hull)) + abs(_amount(shot)) / 4.0)
    return _framing(box, centre, half)


def _closing(shot: Shot, t: Floats, half: float) -> tuple[Floats, Floats]:
    """Half heights, and how far the view has gone over to the chest."""
    u = _progress(shot, t)
    factor = _amount(shot)
    halves = half * factor ** -(u if factor >= 1.0 else u - 1.0)
    if factor < 1.0:
        # outwards: begin close, end at the wide frame
        halves = half * factor ** (1.0 - u)
    near = u if factor >= 1.0 else 1.0 - u
    return np.asarray(halves), near


def _zoom(bodies: Bodies, shot: Shot, t: Floats) -> Framing:
    box = _box(bodies, shot)
    hull = _hull(box)
    halves, near = _closing(shot, t, max(_HALF, float(fit_half(hull))))
    centre = _rows(_middle(hull), box).copy()
    centre[:, 1] += near * (_FOCUS_Y - centre[:, 1])
    return _framing(box, centre, halves)


def _dolly(bodies: Bodies, shot: Shot, t: Floats) -> Framing:
    box = _box(bodies, shot)
    halves, near = _closing(shot, t, max(_HALF, float(fit_half(box).max())))
    centre = _lagged(_middle(box), _STEADY_S / 2.0)
    centre[:, 1] = _middle(_hull(box))[1]
    centre[:, 1] += near * (_FOCUS_Y - centre[:, 1])
    return _framing(box, centre, halves)


def _track(bodies: Bodies, shot: Shot, t: Floats) -> Framing:
    del t
    box = _box(bodies, shot)
    centre = _lagged(_middle(box), _amount(shot))
    centre[:, 1] = _middle(_hull(box))[1]
    return _framing(box, centre, max(_HALF, float(fit_half(box).max())))


def _crane(bodies: Bodies, shot: Shot, t: Floats) -> Framing:
    box = _box(bodies, shot)
    hull = _hull(box)
    rise = _amount(shot)
    centre = _rows(_middle(hull), box) + (_progress(shot, t)[:, None] - 0.5) * np.array([0.0, rise])
    half = max(_HALF, float(fit_half(hull))) + abs(rise) / 4.0
    return _framing(box, centre, half)


def _orbit(bodies: Bodies, shot: Shot, t: Floats) -> Framing:
    box = _box(bodies, shot)
    hull = _hull(box)
    angle = (_progress(shot, t) - 0.5) * _amount(shot)
    centre = _rows(_middle(hull), box).copy()
    centre[:, 0] += _ORBIT_SWING_H * np.sin(angle)
    half = max(_HALF, float(fit_half(hull))) * (1.0 + _ORBIT_DEPTH * (1.0 - np.cos(angle)))
    return _framing(box, centre, half)


MOVES: Final[dict[str, Callable[[Bodies, Shot, Floats], Framing]]] = {
    "static": _static,
    "pan": _pan,
    "zoom": _zoom,
    "track": _track,
    "dolly": _dolly,
    "crane": _crane,
    "orbit": _orbit,
}
"""Each takes the bodies in the frames of the shot (T, 15, 3), the shot, and times (T,), s."""
