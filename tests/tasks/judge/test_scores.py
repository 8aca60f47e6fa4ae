"""Scores of judges, with judges that are known to be good or bad."""

from __future__ import annotations

import numpy as np
import pytest

from stickgen_model.evaluate.captioned_motion import CaptionedMotion
from tasks.judge.scores import encoder_scores, in_short


class Knowing:
    """Knows every sentence and the clip that carries its number; or nothing."""

    def __init__(self, *, blind=False):
        self._blind = blind

    def _vector(self, number):
        rng = np.random.default_rng(0 if self._blind else number)
        vector = rng.normal(size=8)
        return vector / np.linalg.norm(vector)

    def embed_texts(self, texts):
        return np.array([self._vector(int(text.split()[-1])) for text in texts], dtype=np.float32)

    def embed_motions(self, clips):
        return np.array([self._vector(int(clip[0, 0, 0])) for clip in clips], dtype=np.float32)


def motion(count, *, real=()):
    frames = np.arange(count, dtype=np.float32)[:, None, None] * np.ones((1, 10, 2), np.float32)
    return CaptionedMotion(
        frames=frames,
        first=np.arange(count),
        lengths=np.ones(count, dtype=np.int64),
        texts=tuple((f"number {i}",) for i in range(count)),
        clips=np.arange(count),
        groups=np.arange(count),
        whole=np.ones(count, dtype=bool),
        real=np.isin(np.arange(count), real),
    )


def test_who_knows_all_finds_all():
    scores = encoder_scores(Knowing(), motion(60, real=range(5)), most=100, seed=0)
    assert {kind: one["clips"] for kind, one in scores.items()} == {
        "all": 60,
        "real": 5,
        "synthetic": 55,
    }
    assert scores["all"]["r_precision_1"] == scores["all"]["retrieval_1"] == 1.0
    assert scores["all"]["mm_distance"] == pytest.approx(0.0)
    assert scores["real"]["retrieval_1"] == 1.0
    assert "r_precision_1" not in scores["real"]


def test_who_knows_nothing_is_as_good_as_chance():
    scores = encoder_scores(Knowing(blind=True), motion(64), most=100, seed=0)["all"]
    assert scores["r_precision_1"] == pytest.approx(1 / 32)
    assert scores["retrieval_3"] == pytest.approx(3 / 64)


def test_at_most_so_many():
    scores = encoder_scores(Knowing(), motion(60), most=10, seed=0)
    assert scores["all"]["clips"] == scores["all"]["sentences"] == 10
    assert set(scores) == {"all", "synthetic"}


def test_one_sentence_has_no_retrieval():
    assert set(encoder_scores(Knowing(), motion(1), most=10, seed=0)["all"]) == {
        "clips",
        "sentences",
        "mm_distance",
    }


def test_few_of_them_are_told_with_every_use():
    short = in_short(encoder_scores(Knowing(), motion(60, real=range(5)), most=100, seed=0))
    assert {"r_precision_3", "retrieval_1", "retrieval_1_real", "clips_synthetic"} <= set(short)
    assert "mm_distance" not in short
