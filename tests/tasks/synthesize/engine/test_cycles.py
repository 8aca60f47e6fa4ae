import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import CubicHermiteSpline

from tasks.synthesize.engine.cycles import advance, between, hermite, loop, plant, through
from tasks.synthesize.engine.timing import keyed

KEYS = st.lists(
    st.tuples(st.floats(0.1, 1.0), st.floats(-2.0, 2.0), st.floats(-3.0, 3.0)),
    min_size=2,
    max_size=8,
)
T = np.linspace(-1.0, 9.0, 400)


@given(st.lists(st.floats(-1.0, 1.0), min_size=3, max_size=9), st.integers(-2, 2))
def test_loop_meets_its_keys_in_every_turn(keys, turn):
    phase = turn + np.arange(len(keys)) / len(keys)
    assert loop(phase, keys) == pytest.approx(keys, abs=1e-9)


def test_loop_through_points_of_a_circle_is_the_circle():
    angle = 2 * np.pi * np.arange(5) / 5
    keys = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    phase = np.linspace(0.0, 3.0, 50)
    wanted = np.stack([np.cos(2 * np.pi * phase), np.sin(2 * np.pi * phase)], axis=-1)
    assert loop(phase, keys) == pytest.approx(wanted, abs=1e-12)


@pytest.mark.parametrize("ramp", [0.2, 1.0, 5.0])
def test_advance_goes_from_rest_to_rest_at_an_even_speed(ramp):
    t = np.linspace(0.0, 5.0, 2001)
    way = advance(t, 1.0, 4.0, ramp_s=ramp)
    speed = np.gradient(way, t)
    assert way[t <= 1.0] == pytest.approx(0.0)
    assert way[t >= 4.0] == pytest.approx(1.0)
    assert speed.min() > -1e-9
    used = min(ramp, 1.5)
    middle = (t > 1.0 + used + 0.01) & (t < 4.0 - used - 0.01)
    assert speed[middle] == pytest.approx(1.0 / (3.0 - used), rel=1e-3)


def test_planted_limb_rests_for_its_duty_and_then_goes_to_the_next_hold():
    phase = np.linspace(3.0, 3.6, 20)
    holds, lift = plant(phase, 0.6)
    assert (holds == 3.0).all()
    assert lift == pytest.approx(0.0, abs=1e-12)
    holds, lift = plant(np.array([3.8, 4.0]), 0.6)
    assert holds == pytest.approx([3.5, 4.0])
    assert lift == pytest.approx([1.0, 0.0])


@given(KEYS)
def test_hermite_is_the_cubic_spline_with_those_slopes(keys):
    times = np.cumsum([row[0] for row in keys])
    values, slopes = [row[1] for row in keys], [row[2] for row in keys]
    wanted = CubicHermiteSpline(times, values, slopes)(np.clip(T, times[0], times[-1]))
    assert hermite(T, times, values, slopes) == pytest.approx(wanted, abs=1e-9)


@given(KEYS)
def test_through_moves_as_keyed_does(keys):
    times, values = np.cumsum([row[0] for row in keys]), [row[1] for row in keys]
    assert through(T, times, values) == pytest.approx(keyed(T, times, values), abs=1e-9)


def test_between_keeps_a_number_inside():
    assert [between(x, 0.0, 1.0) for x in (-1.0, 0.3, 2.0)] == [0.0, 0.3, 1.0]
