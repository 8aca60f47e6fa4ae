"""A small dataset folder with a manifest, for runs of a few steps."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from datasets_spec.layout import CLIPS_DIR
from datasets_spec.schema import clips_schema
from datasets_spec.vocabulary import ACTIONS
from tasks.publish.manifest import build_manifest, canonical_json

WORDS = ("walk", "run", "jump", "wave")


def walker(num_frames, seed):
    rng = np.random.default_rng(seed)
    time = np.arange(num_frames) / 25.0
    phase = 2 * np.pi * time + 2 * np.pi * rng.random()
    joints = np.zeros((num_frames, 10, 2))
    pelvis = np.stack([0.6 * time, 0.53 + 0.015 * np.cos(2 * phase)], axis=-1)
    joints[:, 1], joints[:, 0] = pelvis, pelvis + np.array([0.03, 0.42])
    for side, (elbow, hand, knee, foot) in enumerate([(2, 3, 6, 7), (4, 5, 8, 9)]):
        swing = 0.5 * np.sin(phase + np.pi * side)
        reach = np.stack([np.sin(swing), -np.cos(swing)], axis=-1)
        joints[:, elbow] = pelvis + np.array([0.02, 0.3]) - reach * [0.19, -0.19]
        joints[:, hand] = joints[:, elbow] + [0.05, -0.15]
        joints[:, knee] = pelvis + 0.25 * reach
        joints[:, foot] = joints[:, knee] + 0.25 * reach
    return joints.reshape(num_frames, 20).astype(np.float32)


def make_row(number, split, **changed):
    frames = 16 + number % 5
    word = WORDS[number % len(WORDS)]
    row = {
        "clip_id": f"made/{split}{number}",
        "source": "bvh",
        "subject_id": f"{split}{number % 3}",
        "performance_id": f"{split}{number}",
        "partner_clip_id": None,
        "num_frames": frames,
        "fps": 25.0,
        "joints": walker(frames, number).tolist(),
        "depth": np.zeros((frames, 10), np.float32).tolist(),
        "actions": [ACTIONS.index(word)] * frames,
        "physics": np.zeros((frames, 6), np.float32).tolist(),
        "camera": np.tile(np.float32([0, 0.5, 1]), (frames, 1)).tolist(),
        "environment": None,
        "captions": [f"a person can {word}", f"number {number} likes to {word}"],
        "parts": [],
        "style": "proud" if number % 4 == 0 else "",
        "action": word,
        "symmetric": True,
        "quality_score": 0.9,
        "split": split,
        "sft": split == "train" and number % 2 == 0,
    }
    return {**row, **changed}


def write_dataset(folder, rows):
    whole = clips_schema()
    schema = pa.schema([f for f in whole if f.name in rows[0]], metadata=whole.metadata)
    (folder / CLIPS_DIR).mkdir(parents=True)
    table = pa.Table.from_pylist(rows, schema=schema)
    pq.write_table(table, folder / CLIPS_DIR / "train-00000-of-00001.parquet")
    manifest = build_manifest(folder, config={}, counts={})
    (folder / "manifest.json").write_text(canonical_json(manifest))
    return folder


@pytest.fixture(scope="session")
def rows():
    return [make_row(n, "train") for n in range(24)] + [make_row(n, "val") for n in range(4)]


@pytest.fixture(scope="session")
def dataset(tmp_path_factory, rows):
    return write_dataset(tmp_path_factory.mktemp("trainable") / "set", rows)


@pytest.fixture(scope="session")
def write():
    return write_dataset


@pytest.fixture(scope="session")
def row_of():
    return make_row
