"""Pair actions are labels: a partner is needed to do them."""

from __future__ import annotations

import pytest

from tasks.synthesize.actions.registry import action_spec
from tasks.synthesize.engine.take import Beat
from tasks.synthesize.scenes.meetings import MEETINGS

NAMES = ("handshake", "hug", "high_five", "fight")


@pytest.mark.parametrize("name", NAMES)
def test_pair_actions_refuse_to_be_played_alone(name):
    spec = action_spec(name)
    assert spec.kind == "pair"
    with pytest.raises(ValueError, match="needs a partner"):
        spec.play(None, Beat(action=name, start_s=0.0, end_s=1.0))


@pytest.mark.parametrize("name", NAMES)
def test_every_pair_action_has_its_meeting(name):
    assert MEETINGS[name].labels == (name, name)
    assert set(action_spec(name).styles) <= set(MEETINGS[name].styles)
    assert action_spec(name).seconds == MEETINGS[name].seconds
