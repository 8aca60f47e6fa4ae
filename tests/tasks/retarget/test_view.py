from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets_spec.skeleton import body_index
from tasks.retarget.frame import clip_heading, facing, left_of
from tasks.retarget.view import automatic_view, pair_view, project, spread_views, wrap_degrees
from tests.tasks.retarget.made_up import HEIGHT, rolled, stander, turned, walker

AHEAD = np.array([0.0, 1.0])


def view(body, **hint):
    heading = clip_heading(body)
    return automatic_view(body, heading, height=HEIGHT, fps=25.0, **({"locomotion": None} | hint))


@given(st.floats(-3.1, 3.1))
def test_heading_follows_the_body(angle):
    body = turned(walker(seconds=1.0, fps=25.0), angle)
    assert clip_heading(body) == pytest.approx([np.sin(angle), np.cos(angle)], abs=0.02)


def test_front_view_has_the_left_at_plus_x_and_near_is_ahead():
    body = stander(seconds=0.2)
    front = project(body, AHEAD, azimuth_deg=0.0)
    assert front == pytest.approx(body)
    side = project(body, AHEAD, azimuth_deg=90.0)
    assert side[..., 0] == pytest.approx(body[..., 2])
    assert side[..., 2] == pytest.approx(-body[..., 0])
    assert left_of(AHEAD) == pytest.approx([1.0, 0.0])


def test_facing_is_held_while_upside_down():
    body = stander(seconds=2.0, fps=25.0)
    angles = np.linspace(0, 2 * np.pi, len(body))
    assert facing(rolled(body, angles))[:, 1].min() > 0.99


def test_who_turns_round_and_round_faces_as_at_the_start():
    body = stander(seconds=6.0, fps=25.0)
    for frame, angle in enumerate(np.linspace(0, 4 * np.pi, len(body))):
        body[frame] = turned(body[frame], angle)
    heading = clip_heading(body)
    assert np.arctan2(*heading) == pytest.approx(0.6, abs=0.6)


def test_degenerate_bodies_have_a_heading():
    for body in (np.zeros((12, 15, 3)), np.ones((12, 15, 3))):
        assert np.hypot(*clip_heading(body)) == pytest.approx(1)
        assert view(body) == 45.0


def test_views_by_kind_of_motion():
    assert 60 <= view(walker(seconds=4.0, fps=25.0)) <= 75
    assert abs(view(stander(seconds=4.0, fps=25.0, swing=0.0, sway=0.1))) == 20.0
    still = np.repeat(stander(seconds=0.0), 30, axis=0)
    assert view(still) == 45.0
    assert view(still, locomotion=True) == 65.0
    assert view(still, locomotion=False) == 30.0


def test_who_lies_is_seen_whole():
    body = stander(seconds=1.0, fps=25.0)
    lying = rolled(body, np.full(len(body), -np.pi / 2))
    lying = turned(lying, 1.0)
    shown = project(lying, clip_heading(lying), azimuth_deg=view(lying))
    head, foot = shown[:, body_index("head"), 0], shown[:, body_index("l_foot"), 0]
    assert np.abs(head - foot).min() > 1.2


def test_pairs():
    first = np.zeros((5, 3))
    assert pair_view(first, first + np.array([2.0, 0, 0]), AHEAD) == pytest.approx(0)
    assert pair_view(first, first + np.array([0, 0, 2.0]), AHEAD) == pytest.approx(70)
    assert pair_view(first, first + np.array([0, 0, -2.0]), AHEAD) == pytest.approx(-70)
    aslant = first + 2.0 * np.array([np.cos(0.6), 0, np.sin(0.6)])
    assert pair_view(first, aslant, AHEAD) == pytest.approx(np.degrees(0.6))
    assert pair_view(first, first + np.array([-2.0, 0, 0]), AHEAD) == pytest.approx(180)
    assert pair_view(first, first + np.array([0.2, 1.0, 0]), AHEAD) is None


@given(st.floats(-720, 720))
def test_wrapping(angle):
    wrapped = wrap_degrees(angle)
    assert -180 < wrapped <= 180
    assert np.cos(np.radians(wrapped - angle)) == pytest.approx(1)


@given(st.floats(-180, 180), st.integers(1, 8))
def test_spread(first, num):
    views = spread_views(first, num)
    assert len({round(angle, 6) for angle in views}) == num
    assert views[0] == pytest.approx(wrap_degrees(first))
