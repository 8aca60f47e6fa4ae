"""Pictures of scenes whose pictures are known."""

from __future__ import annotations

import importlib.util
import math
from pathlib import Path

import numpy as np
import pytest

from datasets_spec.skeleton import MIRROR, joint_index
from stickgen_model.animation import MAX_SCENE_ACTORS, Caption
from stickgen_model.render.config import RenderConfig
from stickgen_model.render.display import display_list
from stickgen_model.render.figure import HEAD, HEAD_RADIUS
from stickgen_model.render.frames import draw_frame, draw_frames, draw_packed
from stickgen_model.render.looks import LOOK_NAMES, LOOKS
from stickgen_model.render.pieces import HEAD_PIECE
from stickgen_model.render.viewpoint import Camera

_spec = importlib.util.spec_from_file_location("figures", Path(__file__).with_name("figures.py"))
figures = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(figures)

PLAIN = {"captions": False, "faces": False, "ground": False, "shadow": False}


def config(**more):
    return RenderConfig(**({"width": 128, "height": 128, "fps": 25.0} | more))


def film(animation, **more):
    return list(draw_frames(animation, config(**more)))


@pytest.mark.parametrize("look", LOOK_NAMES)
def test_frames_have_their_shape_and_are_the_same_every_time(look):
    animation = figures.moving_scene(2)
    one, two = (film(animation, look=look, width=96, fps=40.0) for _ in range(2))
    assert len(one) == round(12 / 25 * 40)
    assert all(frame.dtype == np.uint8 for frame in one)
    assert {frame.shape for frame in one} == {(128, 96, 4 if look == "transparent" else 3)}
    assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))
    assert not np.array_equal(one[0], one[-1])
    assert len({id(frame) for frame in one}) == len(one)


@pytest.mark.parametrize("look", LOOK_NAMES)
@pytest.mark.parametrize("camera", ["static", "orbit"])
def test_a_frame_alone_is_that_of_the_film(look, camera):
    text = (Caption(start_s=0.1, end_s=0.3, text="they wave, and the words are long"),)
    animation = figures.moving_scene(3, captions=text)
    more = {"look": look, "camera": camera}
    for number, frame in enumerate(film(animation, **more)):
        alone = draw_frame(animation, number / 25.0, config(**more))
        assert np.array_equal(alone, frame)


def test_packed_frames_have_the_same_colours():
    animation = figures.moving_scene()
    for one, two in zip(
        film(animation, look="neon"), draw_packed(animation, config(look="neon")), strict=True
    ):
        assert np.array_equal(two[..., :3], one)
        assert (two[..., 3] == 255).all()


def test_the_inside_of_the_head_is_a_disc_at_its_place():
    animation = figures.standing_scene([(0.3, 0.0, 0.2)], frames=1)
    shown = config(look="transparent", width=400, height=400, **PLAIN)
    frame = draw_frame(animation, 0.0, shown).astype(float)
    display = display_list(animation, shown)
    camera = Camera.from_viewpoint(display.views[0])
    head = np.append(animation.joints[0, 0, HEAD], 0.2)
    seen = camera.see(head)
    x, y = camera.project(seen, size=400)
    radius = camera.focal(400) * HEAD_RADIUS / seen[2]
    inner = radius * (1.0 - LOOKS["transparent"].outline / HEAD_RADIUS)
    dark = np.array(LOOKS["transparent"].trunk, dtype=float)
    rows, columns = np.indices((400, 400)) + 0.5
    near = np.hypot(columns - x, rows - y) < inner + 1.5
    white = near * ((frame[..., :3] - dark) / (255.0 - dark)).mean(axis=-1)
    assert white.sum() == pytest.approx(math.pi * inner**2, rel=0.01)
    assert (white * columns).sum() / white.sum() == pytest.approx(x, abs=0.1)
    assert (white * rows).sum() / white.sum() == pytest.approx(y, abs=0.1)


def distances(display, frame, size):
    """How far pixels are from the nearest piece, pixels."""
    rows, columns = np.indices(size) + 0.5
    places = np.stack([columns, rows], axis=-1)
    nearest = np.full(size, np.inf)
    for (start, end), radii in zip(display.ends[frame], display.radii[frame], strict=True):
        along = (end - start).astype(float)
        length2 = float(along @ along)
        share = np.clip(((places - start) @ along) / max(length2, 1e-9), 0.0, 1.0)
        away = np.linalg.norm(places - start - share[..., None] * along, axis=-1)
        nearest = np.minimum(nearest, away - radii.max())
    return nearest


def test_outside_of_the_figure_nothing_is_drawn_and_inside_all_is():
    animation = figures.moving_scene(2)
    shown = config(look="transparent", **PLAIN)
    display = display_list(animation, shown)
    for number, frame in enumerate(draw_frames(animation, shown)):
        away = distances(display, number, (128, 128))
        assert (frame[away > 1.0] == 0).all()
        assert (frame[away < -1.5, 3] == 255).all()


@pytest.mark.parametrize("faces", [False, True])
def test_transparent_over_white_is_drawn_on_white(faces):
    text = (Caption(start_s=0.0, end_s=1.0, text="waves"),)
    animation = figures.moving_scene(2, captions=text)
    more = PLAIN | {"faces": faces, "captions": True}
    clear, white = film(animation, look="transparent", **more), film(animation, look="ink", **more)
    for one, two in zip(clear, white, strict=True):
        alpha = one[..., 3:] / 255.0
        over = alpha * one[..., :3] + (1.0 - alpha) * 255.0
        assert np.abs(over - two).max() <= 3.0


def pixel_at(frame, display, place):
    """Colour where a place of the scene is."""
    camera = Camera.from_viewpoint(display.views[0])
    x, y = camera.project(camera.see(np.array(place)), size=len(frame))
    return tuple(frame[int(y), int(x)].tolist())


@pytest.mark.parametrize("near", [0, 1])
def test_the_nearer_of_two_people_hides_the_other(near):
    deep = [-0.6, -0.6]
    deep[near] = 0.0
    people = [(0.05 * number, 0.0, deep[number]) for number in range(2)]
    animation = figures.standing_scene(people)
    shown = config(width=300, height=300, colours="actor", **PLAIN)
    frame, display = draw_frame(animation, 0.0, shown), display_list(animation, shown)
    # all along the trunk of the nearer one nothing of the other is seen
    for height in (0.55, 0.62, 0.7):
        place = (people[near][0], height, people[near][2])
        assert pixel_at(frame, display, place) == LOOKS["ink"].actors[near]
    order = display.order[0].tolist()
    heads = [order.index(11 * actor + HEAD_PIECE) for actor in range(2)]
    assert (heads[1] > heads[0]) == (near == 1)


@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_a_limb_is_before_or_behind_the_trunk_by_its_depth(side):
    animation = figures.standing_scene([(0.0, 0.0, 0.0)])
    joints, depth = animation.joints.copy(), animation.depth.copy()
    elbow, hand = joint_index("l_elbow"), joint_index("l_hand")
    joints[..., elbow, :], joints[..., hand, :] = (0.1, 0.66), (-0.1, 0.66)
    depth[..., [elbow, hand]] = 0.25 * side
    animation = animation.changed(joints=joints, depth=depth)
    shown = config(width=300, height=300, **PLAIN)
    frame, display = draw_frame(animation, 0.0, shown), display_list(animation, shown)
    found = pixel_at(frame, display, (0.0, 0.66, 0.25 * side))
    assert found == (LOOKS["ink"].left if side > 0.0 else LOOKS["ink"].trunk)


def test_what_is_nearer_is_thicker():
    animation = figures.standing_scene([(-0.4, 0.0, 0.5), (0.4, 0.0, -0.5)])
    display = display_list(animation, config())
    camera = Camera.from_viewpoint(display.views[0])
    ahead = camera.see(np.array([[-0.4, 0.93, 0.5], [0.4, 0.93, -0.5]]))[:, 2]
    radii = display.radii[0, HEAD_PIECE::11, 0]
    assert radii[0] / radii[1] == pytest.approx(ahead[1] / ahead[0], rel=1e-4)


@pytest.mark.parametrize("look", ["ink", "neon", "blueprint"])
@pytest.mark.parametrize("faces", [False, True])
def test_a_mirrored_scene_has_a_mirrored_picture(look, faces):
    animation = figures.moving_scene()
    flip = np.array([-1.0, 1.0], dtype=np.float32)
    mirrored = animation.changed(
        joints=np.ascontiguousarray(animation.joints[:, :, MIRROR] * flip),
        depth=np.ascontiguousarray(animation.depth[:, :, MIRROR]),
    )
    more = {"look": look, "faces": faces, "colours": "plain"}
    for one, two in zip(film(animation, **more), film(mirrored, **more), strict=True):
        assert np.abs(one.astype(int) - two[:, ::-1]).max() <= 4


@pytest.mark.parametrize("look", ["ink", "neon", "blueprint"])
def test_a_large_picture_made_small_is_the_small_picture(look):
    animation = figures.moving_scene(2)
    small = draw_frame(animation, 0.2, config(look=look, width=256, height=256, captions=False))
    large = draw_frame(animation, 0.2, config(look=look, width=512, height=512, captions=False))
    shrunk = large.astype(float).reshape(256, 2, 256, 2, 3).mean(axis=(1, 3))
    assert np.abs(shrunk - small).mean() < 1.5


@pytest.mark.parametrize(("width", "height"), [(16, 16), (17, 160), (160, 16), (333, 77)])
@pytest.mark.parametrize("look", LOOK_NAMES)
def test_any_size(width, height, look):
    text = (Caption(start_s=0.0, end_s=1.0, text="a caption"),)
    animation = figures.moving_scene(2, frames=2, captions=text)
    frames = film(animation, width=width, height=height, look=look, camera="orbit")
    assert [frame.shape[:2] for frame in frames] == [(height, width)] * 2
    assert len(np.unique(frames[0].reshape(-1, frames[0].shape[2]), axis=0)) > 3


@pytest.mark.slow
def test_the_largest_size():
    frame = draw_frame(figures.moving_scene(), 0.1, config(width=4096, height=4096))
    assert frame.shape == (4096, 4096, 3)


def test_sixteen_people():
    animation = figures.moving_scene(MAX_SCENE_ACTORS, frames=3)
    shown = config(width=320, height=180, colours="actor", **PLAIN)
    display = display_list(animation, shown)
    assert sorted(display.order[0].tolist()) == list(range(11 * MAX_SCENE_ACTORS))
    frame = draw_frame(animation, 0.0, shown)
    seen = {tuple(colour) for colour in frame.reshape(-1, 3).tolist()}
    assert set(LOOKS["ink"].actors) <= seen


def test_a_shadow_weakens_with_height():
    darkness = []
    for height in (0.0, 0.2, 0.5):
        animation = figures.standing_scene([(0.0, height, 0.0)], frames=1)
        display = display_list(animation, config())
        darkness.append(display.shadow_covers[0])
    assert (darkness[0] > darkness[1]).all()
    assert (darkness[1] >= darkness[2]).all()
    with_shadow = draw_frame(figures.standing_scene([(0.0, 0.0, 0.0)]), 0.0, config())
    without = draw_frame(figures.standing_scene([(0.0, 0.0, 0.0)]), 0.0, config(shadow=False))
    assert with_shadow.astype(int).sum() < without.astype(int).sum()


def test_captions_are_shown_at_their_time():
    text = (Caption(start_s=0.12, end_s=0.24, text="now"),)
    animation = figures.standing_scene([(0.0, 0.0, 0.0)], frames=12)
    with_text, without = film(animation.changed(captions=text)), film(animation)
    changed = [not np.array_equal(a, b) for a, b in zip(with_text, without, strict=True)]
    assert changed == [3 <= number < 6 for number in range(12)]
    hidden = film(animation.changed(captions=text), captions=False)
    assert all(np.array_equal(a, b) for a, b in zip(hidden, without, strict=True))


def test_faces_are_drawn_on_heads_only():
    animation = figures.standing_scene([(0.0, 0.0, 0.0)])
    shown = config(width=300, height=300)
    display = display_list(animation, shown)
    one = draw_frame(animation, 0.0, shown)
    two = draw_frame(animation, 0.0, config(width=300, height=300, faces=False))
    rows, columns = np.nonzero((one != two).any(axis=-1))
    assert len(rows) > 50
    x, y = display.ends[0, HEAD_PIECE, 0]
    assert np.hypot(columns + 0.5 - x, rows + 0.5 - y).max() < display.radii[0, HEAD_PIECE, 0]


def test_people_behind_the_camera_are_not_drawn():
    both = figures.standing_scene([(0.0, 0.0, 0.0), (0.2, 0.0, 20.0)])
    alone = figures.standing_scene([(0.0, 0.0, 0.0)])
    shown = config(camera="static @0")
    display = display_list(both, shown)
    assert display.views[0, 2] < 19.0
    assert (display.radii[:, 11:] == 0.0).all()
    assert np.array_equal(draw_frame(both, 0.0, shown), draw_frame(alone, 0.0, shown))


def test_lines_on_the_ground_lie_where_they_are_seen():
    animation = figures.standing_scene([(0.0, 0.0, 0.0)])
    shown = config(width=400, height=400, **(PLAIN | {"ground": True}))
    frame, display = draw_frame(animation, 0.0, shown), display_list(animation, shown)
    for across in (-0.5, 0.5):
        on = pixel_at(frame, display, (across, 0.0, 0.3))
        off = pixel_at(frame, display, (0.6 * across, 0.0, 0.3))
        assert sum(on) < sum(off) - 20
