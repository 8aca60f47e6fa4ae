from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickgen_model.motion.smoothing import smooth_motion, usual_smoothing

TIMES = np.arange(200) / 25.0


def scenes(wave: np.ndarray) -> np.ndarray:
    return np.broadcast_to(wave[None, None, :, None, None], (1, 1, len(wave), 10, 2)).astype(
        np.float32
    )


@pytest.mark.parametrize(("hertz", "frames"), [(1.0, 1.5), (2.0, 1.0), (6.0, 1.0), (10.0, 1.5)])
def test_a_sine_loses_what_a_gaussian_takes(hertz, frames):
    wave = scenes(np.sin(2 * np.pi * hertz * TIMES))
    smooth = smooth_motion(wave, [200], frames=frames)[0, 0, 20:-20, 0, 0]
    kept = np.exp(-0.5 * (2 * np.pi * hertz * frames / 25.0) ** 2)
    np.testing.assert_allclose(smooth, kept * wave[0, 0, 20:-20, 0, 0], atol=2e-3)


@given(st.integers(1, 60), st.floats(0.3, 5.0), st.floats(-2.0, 2.0))
def test_a_straight_way_stays_straight_to_its_ends(length, frames, speed):
    line = scenes(speed * np.arange(length) / 25.0 + 1.0)
    np.testing.assert_allclose(smooth_motion(line, [length], frames=frames), line, atol=1e-5)


def test_padding_and_neighbours_are_left_alone():
    rng = np.random.default_rng(0)
    both = rng.normal(size=(2, 2, 50, 10, 2)).astype(np.float32)
    before = both.copy()
    smooth = smooth_motion(both, [50, 20], frames=1.5)
    np.testing.assert_array_equal(both, before)
    np.testing.assert_array_equal(smooth[1, :, 20:], both[1, :, 20:])
    alone = smooth_motion(both[1:, :, :20], [20], frames=1.5)
    np.testing.assert_array_equal(smooth[1, :, :20], alone[0])
    np.testing.assert_array_equal(smooth_motion(both, [50, 20], frames=0.0), both)


def test_fewer_steps_need_more():
    amounts = [usual_smoothing(steps) for steps in range(1, 60)]
    assert amounts == sorted(amounts, reverse=True)
    assert (amounts[0], amounts[-1]) == (1.5, 0.0)
