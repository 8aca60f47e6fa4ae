"""Surroundings that suit what is done in them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from datasets_spec.vocabulary import ACTIONS
from tasks.synthesize.engine.setting import EARTH_GRAVITY, Setting
from tasks.synthesize.scenes.random_setting import TRAVEL_ONLY, place_for, random_setting


def is_plain(setting):
    return (
        setting.gravity_mps2 == EARTH_GRAVITY
        and setting.ground == "floor"
        and setting.water_m == 0.0
        and setting.wind_mps == 0.0
    )


def test_share_of_special_surroundings_is_as_asked():
    rng = np.random.default_rng(1)
    drawn = [random_setting(rng, special_share=0.3, travels=True) for _ in range(2000)]
    assert 0.26 < np.mean([not is_plain(one) for one in drawn]) < 0.34
    assert set(TRAVEL_ONLY) <= {one.ground for one in drawn}
    for one in drawn:
        assert is_plain(one) or one.place
        if one.water_m:
            assert one.place == f"in {'knee' if one.water_m < 0.6 else 'waist'}-deep water"


def test_stairs_are_for_those_who_travel():
    rng = np.random.default_rng(2)
    drawn = [random_setting(rng, special_share=1.0) for _ in range(500)]
    assert not {one.ground for one in drawn} & set(TRAVEL_ONLY)


@given(seed=st.integers(0, 10**6), actions=st.lists(st.sampled_from(ACTIONS), min_size=1))
def test_places_suit_the_actions(seed, actions):
    rng = np.random.default_rng(seed)
    drawn = random_setting(rng, special_share=0.5)
    setting = place_for(drawn, actions, rng)
    if "swim" in actions and not {"fly", "climb"} & set(actions):
        assert setting.place in ("", "in the pool", "in the sea", "in a lake")
    if {"lie_down", "sit", "type", "cartwheel"} & set(actions):
        assert setting.water_m == 0.0
    if {"sprint", "swing_bat", "throw"} & set(actions):
        assert setting.place not in ("in the kitchen", "in an office")
    if not is_plain(setting):
        assert setting == drawn


def test_a_special_place_stays():
    moon = Setting(place="on the moon", gravity_mps2=1.62)
    assert place_for(moon, ["jump", "wave"], np.random.default_rng(0)) == moon
