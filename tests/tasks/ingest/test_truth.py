"""Every reader gives back the motion that the sample was written from."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from datasets_spec.errors import RejectError
from datasets_spec.motion import MotionSequence
from tasks.ingest.contract import Discovery
from tasks.ingest.registry import make_reader
from tasks.sample.truth import SampleTruth

SOURCES = ("amass", "100style", "interhuman", "ntu", "bvh")
TOLERANCE_M = {"amass": 1.5e-3, "100style": 1e-4, "interhuman": 1e-4, "bvh": 1e-4}
"""AMASS angles and places are rounded and its rest pelvis is the generic body's."""
PICKLE_TOLERANCE_M = 1.5e-3
FOUND_REJECTS = {
    "amass": {"decoy": 3},
    "100style": {"decoy": 1},
    "interhuman": {"listed_bad": 1},
    "ntu": {"listed_bad": 1},
    "bvh": {"decoy": 1},
}
READ_REJECTS = {
    "amass": {},
    "100style": {},
    "interhuman": {"1008": "empty"},
    "ntu": {"S001C001P003R001A031": "truncated"},
    "bvh": {"faulty/crane": "unknown_rig", "faulty/empty": "empty"},
}
BODY_MODELS = {
    "amass": {"generic"},
    "100style": {"rig"},
    "interhuman": {"joints", "generic"},
    "ntu": {"sensor"},
    "bvh": {"rig"},
}


@dataclass(frozen=True)
class Read:
    found: Discovery
    sequences: dict[str, tuple[MotionSequence, ...]]
    rejects: dict[str, str]


@pytest.fixture(scope="module")
def everything(sample_tree) -> dict[str, Read]:
    out = {}
    for name, config in sample_tree.sources.items():
        reader = make_reader(config, "")
        found = reader.discover(Path(config.path))
        sequences, rejects = {}, {}
        for item in found.items:
            try:
                sequences[item.paths[0]] = reader.read(Path(config.path), item)
            except RejectError as error:
                rejects[item.key] = error.reason.value
        out[name] = Read(found, sequences, rejects)
    return out


def cases(sample_tree, everything, source: str) -> list[tuple[SampleTruth, MotionSequence]]:
    pairs = []
    for truth in sample_tree.truths:
        if truth.source == source:
            (sequence,) = everything[source].sequences[truth.path]
            pairs.append((truth, sequence))
    assert pairs
    return pairs


def inner_points(sequence: MotionSequence) -> list[np.ndarray]:
    first, last = sequence.margin_frames
    stop = sequence.actors[0].points.shape[0] - last
    return [actor.points[first:stop].astype(float) for actor in sequence.actors]


@pytest.mark.parametrize("source", SOURCES)
def test_what_is_found_and_what_is_rejected(source, sample_tree, everything):
    read = everything[source]
    assert Counter(reject.reason.value for reject in read.found.rejects) == FOUND_REJECTS[source]
    assert read.rejects == READ_REJECTS[source]
    expected = [truth.path for truth in sample_tree.truths if truth.source == source]
    assert sorted(read.sequences) == sorted(expected)
    assert len(read.found.items) == len(expected) + len(read.rejects)
    keys = [item.key for item in read.found.items]
    assert len(set(keys)) == len(keys)
    assert read.found.warnings == ()


@pytest.mark.parametrize("source", SOURCES)
def test_time_and_people(source, sample_tree, everything):
    for truth, sequence in cases(sample_tree, everything, source):
        assert sequence.source == source
        assert sequence.fps == pytest.approx(truth.fps, rel=1e-4), truth.path
        assert sequence.num_frames == len(truth.points[0]), truth.path
        assert len(sequence.actors) == len(truth.points), truth.path
        assert sequence.origin.path == truth.path
        assert sequence.origin.first_frame == truth.first_frame
        assert sequence.body_model in BODY_MODELS[source]
        assert len({actor.subject_id for actor in sequence.actors}) == len(sequence.actors)


@pytest.mark.parametrize("source", [name for name in SOURCES if name != "ntu"])
def test_points(source, sample_tree, everything):
    for truth, sequence in cases(sample_tree, everything, source):
        tolerance = TOLERANCE_M[source]
        if truth.path.endswith(".pkl"):
            tolerance = PICKLE_TOLERANCE_M
        for got, want in zip(inner_points(sequence), truth.points, strict=True):
            gap = np.linalg.norm(got - want, axis=-1)
            assert gap.max() < tolerance, (truth.path, gap.max())


def test_points_of_the_sensor(sample_tree, everything):
    for truth, sequence in cases(sample_tree, everything, "ntu"):
        got = np.stack(inner_points(sequence))
        want = np.stack(truth.points).astype(float)
        # the sensor does not say who is first: either order of the two is right
        gaps = min((got - want, got - want[::-1]), key=lambda gap: np.abs(gap).mean())
        rms = np.sqrt((gaps**2).mean(axis=(1, 3)))
        assert rms.max() < 3 * truth.noise_m, (truth.path, rms.max())
        assert np.linalg.norm(gaps, axis=-1).max() < 15 * truth.noise_m, truth.path


@pytest.mark.parametrize("source", SOURCES)
def test_every_sequence_is_labelled(source, sample_tree, everything):
    for truth, sequence in cases(sample_tree, everything, source):
        assert sequence.labels, truth.path
        duration_s = sequence.num_frames / sequence.fps
        for label in sequence.labels:
            assert label.text or label.categories
            assert 0.0 <= label.start_s < duration_s, (truth.path, label)


def test_sources_of_the_captions(sample_tree, everything):
    kinds = {
        name: {
            label.caption_source
            for _, sequence in cases(sample_tree, everything, name)
            for label in sequence.labels
        }
        for name in SOURCES
    }
    assert kinds["100style"] == kinds["ntu"] == {"catalogue"}
    assert kinds["interhuman"] == kinds["bvh"] == {"human"}
    assert "human" in kinds["amass"]


def test_who_and_what_belongs_together(everything):
    cameras = [
        sequence
        for path, (sequence,) in everything["ntu"].sequences.items()
        if "P003R002A023" in path
    ]
    assert len(cameras) == 3
    assert len({sequence.performance_id for sequence in cameras}) == 1
    bvh = everything["bvh"].sequences
    twins = [bvh[f"{rig}/80/80_01.bvh"][0] for rig in ("cmu", "daz")]
    assert twins[0].performance_id == twins[1].performance_id
    assert twins[0].sequence_id != twins[1].sequence_id
    styles = everything["100style"].sequences.values()
    assert len({sequence.actors[0].subject_id for (sequence,) in styles}) == 1
    subjects = [
        {actor.subject_id for (sequence,) in read.sequences.values() for actor in sequence.actors}
        for read in everything.values()
    ]
    assert all(subjects)


def test_reading_twice_gives_the_same(sample_tree, everything):
    for name, config in sample_tree.sources.items():
        reader = make_reader(config, "again")
        found = reader.discover(Path(config.path))
        assert found == everything[name].found
        item = next(item for item in found.items if item.paths[0] in everything[name].sequences)
        for one, other in zip(
            reader.read(Path(config.path), item),
            everything[name].sequences[item.paths[0]],
            strict=True,
        ):
            assert one.origin == other.origin
            assert one.labels == other.labels
            for mine, theirs in zip(one.actors, other.actors, strict=True):
                assert mine.points.tobytes() == theirs.points.tobytes()
