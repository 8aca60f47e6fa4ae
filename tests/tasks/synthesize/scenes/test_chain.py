"""Chains of actions that one body can do."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets_spec.vocabulary import ACTIONS
from tasks.synthesize.actions.registry import action_spec
from tasks.synthesize.scenes.chain import (
    ALONE,
    chain_seconds,
    connect,
    random_chain,
    way_between,
)

SOLO = sorted(name for name in ACTIONS if action_spec(name).kind != "pair")


def stances_meet(chain):
    """Walk through a chain with one's own book-keeping of how the body rests."""
    stance = action_spec(chain[0]).enter
    for name in chain:
        spec = action_spec(name)
        over = spec.kind == "upper" and stance in spec.over
        from_knees = name == "get_up" and stance == "kneel"
        from_heels = name == "stand_up" and stance == "crouch"
        if not (over or stance == spec.enter or from_knees or from_heels):
            return False
        if spec.kind != "upper":
            stance = spec.leave
    return True


@pytest.mark.parametrize("one", SOLO)
def test_any_two_actions_are_connected(one):
    for other in SOLO:
        chain = connect((one, other))
        assert stances_meet(chain), chain
        assert chain[0] == one
        assert chain[-1] == other


def test_who_kneels_and_talks_gets_up_before_running():
    chain = connect(("kneel", "talk", "sprint"))
    assert chain == ("kneel", "talk", "get_up", "sprint")
    assert connect(("sit_down", "eat", "walk")) == ("sit_down", "eat", "stand_up", "walk")


def test_what_fits_needs_no_way():
    assert way_between("sit", action_spec("drink")) == []
    assert way_between("stand", action_spec("walk")) == []


def test_getting_up_from_the_knees_is_quick():
    lengths = chain_seconds(("kneel", "get_up"))
    assert lengths[1][1] < action_spec("get_up").seconds[0]
    assert chain_seconds(("get_up",)) == (action_spec("get_up").seconds,)


@settings(max_examples=150, deadline=None)
@given(
    target=st.sampled_from(SOLO),
    num=st.integers(1, 5),
    seed=st.integers(0, 10**6),
    room=st.floats(4.0, 12.0),
)
def test_random_chains_hold_their_target_and_fit(target, num, seed, room):
    chain = random_chain(target, num, np.random.default_rng(seed), room_s=room)
    assert chain == random_chain(target, num, np.random.default_rng(seed), room_s=room)
    assert target in chain
    assert stances_meet(chain)
    assert all(one != other for one, other in pairwise(chain))
    alone = connect((target,))
    shortest = sum(low for low, _ in chain_seconds(chain))
    assert shortest <= room or chain == alone
    if ALONE & set(chain):
        assert len(chain) == 1
