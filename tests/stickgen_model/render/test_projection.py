"""All frames at once are as one camera after the other."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickgen_model.render.projection import View, cut_near
from stickgen_model.render.viewpoint import NEAR, Camera, draw_viewpoint


@given(seed=st.integers(0, 10_000))
def test_places_are_those_of_the_single_camera(seed):
    rng = np.random.default_rng(seed)
    views = np.stack([draw_viewpoint(rng, middle=(0.2, 0.6, 0.0)) for _ in range(3)])
    points = rng.uniform(-0.5, 0.5, size=(3, 4, 2, 3))
    view = View(views, width=200, height=200)
    seen = view.see(points)
    found = view.pixels(seen)
    for number, numbers in enumerate(views):
        camera = Camera.from_viewpoint(numbers)
        alone = camera.see(points[number])
        assert seen[number] == pytest.approx(alone, abs=1e-6)
        assert found[number] == pytest.approx(camera.project(alone, size=200), abs=1e-3)


def test_a_wide_picture_shows_more_aside_in_the_same_scale():
    views = np.array([[0.0, 1.0, 4.0, 0.0, 0.6, 0.0, 0.6]])
    points = np.array([[[0.3, 0.9, 0.1]]])
    square, wide = (View(views, width=width, height=100) for width in (100, 300))
    shift = wide.pixels(wide.see(points)) - square.pixels(square.see(points))
    assert shift[0, 0] == pytest.approx([100.0, 0.0])


@given(seed=st.integers(0, 10_000))
def test_the_far_ground_is_at_the_horizon(seed):
    rng = np.random.default_rng(seed)
    view = View(draw_viewpoint(rng, middle=(0.0, 0.6, 0.0))[None], width=120, height=120)
    ahead = view.axes[0, 2] * np.array([1.0, 0.0, 1.0])
    far = np.array([[1e7 * ahead / np.linalg.norm(ahead)]])
    assert view.pixels(view.see(far))[0, 0, 1] == pytest.approx(view.horizon()[0], abs=1e-2)


def test_segments_are_cut_where_the_camera_is():
    seen = np.array(
        [
            [[0.0, 0.0, 1.0], [0.0, 0.0, 2.0]],
            [[0.0, 0.0, 1.0], [1.0, 0.0, -1.0]],
            [[0.0, 0.0, -1.0], [1.0, 0.0, -2.0]],
        ]
    )
    cut, drawn = cut_near(seen)
    assert drawn.tolist() == [True, True, False]
    assert (cut[0] == seen[0]).all()
    assert cut[1, 1] == pytest.approx([(1.0 - NEAR) / 2.0, 0.0, NEAR])
    assert (cut[..., 2] >= NEAR).all()
    assert math.isfinite(float(np.abs(cut).max()))
