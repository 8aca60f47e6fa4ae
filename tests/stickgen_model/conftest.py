"""Small dataset folders made of walkers, and tiny models trained on them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from datasets_spec.layout import CLIPS_DIR
from datasets_spec.schema import clips_schema
from datasets_spec.vocabulary import UNLABELLED
from stickgen_model.data.clip_store import ClipStore
from stickgen_model.text.encoder import identity_of
from stickgen_model.text.hashing import HashEncoder
from stickgen_model.text.text_table import TextTable


def walker(num_frames, *, seed=0, speed=0.6, start_x=0.0):
    """Joints (T, 20) of a figure that walks along x."""
    rng = np.random.default_rng(seed)
    time = np.arange(num_frames) / 25.0
    phase = 2 * np.pi * (0.9 + 0.3 * rng.random()) * time + 2 * np.pi * rng.random()
    joints = np.zeros((num_frames, 10, 2))
    pelvis = np.stack([start_x + speed * time, 0.53 + 0.015 * np.cos(2 * phase)], axis=-1)
    joints[:, 1], joints[:, 0] = pelvis, pelvis + np.array([0.03, 0.42])
    for side, (elbow, hand, knee, foot) in enumerate([(2, 3, 6, 7), (4, 5, 8, 9)]):
        swing = 0.5 * np.sin(phase + np.pi * side)
        reach = np.stack([np.sin(swing), -np.cos(swing)], axis=-1)
        joints[:, elbow] = pelvis + np.array([0.02, 0.3]) - reach * [0.19, -0.19]
        joints[:, hand] = joints[:, elbow] + [0.05, -0.15]
        joints[:, knee] = pelvis + 0.25 * reach
        joints[:, foot] = joints[:, knee] + 0.25 * reach
    return joints.reshape(num_frames, 20).astype(np.float32)


def make_row(name="c0", num_frames=20, **changed):
    """One row of the clips table; only what training reads is of interest."""
    seed = sum(name.encode())
    time = np.arange(num_frames, dtype=np.float32)
    row = {
        "clip_id": name,
        "partner_clip_id": None,
        "num_frames": num_frames,
        "fps": 25.0,
        "joints": walker(num_frames, seed=seed, speed=0.6 - 1.2 * (seed % 2)),
        "actions": np.full(num_frames, 1, dtype=np.uint8),
        "physics": np.stack([time, time + 1, time + 2, time + 3, time + 4, time + 5], axis=1),
        "camera": np.stack([0.1 * time, 0.5 + 0 * time, 1 + 0 * time], axis=1),
        "environment": None,
        "captions": [f"a person walks {'left' if seed % 2 else 'ahead'}"],
        "parts": [],
        "symmetric": True,
        "split": "train",
        "sft": False,
        **changed,
    }
    return {k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in row.items()}


def write_folder(folder, rows, *, files=1, schema=None):
    """A dataset folder with the rows spread over files."""
    (folder / CLIPS_DIR).mkdir(parents=True)
    if schema is None:
        whole = clips_schema()
        schema = pa.schema([f for f in whole if f.name in rows[0]], metadata=whole.metadata)
    for number, part in enumerate(np.array_split(np.arange(len(rows)), files)):
        table = pa.Table.from_pylist([rows[i] for i in part], schema=schema)
        pq.write_table(table, folder / CLIPS_DIR / f"train-{number:05d}-of-{files:05d}.parquet")
    return folder


def make_texts(*stores, dim=64):
    encoder = HashEncoder(dim)
    table = TextTable(identity_of(encoder))
    for store in stores:
        table.add(store.sentences, encoder)
    return table


@pytest.fixture(scope="session")
def rows_of():
    return make_row


@pytest.fixture(scope="session")
def write_clips():
    return write_folder


@pytest.fixture(scope="session")
def texts_of():
    return make_texts


@pytest.fixture(scope="session")
def mixed_folder(tmp_path_factory):
    """12 training clips of 11..40 frames in 2 files, a pair among them, and 3 to measure on."""
    rows = [make_row(f"c{i}", 11 + (7 * i) % 30) for i in range(10)]
    rows[3]["symmetric"] = False
    rows[4]["captions"] = []
    rows[5]["actions"] = [UNLABELLED] * rows[5]["num_frames"]
    rows[6]["environment"] = [float("nan")] * 32
    rows[6]["environment"][0] = 9.8
    for own, other, x in (("p0", "p1", -0.4), ("p1", "p0", 0.4)):
        joints = walker(20, seed=ord(own[1]), start_x=x)
        rows.append(make_row(own, 20, joints=joints, partner_clip_id=other, sft=True))
    rows += [make_row(f"v{i}", 15, split="val") for i in range(3)]
    return write_folder(tmp_path_factory.mktemp("mixed") / "set", rows, files=2)


@pytest.fixture(scope="session")
def mixed_store(mixed_folder):
    return ClipStore.open(mixed_folder)
