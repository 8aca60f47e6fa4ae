"""Scenes for the tests of files."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from stickgen_model.animation import Animation, Caption

HOSTILE = "<script>alert(1)</script>&amp;\"'\0\x07\u202e\ud800\U0001f600 \u4f60\u597d ]]> --"


def walking(actors=1, frames=40, *, seed=0, **changed):
    """People who walk, with everything that a scene can have."""
    rng = np.random.default_rng(seed)
    time = np.arange(frames) / 25.0
    joints = np.zeros((actors, frames, 10, 2), np.float32)
    depth = np.zeros((actors, frames, 10), np.float32)
    for actor in range(actors):
        phase = 2 * np.pi * time + rng.random() * 6
        pelvis = np.stack([0.8 * actor + 0.5 * time, 0.52 + 0.01 * np.cos(2 * phase)], axis=-1)
        joints[actor, :, 1], joints[actor, :, 0] = pelvis, pelvis + np.array([0.02, 0.42])
        neck = pelvis + np.array([0.014, 0.294])
        for side, (elbow, hand, knee, foot) in enumerate([(2, 3, 6, 7), (4, 5, 8, 9)]):
            swing = 0.6 * np.sin(phase + np.pi * side)
            reach = np.stack([np.sin(swing), -np.cos(swing)], axis=-1)
            joints[actor, :, knee] = pelvis + 0.25 * reach
            joints[actor, :, foot] = joints[actor, :, knee] + 0.25 * reach
            joints[actor, :, elbow] = neck + 0.2 * reach * [-1, 1]
            joints[actor, :, hand] = joints[actor, :, elbow] + [0.1, -0.11]
            depth[actor, :, [elbow, hand, knee, foot]] = [[0.1], [0.14], [0.05], [0.06]]
            depth[actor, :, [elbow, hand, knee, foot]] *= 1 - 2 * side
        depth[actor] += 0.3 * actor
    values = {
        "joints": joints,
        "depth": depth,
        "actions": rng.choice([1, 1, 28, 255], (actors, frames)).astype(np.uint8),
        "expressions": rng.integers(0, 6, (actors, frames)).astype(np.uint8),
        "speech": rng.choice([0, 3, 255], (actors, frames)).astype(np.uint8),
        "camera": np.stack([0.5 * time, 0 * time + 0.5, 1 + 0.1 * time], 1).astype(np.float32),
        "captions": (
            Caption(start_s=0.0, end_s=0.5, text="walks"),
            Caption(start_s=0.5, end_s=1.3, text=HOSTILE),
        ),
        "title": "somebody walks",
        "facts": {"seed": 3, "model": "small", "guidance": 2.5, "body_height_m": 1.59},
    }
    return Animation(**(values | changed))


@st.composite
def scenes(draw):
    """Any scene, from one frame of one person on; numbers anywhere in the range."""
    actors, frames = draw(st.integers(1, 3)), draw(st.integers(1, 12))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    far = draw(st.sampled_from([1e-4, 1.0, 999.0]))

    def numbers(*shape):
        return (far * rng.uniform(-1, 1, shape)).astype(np.float32)

    def maybe(value):
        return value if draw(st.booleans()) else None

    def ids(*words):
        return rng.choice(words, (actors, frames)).astype(np.uint8)

    text = st.text(max_size=8)
    plain = st.one_of(text, st.integers(), st.floats(allow_nan=False, allow_infinity=False))
    start = draw(st.floats(0, 10))
    return Animation(
        joints=numbers(actors, frames, 10, 2),
        depth=maybe(numbers(actors, frames, 10)),
        actions=ids(*range(64), 255),
        expressions=maybe(ids(*range(6))),
        speech=maybe(ids(0, 1, 2, 3, 255)),
        camera=maybe(numbers(frames, 3)),
        captions=draw(
            st.lists(
                text.map(lambda t: Caption(start_s=start, end_s=start + 1, text=t)), max_size=2
            ).map(tuple)
        ),
        title=draw(text),
        fps=draw(st.sampled_from([1.0, 12.5, 25.0, 30000 / 1001, 60.0, 1000.0])),
        facts=draw(st.dictionaries(text, plain, max_size=3)),
    )


def check_words(one, two):
    """Everything but places is the same."""
    for name in ("actions", "expressions", "speech"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
    for name in ("captions", "title", "fps"):
        assert getattr(one, name) == getattr(two, name)
    assert dict(one.facts) == dict(two.facts)
    assert (one.depth is None) == (two.depth is None)
    assert (one.camera is None) == (two.camera is None)
