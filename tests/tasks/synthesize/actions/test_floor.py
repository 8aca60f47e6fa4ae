"""Floor actions: what a deed says is true of the motion."""

from __future__ import annotations

import numpy as np
import pytest

from datasets_spec.skeleton import body_index
from tasks.synthesize.actions.floor import SPECS
from tasks.synthesize.engine.body import make_body
from tasks.synthesize.engine.manner import Manner
from tasks.synthesize.engine.setting import Setting
from tasks.synthesize.engine.take import Beat
from tasks.synthesize.scenes.perform import perform_actor
from tasks.synthesize.scenes.plan import ActorPlan

SPEC = {spec.name: spec for spec in SPECS}
STANDING_HEAD = 1.4


def perform(action, *, seconds=0.0, seed=0, manner=None, **wishes):
    seconds = seconds or sum(SPEC[action].seconds) / 2
    beat = Beat(action=action, start_s=0.4, end_s=0.4 + seconds, **wishes)
    actor = ActorPlan(
        subject="p1",
        body=make_body(),
        manner=manner or Manner(),
        beats=(beat,),
        seed=(seed,),
    )
    done = perform_actor(actor, duration_s=seconds + 0.9, setting=Setting())
    return done.deeds[0], done.points.astype(float)


def place(points, name):
    return points[:, body_index(name)]


def test_all_ten_are_there():
    assert set(SPEC) == {
        "sit_down", "sit", "stand_up", "crouch", "kneel", "lie_down", "get_up", "fall",
        "pick_up", "bow",
    }  # fmt: skip


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_begins_and_ends_in_the_stances_it_names(spec):
    _, points = perform(spec.name)
    head = place(points, "head")[:, 1]
    assert (head[0] > STANDING_HEAD) == (spec.enter == "stand")
    assert (head[-1] > STANDING_HEAD) == (spec.leave == "stand")
    assert points[..., 1].min() > -0.01


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_every_style_is_done_and_told(spec):
    for style in spec.styles:
        deed, points = perform(spec.name, seconds=spec.seconds[1], style=style)
        assert deed.style == style
        assert points[..., 1].min() > -0.01


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_two_seeds_differ(spec):
    one, other = (perform(spec.name, seed=seed)[1] for seed in (1, 2))
    assert np.abs(one - other).max() > 0.005


@pytest.mark.parametrize("thing", SPEC["pick_up"].things)
@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("style", SPEC["pick_up"].styles)
def test_the_hand_goes_to_the_floor(thing, side, style):
    deed, points = perform("pick_up", thing=thing, side=side, style=style)
    lowest = [place(points, name)[:, 1].min() for name in ("l_hand", "r_hand")]
    toes = (place(points, "l_toe") + place(points, "r_toe"))[0] / 2
    if deed.side == "both":
        assert max(lowest) < 0.15
    else:
        assert deed.side == ("left", "right")[side]
        assert lowest[side] < 0.15
        assert lowest[1 - side] > 0.25
        hand = place(points, ("l_hand", "r_hand")[side])
        at = hand[hand[:, 1].argmin()]
        assert at[2] > toes[2] - 0.05
    assert deed.thing == thing


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("style", SPEC["bow"].styles)
def test_bows_can_be_counted(count, style):
    deed, points = perform("bow", count=count, style=style, seconds=1.8 * count)
    assert deed.count == count
    head = place(points, "head")[:, 1]
    low = head < (head.max() + head.min()) / 2
    assert np.count_nonzero(low[1:] & ~low[:-1]) == count


def test_a_kneel_on_one_knee_names_the_knee():
    for side, name in ((0, "l_knee"), (1, "r_knee")):
        deed, points = perform("kneel", style="on one knee", side=side)
        assert deed.side == name.replace("l_knee", "left").replace("r_knee", "right")
        other = ("r_knee", "l_knee")[side]
        assert place(points, name)[-1, 1] < 0.1 < place(points, other)[-1, 1]


@pytest.mark.parametrize("direction", SPEC["fall"].directions)
def test_a_fall_tells_its_direction(direction):
    deed, points = perform("fall", direction=direction)
    assert deed.direction == direction
    assert place(points, "head")[-1, 1] < 0.4


def test_a_body_that_stands_over_its_feet_while_it_squats():
    """Mid-hips and mid-shoulders lie on both sides of the middle of the feet, or over them."""
    _, points = perform("crouch", style="deep")
    hips = (place(points, "l_hip") + place(points, "r_hip"))[:, 2] / 2
    shoulders = (place(points, "l_shoulder") + place(points, "r_shoulder"))[:, 2] / 2
    heel, toe = place(points, "l_foot")[:, 2] - 0.06, place(points, "l_toe")[:, 2]
    trunk = (hips + shoulders) / 2
    assert (trunk > heel).all()
    assert (trunk < toe).all()
