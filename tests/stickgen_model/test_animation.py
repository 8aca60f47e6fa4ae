from __future__ import annotations

import numpy as np
import pytest

from stickgen_model.animation import Animation, AnimationError
from stickgen_model.scenes import Motions


def scene(actors: int = 2, frames: int = 30) -> np.ndarray:
    rng = np.random.default_rng(0)
    return rng.normal(size=(actors, frames, 10, 2)).astype(np.float32)


def test_a_generated_scene_without_its_padding():
    joints = np.stack([scene(2, 30), scene(2, 30)])
    motions = Motions(joints=joints, lengths=(30, 12), prompts=("a", "b"), seeds=(3, 4))
    animation = Animation.from_motions(motions, 1)
    np.testing.assert_array_equal(animation.joints, joints[1, :, :12])
    assert (animation.title, animation.facts["seed"], animation.seconds) == ("b", 4, 12 / 25)
    assert (animation.actions == 255).all()
    assert Animation.from_motions(motions, 0, title="c").title == "c"


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"joints": scene()[0]}, "expected joints of shape"),
        ({"joints": scene(17, 4)}, "1..16 actors"),
        ({"joints": scene(1, 0)}, "at least one frame"),
        ({"joints": scene().astype(np.float64)}, "expected float32"),
        ({"joints": scene() * np.float32("nan")}, "finite"),
        ({"joints": scene() + np.float32(5000)}, "within 1000 H"),
        ({"depth": np.zeros((2, 29, 10), np.float32)}, r"depth: expected float32 of shape \(2, 30"),
        ({"camera": np.zeros((29, 3), np.float32)}, "camera: expected"),
        ({"actions": np.full((2, 30), 64, np.uint8)}, "actions: expected ids below 64 or 255"),
        ({"expressions": np.full((2, 30), 6, np.uint8)}, "expressions: expected ids below 6, got"),
        ({"speech": np.full((2, 30), 4, np.uint8)}, "speech: expected ids below 4 or 255"),
        ({"fps": 0.0}, "frames a second"),
    ],
)
def test_what_cannot_be_shown_is_refused(values, told):
    with pytest.raises(AnimationError, match=told):
        Animation(**({"joints": scene()} | values))
