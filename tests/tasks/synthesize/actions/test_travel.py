"""What the actions on two feet say they did is what the points show."""

from __future__ import annotations

import numpy as np
import pytest

from datasets_spec.skeleton import BODY_BONES, body_index
from tasks.synthesize.actions.registry import action_specs
from tasks.synthesize.actions.travel import SPECS
from tasks.synthesize.scenes.perform import perform_actor
from tasks.synthesize.scenes.solo import solo_plan

NAMES = tuple(spec.name for spec in SPECS)
ALL = sorted(NAMES)


def performed(name, seed, **wishes):
    plan = solo_plan(name, seed, **wishes)
    done = perform_actor(plan.actors[0], duration_s=plan.duration_s, setting=plan.setting)
    return done.points.astype(float), done.deeds[0], plan


def hips_of(points):
    return points[:, [body_index("l_hip"), body_index("r_hip")]].mean(axis=1)


def test_all_fifteen_are_there():
    assert len(set(NAMES)) == 15
    assert set(NAMES) <= set(action_specs())


@pytest.mark.parametrize("name", ALL)
def test_bones_floor_and_speeds_hold(name):
    for seed in (1, 2, 3):
        points, _, _ = performed(name, seed)
        for one, two in BODY_BONES:
            bone = np.linalg.norm(points[:, body_index(one)] - points[:, body_index(two)], axis=1)
            assert np.ptp(bone) < 1e-4
        assert points[..., 1].min() > -0.005
        speed = np.linalg.norm(np.diff(points, axis=0), axis=-1).max() * 25.0
        assert speed < (19.0 if name == "sprint" else 13.0)


@pytest.mark.parametrize("name", ALL)
def test_no_two_performances_are_the_same(name):
    one, two = performed(name, 5)[0], performed(name, 6)[0]
    num = min(len(one), len(two))
    assert np.abs(one[:num] - two[:num]).max() > 0.05


@pytest.mark.parametrize("name", [n for n in ALL if n not in ("idle", "turn")])
def test_stated_speed_is_that_of_the_hips(name):
    points, deed, plan = performed(name, 4)
    hips = hips_of(points)[:, [0, 2]]
    straight = np.linalg.norm(hips[-1] - hips[0]) / plan.duration_s
    assert straight <= deed.speed_mps * 1.05 + 0.02
    if name in ("run", "sprint", "walk_backward", "run_backward"):
        assert straight == pytest.approx(deed.speed_mps, rel=0.12)


def test_speeds_are_in_order():
    mean = {
        name: np.mean([performed(name, seed)[1].speed_mps for seed in range(6)])
        for name in ("walk_backward", "walk", "run", "sprint")
    }
    assert mean["walk_backward"] < mean["walk"] < mean["run"] < mean["sprint"]


@pytest.mark.parametrize(("direction", "sign"), [("left", 1), ("right", -1)])
def test_sidestep_goes_to_its_side(direction, sign):
    points, deed, _ = performed("sidestep", 3, direction=direction)
    assert deed.direction == direction
    left = points[:, body_index("l_hip")] - points[:, body_index("r_hip")]
    way = hips_of(points)[-1] - hips_of(points)[0]
    assert sign * (way @ left.mean(axis=0)) > 0.0


@pytest.mark.parametrize("angle", [-np.pi, -1.2, 0.8, np.pi / 2, np.pi])
def test_turn_turns_as_wished_and_says_so(angle):
    points, deed, _ = performed("turn", 2, amount=angle)
    across = points[:, body_index("l_hip")] - points[:, body_index("r_hip")]
    yaw = np.unwrap(np.arctan2(-across[:, 2], across[:, 0]))
    assert yaw[-1] - yaw[0] == pytest.approx(angle, abs=0.2)
    assert deed.angle_deg == pytest.approx(np.degrees(angle), abs=8.0)
    assert deed.direction == ("left" if angle > 0 else "right")
    assert deed.count >= 2


@pytest.mark.parametrize("side", [0, 1])
def test_hop_is_on_one_foot_and_counted(side):
    points, deed, _ = performed("hop", 3, side=side)
    toes = points[:, [body_index("l_toe"), body_index("r_toe")], 1]
    assert deed.side == ("left", "right")[side]
    assert toes[:, 1 - side].min() > 0.15
    low = toes[:, side] < toes[:, side].min() + 0.02
    landings = int(np.count_nonzero(low[1:] & ~low[:-1]))
    assert abs(landings - deed.count) <= 1
    assert (~low).sum() > 5


@pytest.mark.parametrize("style", ["forward", "on the spot"])
def test_march_lifts_its_knees_where_asked(style):
    points, deed, _ = performed("march", 3, style=style)
    knees = points[:, [body_index("l_knee"), body_index("r_knee")], 1]
    hips = hips_of(points)[:, 1]
    assert (knees.max(axis=0) > 0.68 * hips.mean()).all()
    assert (deed.speed_mps > 0.5) == (style == "forward")
    assert deed.count >= 3


@pytest.mark.parametrize("side", [0, 1])
def test_limp_spares_its_bad_leg(side):
    points, deed, plan = performed("limp", 8, side=side)
    toes = points[:, [body_index("l_toe"), body_index("r_toe")], 1]
    stance = (toes < toes.min() + 0.004).mean(axis=0)
    assert deed.side == ("left", "right")[side]
    assert stance[side] < stance[1 - side]
    assert plan.actors[0].body.leg > 0.0


def test_circles_turn_all_the_way_one_way():
    points, deed, _ = performed("walk", 2, style="circle", direction="right")
    assert deed.angle_deg < -20.0
    flow = np.diff(hips_of(points)[::12, :][:, [0, 2]], axis=0)
    heading = np.unwrap(np.arctan2(flow[:, 0], flow[:, 1]))
    assert (np.diff(heading) < 0.1).all()


def test_carried_things_are_held_by_the_hands_that_the_deed_names():
    points, deed, _ = performed("carry", 1, style="front", thing="box")
    hands = points[:, [body_index("l_hand"), body_index("r_hand")]]
    apart = np.linalg.norm(hands[:, 0] - hands[:, 1], axis=1)
    assert deed.side == "both"
    assert deed.thing == "box"
    assert np.ptp(apart) < 0.03
    _, lone, _ = performed("carry", 1, style="side", thing="bucket", side=0)
    assert lone.side == "left"


def test_push_keeps_both_hands_in_front_at_one_height():
    points, _, _ = performed("push", 1)
    hands = points[:, [body_index("l_hand"), body_index("r_hand")]]
    assert np.ptp(hands[..., 1]) < 0.08
    ahead = hands.mean(axis=1) - hips_of(points)
    flow = hips_of(points)[-1] - hips_of(points)[0]
    assert (ahead @ (flow / np.linalg.norm(flow)) > 0.35).all()


@pytest.mark.parametrize("style", ["at ease", "hands on hips", "hands behind back", "sway"])
def test_idle_stands_and_never_freezes(style):
    points, deed, _ = performed("idle", 2, style=style)
    assert deed.style == style
    step = np.linalg.norm(np.diff(points, axis=0), axis=-1).max(axis=1)
    assert step.min() > 1e-4
    # the heel of the free leg may come up: the balls of the feet stay where they are
    balls = points[:, [body_index("l_toe"), body_index("r_toe")]]
    assert np.ptp(balls, axis=0).max() < 3e-3
    ankles = points[:, [body_index("l_foot"), body_index("r_foot")]]
    assert np.ptp(ankles, axis=0).max() < 0.06
