"""Times of the actions of one actor."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets_spec.vocabulary import ACTIONS
from tasks.synthesize.actions.registry import action_spec
from tasks.synthesize.engine.manner import Manner
from tasks.synthesize.scenes.chain import chain_seconds, connect, random_chain
from tasks.synthesize.scenes.timeline import LONGEST_S, SHORTEST_S, random_wishes, timeline

SOLO = sorted(name for name in ACTIONS if action_spec(name).kind != "pair")


@settings(max_examples=150, deadline=None)
@given(
    target=st.sampled_from(SOLO),
    num=st.integers(1, 4),
    seed=st.integers(0, 10**6),
    tempo=st.floats(0.6, 1.4),
    wanted=st.none() | st.floats(2.0, 10.0),
)
def test_beats_follow_one_another_inside_the_clip(target, num, seed, tempo, wanted):
    rng = np.random.default_rng(seed)
    chain = random_chain(target, num, rng, room_s=9.0 * tempo)
    beats, end = timeline(chain, Manner(tempo=tempo), rng, wanted_s=wanted)
    assert SHORTEST_S <= end <= LONGEST_S
    body = [beat for beat in beats if action_spec(beat.action).kind != "upper"]
    for one, other in pairwise(body):
        assert one.end_s <= other.start_s + 1e-9
    assert all(beat.end_s - beat.start_s > 0.8 for beat in beats)
    for beat in beats:
        if action_spec(beat.action).kind != "travel":
            assert beat.start_s >= 0.0
            assert beat.end_s <= LONGEST_S + 1e-9
    if sum(low for low, _ in chain_seconds(chain)) / tempo < 9.0:
        done = [beat.action for beat in beats[: len(chain)]]
        assert done == list(chain)


@pytest.mark.parametrize("name", SOLO)
def test_wishes_are_what_the_action_offers(name):
    spec = action_spec(name)
    for seed in range(40):
        wishes = random_wishes(spec, np.random.default_rng(seed))
        assert wishes.get("style", "") in ("", *spec.styles)
        assert wishes.get("direction", "") in ("", *spec.directions)
        assert wishes.get("thing", "") in ("", *spec.things)
        assert "side" not in wishes or spec.sided
        if "count" in wishes:
            assert spec.counts[0] <= wishes["count"] <= spec.counts[1]


def test_who_sat_down_on_the_floor_rises_from_the_floor():
    chain = connect(("sit_down", "eat", "stand_up"))
    seen = set()
    for seed in range(60):
        beats, _ = timeline(chain, Manner(), np.random.default_rng(seed))
        named = {beat.action: beat for beat in beats}
        if named["sit_down"].style and "stand_up" in named:
            seen.add(named["sit_down"].style)
            assert named["stand_up"].style == named["sit_down"].style
    assert len(seen) > 2


def test_a_wanted_length_is_come_near_to():
    for seed in range(40):
        wanted = 3.0 + 0.15 * seed
        _, end = timeline(("walk",), Manner(), np.random.default_rng(seed), wanted_s=wanted)
        assert end >= min(wanted, 9.9) - 0.5
    ends = [
        timeline(("wave", "walk", "clap"), Manner(), np.random.default_rng(k), wanted_s=6.5)[1]
        for k in range(40)
    ]
    assert max(ends) < 9.0


def test_gaits_go_on_beyond_the_ends_most_of_the_time():
    begun = [
        timeline(("walk",), Manner(), np.random.default_rng(seed))[0][0].start_s < -1.0
        for seed in range(100)
    ]
    assert 0.4 < np.mean(begun) < 0.8
