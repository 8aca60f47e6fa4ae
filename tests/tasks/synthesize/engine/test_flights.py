"""In the air the body falls as a stone does; on the ground it joins two flights."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.synthesize.engine.flights import bounce
from tasks.synthesize.engine.footfalls import Footfalls
from tasks.synthesize.engine.footsteps import COLUMNS


def falls(stance, flight, num=12):
    land = np.arange(num) * (stance + flight) - 1.0
    return Footfalls(
        side=np.arange(num) % 2,
        land=land,
        leave=land + stance,
        place=np.zeros((num, 3)),
        yaw=np.zeros(num),
        style=np.zeros((num, len(COLUMNS))),
        carried=np.zeros(num, dtype=bool),
    )


@given(st.floats(0.15, 0.5), st.floats(0.1, 0.9), st.floats(1.0, 12.0))
def test_flight_is_a_parabola_of_the_scene(stance, flight, gravity):
    contacts = falls(stance, flight)
    t = np.linspace(contacts.leave[2], contacts.land[3], 50)
    height = bounce(t, contacts, gravity=gravity)
    second = np.diff(height, 2) / (t[1] - t[0]) ** 2
    np.testing.assert_allclose(second[1:-1], -gravity, rtol=1e-4)
    assert height.max() == pytest.approx(gravity * flight**2 / 8, rel=2e-3)


@given(st.floats(0.15, 0.6), st.floats(0.1, 0.5))
def test_height_and_speed_are_continuous(stance, flight):
    contacts = falls(stance, flight)
    t = np.linspace(0.0, 1.0, 20001)
    height = bounce(t, contacts, gravity=9.81)
    speed = np.diff(height) / (t[1] - t[0])
    assert np.abs(np.diff(speed)).max() < 40.0 * (t[1] - t[0]) * 9.81
    assert height.min() < 0.0 < height.max()


def test_a_walk_has_no_flight():
    contacts = falls(0.6, -0.1)
    assert not bounce(np.linspace(0, 2, 50), contacts, gravity=9.81).any()
