"""Elbows that are led round."""

from __future__ import annotations

import numpy as np

from tasks.synthesize.engine.swivel import round_shoulders, steady_poles


def bends(aim, pole):
    """Directions across the aim, (3, 2, T)."""
    along = aim / np.linalg.norm(aim, axis=0)
    across = pole - along * np.sum(along * pole, axis=0)
    return across / np.linalg.norm(across, axis=0)


def turned(pole):
    """Largest turn of unit vectors from frame to frame, radians."""
    return np.arccos(np.clip(np.sum(pole[..., 1:] * pole[..., :-1], axis=0), -1.0, 1.0)).max()


def test_a_flip_is_spread_over_frames():
    num = 60
    aim = np.zeros((3, 2, num))
    aim[1] = -0.5
    angle = np.where(np.arange(num) < 30, 0.2, 2.6)
    pole = np.stack([np.cos(angle), 0 * angle, np.sin(angle)])[:, None].repeat(2, axis=1)
    steady = bends(aim, steady_poles(aim, pole))
    assert turned(bends(aim, pole)) > 2.0
    assert turned(steady) < 0.6
    # far from the flip nothing has changed
    assert np.allclose(steady[..., :20], pole[..., :20])
    assert np.allclose(steady[..., -20:], pole[..., -20:])


def test_slow_turns_are_left_alone():
    angle = np.linspace(0.0, 3.0, 100)
    aim = np.stack([0.3 * np.sin(angle), -0.4 + 0 * angle, 0.2 * np.cos(angle)])[:, None]
    aim = aim.repeat(2, axis=1)
    pole = np.stack([np.cos(angle), 0.1 + 0 * angle, np.sin(angle)])[:, None].repeat(2, axis=1)
    assert steady_poles(aim, pole) is pole


def test_short_clips_are_no_trouble():
    aim = np.random.default_rng(0).normal(size=(3, 2, 2))
    pole = np.random.default_rng(1).normal(size=(3, 2, 2))
    assert np.isfinite(steady_poles(aim, pole)).all()


def test_wrists_go_round_the_shoulder_in_front():
    way = np.linspace(-0.3, 0.3, 41)
    goal = np.stack([0 * way, way, 0 * way])[:, None].repeat(2, axis=1)
    front = np.tile([[0.0], [0.0], [1.0]], 41)
    round_shoulders(goal, front, length=0.5)
    distance = np.linalg.norm(goal, axis=0)
    assert distance.min() > 0.1
    assert goal[2].min() >= 0.0
    assert np.abs(np.diff(goal, 2, axis=-1)).max() < 0.02
    # out of reach of the shoulder nothing has changed
    assert np.allclose(goal[2][np.abs(goal[1]) > 0.2], 0.0)
