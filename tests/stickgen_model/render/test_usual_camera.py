"""The camera of a scene for which none is named."""

from __future__ import annotations

import numpy as np
import pytest

from datasets_spec.errors import ConfigError
from stickgen_model.animation import Animation
from stickgen_model.render.config import RenderConfig
from stickgen_model.render.depth import scene_depth
from stickgen_model.render.display import display_list
from stickgen_model.render.looks import LOOKS
from stickgen_model.render.usual_camera import chosen_plan

POSE = np.array(
    [
        *((0.0, 0.93), (0.0, 0.52), (0.05, 0.66), (0.08, 0.50), (-0.05, 0.66), (-0.08, 0.50)),
        *((0.05, 0.28), (0.05, 0.0), (-0.05, 0.28), (-0.05, 0.0)),
    ],
    dtype=np.float32,
)
"""Head, pelvis, elbows and hands, knees and feet, H."""


def scene(way: float) -> Animation:
    """Somebody who glides so far aside in four seconds, H."""
    joints = np.tile(POSE, (1, 101, 1, 1))
    joints[..., 0] += np.linspace(0.0, way, 101, dtype=np.float32)[None, :, None]
    return Animation(joints=joints)


def moves(animation, camera=None, *, aspect=1.0, still=False):
    depth = scene_depth(animation)
    plan = chosen_plan(animation, depth, camera, aspect=aspect, still=still)
    return [shot.move for shot in plan.shots]


def test_it_stands_still_for_who_stays_and_goes_with_who_walks_far():
    assert moves(scene(0.0)) == ["static"]
    assert moves(scene(0.4)) == ["static"]
    assert moves(scene(5.0)) == ["track"]


def test_a_wide_picture_holds_a_longer_way():
    assert moves(scene(2.0), aspect=1.0) == ["track"]
    assert moves(scene(2.0), aspect=2.4) == ["static"]


def test_what_is_named_is_taken():
    assert moves(scene(5.0), "static") == ["static"]
    assert moves(scene(0.0), "orbit") == ["orbit"]
    assert moves(scene(5.0), still=True) == ["static"]
    with pytest.raises(ConfigError, match="camera"):
        moves(scene(0.0), "no such move")


@pytest.mark.parametrize("look", LOOKS)
def test_films_show_people_large_but_never_move_what_is_composited(look):
    film = display_list(scene(6.0), RenderConfig(look=look, width=200, height=200))
    heads, pelvises = film.ends[:, 0], film.ends[:, 1]
    assert np.isfinite(heads).all()
    assert np.isfinite(pelvises).all()
    moved = np.abs(np.diff(film.views[:, 0])).max() > 0
    assert moved == (look != "transparent")
