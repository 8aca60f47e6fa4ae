"""Accuracy against counts made by hand, intervals against the binomial."""

from __future__ import annotations

import json

import numpy as np
import pytest

from stickgen_model.evaluate.accuracy import bootstrap_interval, measure_accuracy

LABELS = ("idle", "walk", "run", "hop")


def logits_of(*rankings):
    """Logits whose order is the given one."""
    rows = np.zeros((len(rankings), len(LABELS)))
    for row, ranking in zip(rows, rankings, strict=True):
        for place, word in enumerate(ranking.split()):
            row[LABELS.index(word)] = 9.0 - place
    return rows


def test_counts_made_by_hand():
    logits = logits_of(
        "idle walk run hop",
        "walk idle run hop",
        "idle run hop walk",
        "run hop walk idle",
        "hop run walk idle",
        "run idle hop walk",
    )
    truth = ["idle", "idle", "walk", "run", "run", "kick"]
    found = measure_accuracy(logits, truth, LABELS)
    assert found.count == 6
    assert found.top1 == pytest.approx(2 / 6)
    assert found.top3 == pytest.approx(4 / 6)
    assert found.by_action == {"idle": (2, 0.5), "kick": (1, 0.0), "run": (2, 0.5), "walk": (1, 0)}
    assert found.mean_over_actions == pytest.approx(0.25)
    assert found.unknown == 1
    pairs = [(c.action, c.taken_for, c.count, c.share) for c in found.confusions]
    assert pairs == [
        ("kick", "run", 1, 1.0),
        ("walk", "idle", 1, 1.0),
        ("idle", "walk", 1, 0.5),
        ("run", "hop", 1, 0.5),
    ]
    assert json.loads(json.dumps(found.to_dict()))["by_action"]["run"] == [2, 0.5]


def test_all_right_confuses_nothing():
    found = measure_accuracy(logits_of("idle", "hop"), ["idle", "hop"], LABELS)
    assert (found.top1, found.interval, found.confusions) == (1.0, (1.0, 1.0), ())


def test_interval_is_that_of_the_binomial():
    values = (np.arange(400) < 280).astype(float)
    low, high = bootstrap_interval(values, repeats=4000)
    half = 1.96 * np.sqrt(0.7 * 0.3 / 400)
    assert low == pytest.approx(0.7 - half, abs=0.006)
    assert high == pytest.approx(0.7 + half, abs=0.006)
    assert bootstrap_interval(values, repeats=4000) == (low, high)
    uneven = np.linspace(0.0, 1.0, 400) ** 2  # few draws of 0 and 1 often end at the same share
    assert bootstrap_interval(uneven, seed=1) != bootstrap_interval(uneven, seed=2)


def test_samples_of_one_group_count_once():
    values = np.repeat([1.0, 0.0, 1.0, 1.0], 100)
    groups = np.repeat(list("abcd"), 100)
    low, high = bootstrap_interval(values, groups)
    assert high - low > 0.6
    alone = bootstrap_interval(values)
    assert alone[1] - alone[0] < 0.1


def test_what_is_refused():
    with pytest.raises(ValueError, match=r"expected logits \(2, 4\)"):
        measure_accuracy(np.zeros((1, 4)), ["idle", "run"], LABELS)
    with pytest.raises(ValueError, match="of clips"):
        measure_accuracy(np.zeros((0, 4)), [], LABELS)
    with pytest.raises(ValueError, match="at least one value"):
        bootstrap_interval(np.zeros(0))
