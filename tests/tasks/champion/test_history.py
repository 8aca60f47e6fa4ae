"""The champions of a model, in their order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.champion.history import History

histories = st.lists(st.integers(1, 9), max_size=8).map(lambda v: History(tuple(v)))


@given(histories, st.integers(1, 9))
def test_a_rollback_undoes_a_promotion(history, version):
    promoted = history.promoted(version)
    assert promoted.versions[-1] == version
    if history.versions[-1:] == (version,):
        assert promoted == history
    elif history.versions:
        assert promoted.previous == history.versions[-1]
        assert promoted.rolled_back() == history
        assert promoted.rolled_back(history.versions[0]).versions[-1] == history.versions[0]


@given(histories)
def test_rollbacks_only_go_back(history):
    while history.previous is not None:
        before = history.previous
        history = history.rolled_back()
        assert history.versions[-1] == before
    with pytest.raises(LookupError, match="there are: none"):
        history.rolled_back()


@given(histories)
def test_words_and_back(history):
    assert History.parse(history.describe()) == history
    assert History.parse(f"{history.describe()} x -3 ?") == history


def test_a_champion_of_another_hand_is_seen():
    assert History((1, 2)).seen(2).versions == (1, 2)
    assert History((1, 2)).seen(1).versions == (1, 2, 1)
    assert History().seen(3).versions == (3,)
    assert History((1,)).seen(None).versions == (1,)


def test_versions_that_are_gone():
    assert History((1, 2, 1, 3)).among({1, 3}).versions == (1, 3)


def test_only_earlier_ones():
    with pytest.raises(LookupError, match="got version 3; there are: 1, 2"):
        History((1, 2, 1, 3)).rolled_back(3)
    with pytest.raises(LookupError, match="got version 7"):
        History((1, 2, 3)).rolled_back(7)
    assert History((1, 2, 1, 3)).rolled_back(1).versions == (1, 2, 1)


def test_it_does_not_grow_for_ever():
    history = History()
    for version in range(1, 500):
        history = history.promoted(version)
    assert len(history.versions) == 100
    assert len(history.describe()) < 5000
