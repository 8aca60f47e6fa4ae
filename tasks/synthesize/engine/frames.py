"""Orientations from few angles in closed form: many small matrix products are slow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["drift", "yaw_pitch", "yaw_pitch_roll"]

_WAVES = 7
_BLOCK = 16


def yaw_pitch(yaw: Floats, pitch: Floats) -> Floats:
    """Turn about y after turn about x: matrices (..., 3, 3) from angles (...)."""
    sy, cy, sp, cp = np.sin(yaw), np.cos(yaw), np.sin(pitch), np.cos(pitch)
    turn = np.zeros((*np.shape(yaw), 3, 3))
    turn[..., 0, 0] = cy
    turn[..., 0, 1] = sy * sp
    turn[..., 0, 2] = sy * cp
    turn[..., 1, 1] = cp
    turn[..., 1, 2] = -sp
    turn[..., 2, 0] = -sy
    turn[..., 2, 1] = cy * sp
    turn[..., 2, 2] = cy * cp
    return turn


def yaw_pitch_roll(yaw: Floats, pitch: Floats, roll: Floats) -> Floats:
    """Turn about y after x after z: matrices (..., 3, 3) from angles (...)."""
    turn = yaw_pitch(yaw, pitch)
    sr, cr = np.sin(roll)[..., None], np.cos(roll)[..., None]
    first, second = turn[..., 0].copy(), turn[..., 1].copy()
    turn[..., 0] = first * cr + second * sr
    turn[..., 1] = second * cr - first * sr
    return turn


def drift(t: Floats, rng: np.random.Generator, channels: int) -> Floats:
    """Slow natural noise of about unit deviation, 0.15 to 0.9 Hz, (T, channels).

    The channels share a few waves, mixed differently: as alive as waves of their own, and quick.
    """
    hertz = 0.15 * 6.0 ** ((np.arange(_WAVES) + rng.uniform(size=_WAVES)) / _WAVES)
    waves = _waves(t, 2 * np.pi * hertz, rng.uniform(0.0, 2 * np.pi, _WAVES))
    mix = rng.normal(size=(2 * _WAVES, channels))
    mixed = mix.reshape(2, _WAVES, channels)
    mixed *= (1.0 / np.sqrt(1.0 + (hertz / 0.4) ** 2))[:, None]
    mix /= np.sqrt(0.5 * np.einsum("wc,wc->c", mix, mix))
    # sines come first in the mix; in memory every wave is a cosine and a sine
    pairs = mixed[::-1].transpose(1, 0, 2).reshape(2 * _WAVES, channels)
    # channels first in memory: they are taken one by one
    noise: Floats = pairs.T @ waves.view(np.float64).T
    return noise.T


def _waves(t: Floats, speed: Floats, phase: Floats) -> NDArray[np.complex128]:
    """exp(i (speed t + phase)), (T, waves), at evenly spaced times.

    Every time is one of a coarse and one of a fine grid: a product takes the place of a sine.
    """
    step = t[1] - t[0] if len(t) > 1 else 0.0
    coarse = np.exp(1j * (speed * (t[::_BLOCK, None]) + phase))
    fine = np.exp(1j * speed * (step * np.arange(_BLOCK))[:, None])
    grid: NDArray[np.complex128] = (coarse[:, None] * fine).reshape(-1, len(speed))
    return grid[: len(t)]
