import functools
from dataclasses import fields

import numpy as np
import pytest
from scipy.signal import find_peaks

from datasets_spec.skeleton import body_index
from tasks.retarget.body import CENTRE_WEIGHTS
from tasks.synthesize.actions import daily, gestures
from tasks.synthesize.actions.registry import action_spec
from tasks.synthesize.engine.base import Placement
from tasks.synthesize.engine.body import make_body
from tasks.synthesize.engine.manner import Manner
from tasks.synthesize.engine.posture import Posture
from tasks.synthesize.engine.setting import Setting
from tasks.synthesize.engine.take import Beat
from tasks.synthesize.scenes.perform import perform_actor, start_take
from tasks.synthesize.scenes.plan import ActorPlan

SPECS = (*gestures.SPECS, *daily.SPECS)
VARIANTS = [(spec.name, style) for spec in SPECS for style in spec.styles or ("",)]
FEET = [body_index(one) for one in ("l_toe", "r_toe", "l_foot", "r_foot")]
HANDS = [body_index("l_hand"), body_index("r_hand")]
BONES = [
    (body_index(side + one), body_index(side + other))
    for side in ("l_", "r_")
    for one, other in (("shoulder", "elbow"), ("elbow", "hand"), ("hip", "knee"), ("knee", "foot"))
]


@functools.cache
def act(action, *, seed=0, seconds=4.0, manner=None, stature=1.7, yaw=0.0, others=(), **wishes):
    """Points from half a second before to half a second after, and the deed."""
    beat = Beat(action=action, start_s=0.5, end_s=0.5 + seconds, **wishes)
    actor = ActorPlan(
        subject="p",
        body=make_body(stature=stature),
        manner=manner or Manner(),
        beats=(*others, beat),
        placement=Placement(yaw=yaw),
        seed=(seed,),
    )
    done = perform_actor(actor, duration_s=seconds + 1.0, setting=Setting())
    deed = next(one for one in done.deeds if one.action == action)
    return done.points.astype(np.float64), deed


def shoulders(points):
    return (points[:, body_index("l_shoulder")] + points[:, body_index("r_shoulder")]) / 2


def hand_of(points, deed):
    return points[:, body_index("l_hand" if deed.side == "left" else "r_hand")]


def peaks(track, prominence):
    return len(find_peaks(track, prominence=prominence)[0])


@pytest.mark.parametrize(("action", "style"), VARIANTS)
def test_every_variant_is_humanly_possible(action, style):
    points, deed = act(action, style=style, seed=3)
    assert np.isfinite(points).all()
    assert deed.style == style
    for one, other in BONES:
        length = np.linalg.norm(points[:, one] - points[:, other], axis=-1)
        assert np.ptp(length) < 1e-4
    speed = np.linalg.norm(np.diff(points, axis=0), axis=-1) * 25.0
    assert speed.max() < 12.0
    change = np.linalg.norm(np.diff(points, 2, axis=0), axis=-1) * 625.0
    assert change.max() < 200.0
    assert points[..., 1].min() > 0.0
    assert speed[:, :11].max(axis=1).min() > 0.0


@pytest.mark.parametrize(("action", "style"), VARIANTS)
def test_hands_stay_out_of_trunk_and_head(action, style):
    points, _ = act(action, style=style, seed=3)
    hips = (points[:, body_index("l_hip")] + points[:, body_index("r_hip")]) / 2
    axis = shoulders(points) - hips
    for hand in HANDS:
        share = ((points[:, hand] - hips) * axis).sum(axis=-1) / (axis**2).sum(axis=-1)
        nearest = hips + np.clip(share, 0.0, 1.0)[:, None] * axis
        assert np.linalg.norm(points[:, hand] - nearest, axis=-1).min() > 0.06
        assert np.linalg.norm(points[:, hand] - points[:, 0], axis=-1).min() > 0.10


@pytest.mark.parametrize(
    ("action", "style"),
    [one for one in VARIANTS if one not in {("throw", one[1]), ("catch", one[1])}],
)
def test_planted_feet_stay(action, style):
    points, _ = act(action, style=style, seed=3)
    assert np.ptp(points[:, FEET], axis=0)[:, [0, 2]].max() < 1e-3


@pytest.mark.parametrize(("action", "style"), VARIANTS)
def test_nothing_changes_outside_the_beat(action, style):
    beat = Beat(action=action, start_s=1.0, end_s=4.0, style=style)
    actor = ActorPlan(subject="p", body=make_body(), manner=Manner(), beats=(beat,))
    take = start_take(actor, duration_s=5.0, setting=Setting())
    before = {one.name: getattr(take.posture, one.name).copy() for one in fields(Posture)}
    action_spec(action).play(take, beat)
    outside = (take.t <= 1.0) | (take.t >= 4.0)
    for name, track in before.items():
        after = getattr(take.posture, name)[outside]
        # a place to which no weight leads is no motion
        if name not in ("reach", "hold"):
            assert np.allclose(after, track[outside], atol=1e-9), name
    assert take.posture.reach_weight[outside].max() == 0.0


@pytest.mark.parametrize("action", [spec.name for spec in SPECS])
@pytest.mark.parametrize("start_s", [-2.0, 2.9, 20.0])
def test_a_beat_may_stick_out_of_the_clip(action, start_s):
    beat = Beat(action=action, start_s=start_s, end_s=start_s + 3.0)
    actor = ActorPlan(subject="p", body=make_body(), manner=Manner(), beats=(beat,))
    done = perform_actor(actor, duration_s=4.0, setting=Setting())
    assert np.isfinite(done.points).all()
    assert (done.deeds[0].start_s, done.deeds[0].end_s) == (start_s, start_s + 3.0)


@pytest.mark.parametrize("action", [spec.name for spec in SPECS])
def test_two_performances_differ_and_one_can_be_had_again(action):
    points, _ = act(action, seed=4)
    assert np.array_equal(points, act.__wrapped__(action, seed=4)[0])
    assert np.abs(points - act(action, seed=5)[0]).max() > 0.01


@pytest.mark.parametrize("action", [spec.name for spec in SPECS if spec.sided])
@pytest.mark.parametrize("side", [0, 1])
def test_the_hand_asked_for_does_most(action, side):
    points, deed = act(action, side=side, seed=side + 6)
    assert deed.side == ("left", "right")[side]
    rise = np.ptp(points[:, HANDS, 1], axis=0)
    assert rise[side] > rise[1 - side]


@pytest.mark.parametrize("handed", [0, 1])
def test_without_a_wish_the_preferred_hand_is_taken(handed):
    _, deed = act("salute", manner=Manner(handed=handed))
    assert deed.side == ("left", "right")[handed]


def swing(points, deed):
    if deed.action == "nod":
        return points[:, 0, 2] - shoulders(points)[:, 2], 0.015
    if deed.action == "shake_head":
        return points[:, 0, 0] - shoulders(points)[:, 0], 0.02
    if deed.action == "clap":
        return -np.linalg.norm(points[:, HANDS[0]] - points[:, HANDS[1]], axis=-1), 0.07
    if deed.action in ("eat", "drink"):
        return -np.linalg.norm(hand_of(points, deed) - points[:, 0], axis=-1), 0.1
    if deed.style == "chest_pass":
        return points[:, HANDS[0], 2], 0.2
    if deed.action == "throw":
        return np.linalg.norm(np.diff(hand_of(points, deed), axis=0), axis=-1) * 25.0, 3.5
    if deed.action == "catch":
        return hand_of(points, deed)[:, 2], 0.15
    if deed.action == "shout":
        return points[:, 0, 2], 0.03
    # a hand goes up and down in half a second; the swings lie in between
    up = points[23:103]
    return np.abs(hand_of(up, deed)[:, 0] - shoulders(up)[:, 0]), 0.03


COUNTED = [(spec.name, style) for spec in SPECS if spec.counts for style in spec.styles]


@pytest.mark.parametrize(("action", "style"), COUNTED)
@pytest.mark.parametrize("wish", [0, 1, 2, 3])
def test_counts_are_those_to_be_seen(action, style, wish):
    wishes = {"direction": "forward"} if action == "catch" else {}
    seconds = max(4.0, 2.2 * wish) if action in ("throw", "catch", "eat", "drink") else 4.0
    points, deed = act(action, style=style, count=wish, seconds=seconds, seed=wish, **wishes)
    assert deed.count == wish or not wish
    assert peaks(*swing(points, deed)) == deed.count


def test_a_count_that_does_not_fit_is_cut_and_told_so():
    points, deed = act("nod", count=6, seconds=1.5)
    assert 1 <= deed.count < 6
    assert peaks(*swing(points, deed)) == deed.count


@pytest.mark.parametrize(
    ("direction", "way"),
    [
        ("forward", (0, 0, 1)),
        ("up", (0, 0.91, 0.41)),
        ("down", (0, -0.68, 0.73)),
        ("left", (1, 0, 0)),
        ("right", (-1, 0, 0)),
    ],
)
def test_pointing_goes_where_it_says(direction, way):
    points, deed = act("point", direction=direction, style="hold")
    side = "l_" if deed.side == "left" else "r_"
    arm = (points[:, body_index(side + "hand")] - points[:, body_index(side + "shoulder")])[62]
    cosine = arm @ np.array(way) / np.linalg.norm(arm) / np.linalg.norm(way)
    assert np.degrees(np.arccos(cosine)) < 18.0
    assert deed.direction == direction


@pytest.mark.parametrize("yaw", [0.0, 1.0, -2.0])
@pytest.mark.parametrize("aside", [-2.0, -1.0, 0.0, 0.8, 2.0])
def test_pointing_to_a_place_of_the_world(yaw, aside):
    points, deed = act("point", yaw=yaw, bearing=yaw + aside, style="hold")
    side = "l_" if deed.side == "left" else "r_"
    arm = (points[:, body_index(side + "hand")] - points[:, body_index(side + "shoulder")])[62]
    error = np.angle(np.exp(1j * (np.arctan2(arm[0], arm[2]) - yaw - aside)))
    assert abs(np.degrees(error)) < 18.0
    if aside:
        assert deed.side == ("left" if aside > 0 else "right")


@pytest.mark.parametrize(("direction", "sign"), [("left", 1.0), ("right", -1.0)])
def test_looking_aside_turns_the_shoulders(direction, sign):
    points, _ = act("look_around", direction=direction)
    across = points[:, body_index("l_shoulder")] - points[:, body_index("r_shoulder")]
    turned = np.arctan2(-across[:, 2], across[:, 0])
    assert sign * turned[np.abs(turned).argmax()] > 0.15


@pytest.mark.parametrize("style", ["in_front", "overhead", "slow"])
def test_clapping_hands_meet(style):
    points, _ = act("clap", style=style)
    gap = np.linalg.norm(points[:, HANDS[0]] - points[:, HANDS[1]], axis=-1)
    assert 0.05 < gap.min() < 0.13
    high = points[gap.argmin(), HANDS, 1].min() - points[gap.argmin(), 0, 1]
    assert (high > 0.1) == (style == "overhead")


@pytest.mark.parametrize("handed", [0, 1])
def test_pointing_back_is_done_on_the_side_of_the_preferred_hand(handed):
    points, deed = act("point", direction="backward", style="hold", manner=Manner(handed=handed))
    assert deed.side == ("left", "right")[handed]
    assert (hand_of(points, deed) - shoulders(points))[62, 2] < -0.2


@pytest.mark.parametrize("side", [0, 1])
def test_a_thrower_steps_with_the_other_foot_and_comes_back(side):
    points, _ = act("throw", style="overarm", side=side, count=1)
    feet = points[:, [body_index("l_foot"), body_index("r_foot")], 2]
    ahead = feet.max(axis=0) - feet[0]
    assert ahead[1 - side] > 0.25
    assert np.abs(feet[-1] - feet[0]).max() < 5e-3
    foot = points[:, body_index("l_toe" if side else "r_toe")]
    low = foot[:, 1] < foot[0, 1] + 2e-3
    slide = np.linalg.norm(np.diff(foot[:, [0, 2]], axis=0), axis=-1)[low[1:] & low[:-1]]
    assert slide.sum() < 0.02


@pytest.mark.parametrize(("direction", "high"), [("up", True), ("down", False)])
def test_catching_high_and_low(direction, high):
    points, deed = act("catch", direction=direction, style="two_hands", count=1)
    height = points[:, HANDS, 1].mean(axis=1) - shoulders(points)[:, 1]
    assert deed.direction == direction
    if high:
        assert height.max() > 0.25
    else:
        assert points[:, HANDS, 1].mean(axis=1)[40:80].min() < 0.75


@pytest.mark.parametrize("stature", [1.3, 1.7, 1.95])
def test_places_scale_with_the_body(stature):
    points, _ = act("salute", style="brow", stature=stature)
    gap = np.linalg.norm(points[62, HANDS[1]] - points[62, 0]) / stature
    assert gap == pytest.approx(0.115, abs=0.03)


@pytest.mark.parametrize("action", [spec.name for spec in SPECS if "walk" in spec.over])
def test_over_a_walk_the_steps_are_untouched(action):
    walk = Beat(action="walk", start_s=-2.0, end_s=8.0)
    alone, _ = act("nod", others=(walk,))
    points, _ = act(action, others=(walk,))
    assert np.allclose(points[:, FEET], alone[:, FEET], atol=1e-4)


def test_specs_are_what_the_planner_is_told():
    for spec in SPECS:
        assert action_spec(spec.name) is spec
        assert spec.kind in ("upper", "whole")
        assert 0.5 < spec.seconds[0] < spec.seconds[1] <= 10.0


@pytest.mark.parametrize(
    ("action", "style"), [one for one in VARIANTS if one[0] not in ("throw", "catch")]
)
def test_the_body_centre_stays_over_the_feet(action, style):
    points, _ = act(action, style=style, seed=3)
    centre = np.einsum("j,tjk->tk", CENTRE_WEIGHTS, points)
    heel, toe = points[:, FEET[2:], 2].mean(axis=1), points[:, FEET[:2], 2].mean(axis=1)
    share = (centre[:, 2] - heel) / (toe - heel)
    assert share.min() > -0.35  # the heel lies a third of the foot behind the ankle
    assert share.max() < 0.9
    across = points[:, FEET[2:], 0]
    # half a foot's width beyond the ankles
    assert (
        np.abs(centre[:, 0] - across.mean(axis=1)).max() < np.ptp(across, axis=1).min() / 2 + 0.04
    )
