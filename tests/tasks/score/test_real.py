from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import pytest

from datasets_spec.quality import QUALITY_SCORE
from tasks.config import RetargetConfig, SourceConfig
from tasks.ingest.registry import make_reader
from tasks.retarget.retarget import retarget_sequence
from tasks.score.score import score_clip

if TYPE_CHECKING:
    from pathlib import Path

    from datasets_spec.motion import MotionSequence

_MAX_FRAMES = 1000


@pytest.fixture(scope="module")
def sequences(real_data: Path) -> list[MotionSequence]:
    reader = make_reader(SourceConfig(name="bvh", path=str(real_data)), "")
    items = [i for i in reader.discover(real_data).items if i.size_bytes < 3_000_000][::9]
    read = [s for item in items for s in reader.read(real_data, item)]
    return [_changed(s, s.actors[0].points[:_MAX_FRAMES]) for s in read]


def _changed(sequence: MotionSequence, points) -> MotionSequence:
    actor = dataclasses.replace(
        sequence.actors[0], points=np.ascontiguousarray(points, dtype=np.float32)
    )
    return dataclasses.replace(sequence, actors=(actor,), margin_frames=(0, 0))


def _score(sequence: MotionSequence) -> float:
    result = retarget_sequence(sequence, RetargetConfig(), licence="")
    scores = [score_clip(clip)[QUALITY_SCORE] for clip in result.clips]
    return float(np.mean(scores)) if scores else 0.0


@pytest.mark.real_data
def test_real_motion_scores_well_and_its_damaged_copies_do_not(sequences):
    assert len(sequences) > 5
    real = np.array([_score(s) for s in sequences])
    assert np.median(real) > 0.75
    last = real
    for sigma in (0.005, 0.01, 0.02, 0.04):
        worse = []
        for s in sequences:
            g = np.random.default_rng(0)
            points = s.actors[0].points
            worse.append(_score(_changed(s, points + g.normal(scale=sigma, size=points.shape))))
        assert (np.array(worse) < last).all()
        last = np.array(worse)
    frozen = [
        _score(_changed(s, np.repeat(s.actors[0].points[:1], s.num_frames, axis=0)))
        for s in sequences
    ]
    assert max(frozen) < 0.3
    for share in (0.05, 0.2):
        lost = []
        for s in sequences:
            points = s.actors[0].points
            kept = np.random.default_rng(1).random(len(points)) >= share
            lost.append(_score(_changed(s, points[kept])))
        assert (np.array(lost) < real).mean() > 0.9
