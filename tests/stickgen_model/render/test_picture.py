"""Pictures of a figure: the right place, the right order, the same again."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets_spec.skeleton import MIRROR, joint_index
from stickgen_model.render.picture import (
    PictureStyle,
    draw_picture,
    draw_style,
    figure_points,
)
from stickgen_model.render.viewpoint import Camera, draw_viewpoint

FRONT = np.array([0.0, 0.6, 3.0, 0.0, 0.5, 0.0, 0.7])
ONE_COLOUR = PictureStyle(left=(0, 0, 0), right=(0, 0, 0), trunk=(0, 0, 0), shadow=0.3)


def figure():
    """A figure with no two joints in one place, left arm to the viewer, shape (10, 3)."""
    joints = np.array(
        [
            (0.02, 0.93),
            (0.0, 0.53),
            (0.17, 0.68),
            (0.30, 0.60),
            (-0.14, 0.66),
            (-0.22, 0.52),
            (0.10, 0.29),
            (0.12, 0.04),
            (-0.08, 0.28),
            (-0.16, 0.05),
        ]
    )
    depth = np.array([0.0, 0.0, 0.1, 0.3, -0.1, -0.2, 0.06, 0.1, -0.06, -0.1])
    return figure_points(joints, depth)


def matrix_projection(point, viewpoint, size):
    """A point by a 4 x 4 view and a projection matrix, as graphics books have it."""
    position, target, field = viewpoint[:3], viewpoint[3:6], viewpoint[6]
    back = (position - target) / np.linalg.norm(position - target)
    side = np.cross([0.0, 1.0, 0.0], back)
    side /= np.linalg.norm(side)
    view = np.eye(4)
    view[:3, :3] = [side, np.cross(back, side), back]
    view[:3, 3] = -view[:3, :3] @ position
    focal = 1.0 / np.tan(field / 2.0)
    projection = np.diag([focal, focal, 1.0, 0.0])
    projection[3] = [0.0, 0.0, -1.0, 0.0]
    x, y, _, w = projection @ view @ np.append(point, 1.0)
    return (1.0 + x / w) * size / 2.0, (1.0 - y / w) * size / 2.0


coordinates = st.floats(-0.8, 0.8)


@settings(max_examples=60, deadline=None)
@given(st.tuples(coordinates, coordinates, coordinates), st.integers(0, 10_000))
def test_points_fall_where_the_matrices_of_a_pinhole_camera_put_them(point, seed):
    viewpoint = draw_viewpoint(np.random.default_rng(seed), middle=(0.3, 0.5, -0.2))
    camera = Camera.from_viewpoint(viewpoint)
    seen = camera.see(np.array(point))
    expected = matrix_projection(np.array(point), viewpoint.astype(np.float64), 256)
    assert camera.project(seen, size=256) == pytest.approx(np.array(expected), abs=1e-6)


def test_the_head_is_drawn_where_it_is_and_as_large_as_it_is():
    head = figure()[joint_index("head")]
    style = PictureStyle(left=(0, 0, 0), right=(0, 0, 0), outline=False, shadow=0.0)
    pictures = [
        draw_picture(figure(), FRONT, style=replace(style, trunk=c, thickness=0.01)).astype(float)
        for c in ((255, 0, 0), (0, 255, 0))
    ]
    cover = np.abs(pictures[0][..., 0] - pictures[1][..., 0]) / 255.0
    cover[120:] = 0.0  # the trunk has the same colour
    rows, columns = np.indices(cover.shape) + 0.5
    middle = ((columns * cover).sum() / cover.sum(), (rows * cover).sum() / cover.sum())
    assert middle == pytest.approx(matrix_projection(head, FRONT, 256), abs=0.7)
    pixels = 128 / math.tan(0.35) / Camera.from_viewpoint(FRONT).see(head)[2]
    assert cover.sum() == pytest.approx(math.pi * (0.065 * pixels) ** 2, rel=0.05)


def test_the_mirror_image_of_a_figure_is_the_mirror_image_of_the_picture():
    points = figure()
    mirrored = points[MIRROR] * [-1.0, 1.0, 1.0]
    picture, other = (draw_picture(p, FRONT, style=ONE_COLOUR) for p in (points, mirrored))
    assert np.abs(picture[:, ::-1].astype(int) - other).max() <= 2
    assert np.abs(picture.astype(int) - other).max() > 50


def test_what_is_nearer_hides_what_is_further_away():
    points = figure()
    red, blue = (255.0, 0.0, 0.0), (0.0, 0.0, 255.0)
    style = PictureStyle(left=red, right=blue, outline=False, shadow=0.0)
    left, right = joint_index("l_foot"), joint_index("r_foot")
    knees = joint_index("l_knee"), joint_index("r_knee")
    points[[left, right], :2] = 0.0, 0.1
    points[list(knees), :2] = 0.0, 0.3
    x, y = matrix_projection(np.array([0.0, 0.2, 0.0]), FRONT, 256)
    for near, colour in ((left, red), (right, blue)):
        points[:, 2] = 0.0
        points[[near, near - 1], 2] = 0.2
        picture = draw_picture(points, FRONT, style=style)
        assert picture[int(y), int(x)].tolist() == list(colour)


def test_nearer_limbs_are_thicker():
    points = figure()
    white = (255.0, 255.0, 255.0)
    bare = PictureStyle(
        **dict.fromkeys(("sky", "horizon", "floor", "far_floor"), white),
        **dict.fromkeys(("left", "right", "trunk"), (0.0, 0.0, 0.0)),
        outline=False,
        shadow=0.0,
    )
    widths = []
    for depth in (-0.8, 0.8):
        moved = points + np.array([0.0, 0.0, depth])
        picture = draw_picture(moved, FRONT, style=bare)
        _, row = matrix_projection(
            moved[joint_index("l_foot")] + np.array([0, 0.08, 0]), FRONT, 256
        )
        widths.append((255.0 - picture[int(row), :, 1]).sum() / 255.0)
    distances = [Camera.from_viewpoint(FRONT).see(points)[:, 2].mean() - d for d in (-0.8, 0.8)]
    assert widths[1] / widths[0] == pytest.approx(distances[0] / distances[1], rel=0.15)


def test_a_turned_camera_sees_parallax():
    points = figure()
    points[:, 2] = 0.0
    deep = points.copy()
    deep[joint_index("l_hand"), 2] = 0.4
    aside = np.array([1.5, 0.6, 2.6, 0.0, 0.5, 0.0, 0.7])
    for view, least in ((FRONT, 0), (aside, 20)):
        shift = np.subtract(
            matrix_projection(deep[3], view, 256), matrix_projection(points[3], view, 256)
        )
        assert np.abs(shift).max() >= least
    pictures = [draw_picture(p, aside, style=ONE_COLOUR).astype(int) for p in (points, deep)]
    assert np.abs(pictures[0] - pictures[1]).max() > 50


def test_the_floor_begins_at_the_horizon():
    sky, floor = (10.0, 10.0, 10.0), (240.0, 240.0, 240.0)
    style = PictureStyle(sky=sky, horizon=sky, floor=floor, far_floor=floor)
    column = draw_picture(figure(), FRONT, style=style)[:, 0, 0]
    # a point of the floor that is very far away
    _, row = matrix_projection(np.array([0.0, 0.0, -1e6]), FRONT, 256)
    assert (column[: int(row) - 1] == 10).all()
    assert (column[int(row) + 2 :] == 240).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32))
def test_a_seed_fixes_the_picture_and_the_figure_stands_out_inside_it(seed):
    pictures = []
    for _ in range(2):
        rng = np.random.default_rng(seed)
        viewpoint, style = draw_viewpoint(rng, middle=(0.0, 0.5, 0.0)), draw_style(rng)
        pictures.append(draw_picture(figure(), viewpoint, style=style))
    assert np.array_equal(*pictures)
    assert pictures[0].shape == (256, 256, 3)
    assert pictures[0].dtype == np.uint8
    camera = Camera.from_viewpoint(viewpoint)
    places = camera.project(camera.see(figure()), size=256)
    assert ((places > 4) & (places < 252)).all()
    yaw = math.degrees(math.atan2(viewpoint[0] - viewpoint[3], viewpoint[2] - viewpoint[5]))
    assert abs(yaw) <= 30.0
    far_away = figure() + np.array([100.0, 0.0, 0.0])
    empty = draw_picture(far_away, viewpoint, style=style)
    x, y = places[joint_index("pelvis")].astype(int)
    assert np.abs(pictures[0][y, x].astype(int) - empty[y, x]).max() >= 25


def test_limbs_behind_the_camera_are_left_out():
    through = figure()
    through[:, 2] += np.linspace(2.0, 4.0, 10)
    assert draw_picture(through, FRONT).shape == (256, 256, 3)
    behind = figure() + np.array([0.0, 0.0, 9.0])
    far_aside = figure() + np.array([1e3, 0.0, 0.0])
    assert np.array_equal(draw_picture(behind, FRONT), draw_picture(far_aside, FRONT))


@pytest.mark.parametrize(
    "viewpoint",
    [
        np.zeros(6),
        np.full(7, np.nan),
        [0, 1, 0, 0, 0, 0, 0.7],
        [0, 0, 3, 0, 0, 0, 0.0],
        [0, 0, 3, 0, 0, 0, 4.0],
    ],
)
def test_a_viewpoint_that_sees_nothing_is_refused(viewpoint):
    with pytest.raises(ValueError, match="viewpoint: expected"):
        draw_picture(figure(), viewpoint)


def test_a_figure_of_another_shape_is_refused():
    for points in (figure()[:9], figure() * np.nan):
        with pytest.raises(ValueError, match="figure: expected"):
            draw_picture(points, FRONT)
