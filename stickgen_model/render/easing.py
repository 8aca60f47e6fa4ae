"""How a move runs from one key frame to the next, and paths without a jerk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.ndimage import gaussian_filter1d

from datasets_spec.errors import ConfigError
from datasets_spec.shot import EASINGS

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["ease", "eased_steps", "lagged", "path_at", "smooth_step", "steadied"]

_FEW: Final = 2


def ease(share: ArrayLike, easing: str) -> NDArray[np.float64]:
    """Progress 0..1 of a move at a share of its time.

    Cubic, as for the cameras of the data sets; ease_in_out joins two cubics in the middle.

    Args:
        share: Any shape; below 0 and above 1 the move has not begun or is done.
        easing: A word of `EASINGS`.

    Raises:
        ConfigError: If the word is unknown.
    """
    if easing not in EASINGS:
        msg = f"easing: expected one of {', '.join(EASINGS)}; got {easing!r}"
        raise ConfigError(msg)
    v = np.clip(np.asarray(share, dtype=np.float64), 0.0, 1.0)
    if easing == "ease_in":
        return np.asarray(v**3)
    if easing == "ease_out":
        return np.asarray(1.0 - (1.0 - v) ** 3)
    if easing == "ease_in_out":
        return np.where(v < 0.5, 4.0 * v**3, 1.0 - 4.0 * (1.0 - v) ** 3)
    return v


def smooth_step(share: ArrayLike) -> NDArray[np.float64]:
    """0 below 0, 1 above 1, in between a cubic that begins and ends at rest."""
    v = np.clip(np.asarray(share, dtype=np.float64), 0.0, 1.0)
    return np.asarray(v * v * (3.0 - 2.0 * v))


def steadied(values: NDArray[np.float64], frames: float) -> NDArray[np.float64]:
    """Rows (T, C) by a Gaussian mean of that many frames: the course, without every step.

    What goes on evenly at the ends is taken to have come and to go on so.
    """
    width = max(frames, 1e-6)
    more = int(np.ceil(4.0 * width))
    wide = np.pad(values, ((more, more), (0, 0)), mode="reflect", reflect_type="odd")
    smooth = gaussian_filter1d(wide, sigma=width, axis=0)
    return np.asarray(smooth[more : len(smooth) - more], dtype=np.float64)


def lagged(values: NDArray[np.float64], frames: float) -> NDArray[np.float64]:
    """Rows (T, C) as somebody sees them who comes after: a causal exponential mean.

    Args:
        values: Shape (T, C); before the first row everything stood at it.
        frames: Time constant.
    """
    if frames <= 0.0:
        return values
    decay = float(np.exp(-1.0 / frames))
    out = np.empty_like(values)
    at = values[0]
    for row, value in enumerate(values):
        at = value + decay * (at - value)
        out[row] = at
    return out


def path_at(
    grid: NDArray[np.float64], values: NDArray[np.float64], times: NDArray[np.float64]
) -> NDArray[np.float64]:
    """A path between its rows, with continuous velocity and acceleration.

    Args:
        grid: Ascending seconds, shape (T,).
        values: Shape (T, C).
        times: Seconds; before and after the grid the path stands still, shape (F,).

    Returns:
        Shape (F, C).
    """
    if len(grid) <= _FEW:
        return np.stack([np.interp(times, grid, column) for column in values.T], axis=1)
    held = np.clip(times, grid[0], grid[-1])
    return np.asarray(CubicSpline(grid, values)(held), dtype=np.float64)


def eased_steps(
    values: NDArray[np.float64], times: NDArray[np.float64], *, fps: float, span_s: float
) -> NDArray[np.float64]:
    """Steps from frame to frame, drawn out: each change takes `span_s` from when it happens.

    Args:
        values: Shape (N, T, C).
        times: Seconds, shape (F,).
        fps: Frames a second of the values.
        span_s: Seconds.

    Returns:
        Shape (N, F, C); a mixture of the frames before, so never out of their range.
    """
    now = np.floor(times * fps + 1e-6)
    frames = now[:, None] - np.arange(int(np.ceil(span_s * fps)) + 1)
    # how far the change at the beginning of each frame has gone, less that of the next one
    gone = smooth_step((times[:, None] - frames / fps) / span_s)
    gone[:, -1] = 1.0
    weights = np.diff(gone, axis=1, prepend=0.0)
    rows = np.clip(frames, 0, values.shape[1] - 1).astype(np.intp)
    return np.asarray(np.einsum("fw,nfwc->nfc", weights, values[:, rows]))
