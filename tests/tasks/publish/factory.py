"""Synthetic clips for the tests of publishing: walkers with swinging limbs, no file needed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from datasets_spec.quality import QUALITY_MEASURES, QUALITY_SCORE
from datasets_spec.schema import rejects_schema
from datasets_spec.sources.spec import SourceSpec
from datasets_spec.vocabulary import ACTIONS, UNLABELLED, UNLABELLED_NAME, action_id
from tasks.publish.rows import clips_to_table
from tasks.publish.shards import ROWS_PER_GROUP, parquet_options
from tasks.retarget.clip import StickClip

SPECS = (
    SourceSpec(
        name="amass",
        title="AMASS",
        licence="AMASS licence (research only)",
        redistributable=False,
        commercial=False,
        citation="Mahmood et al., AMASS: Archive of Motion Capture as Surface Shapes, ICCV 2019",
        url="https://amass.is.tue.mpg.de",
        fps="60..250",
        axes="z up",
        unit="m",
    ),
    SourceSpec(
        name="bvh",
        title="BVH files | any rig",
        licence="CC BY 4.0",
        redistributable=True,
        commercial=True,
        citation="The authors of the files.",
        url="https://example.org/bvh",
        fps="any",
        axes="y up",
        unit="cm",
        notes=("A note with <b>tags</b>.",),
    ),
)


def swing(phase: np.ndarray, length: float, angle: float) -> np.ndarray:
    theta = angle * np.sin(phase)
    return np.stack([length * np.sin(theta), -length * np.cos(theta)], axis=-1)


def walker(num_frames: int, *, speed: float = 0.6, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Joints (T, 10, 2) and depth (T, 10) of a figure that walks to the right."""
    rng = np.random.default_rng(seed)
    time = np.arange(num_frames) / 25.0
    phase = 2 * np.pi * (0.9 + 0.3 * rng.random()) * time + 2 * np.pi * rng.random()
    pelvis = np.stack([speed * time, 0.53 + 0.015 * np.cos(2 * phase)], axis=-1)
    head = pelvis + np.array([0.03, 0.42])
    neck = pelvis + 0.7 * (head - pelvis)
    joints = np.zeros((num_frames, 10, 2))
    depth = np.zeros((num_frames, 10))
    joints[:, 0], joints[:, 1] = head, pelvis
    for side, (elbow, hand, knee, foot, z) in enumerate([(2, 3, 6, 7, 0.1), (4, 5, 8, 9, -0.1)]):
        local = phase + np.pi * side
        joints[:, elbow] = neck + swing(local + np.pi, 0.19, 0.5)
        joints[:, hand] = joints[:, elbow] + swing(local + np.pi, 0.15, 0.5) + [0.05, 0.01]
        joints[:, knee] = pelvis + swing(local, 0.25, 0.5)
        joints[:, foot] = joints[:, knee] + swing(local - 0.9, 0.25, 0.45) - [0.05, 0.0]
        depth[:, [elbow, hand, knee, foot]] = z
    return joints.astype(np.float32), depth.astype(np.float32)


def make_clip(
    sequence: str = "s01/take",
    *,
    source: str = "bvh",
    window: int = 0,
    actor: int = 0,
    num_frames: int = 60,
    captions: tuple[str, ...] = ("a person walks",),
    action: str = "walk",
    pair: bool = False,
) -> StickClip:
    scene = f"{source}/{sequence}/w{window:02d}"
    seed = sum(scene.encode()) + 7 * actor
    joints, depth = walker(num_frames, seed=seed, speed=(-1) ** actor * 0.5)
    if pair:
        joints[:, :, 0] += 0.8 * actor - 0.4
    return StickClip(
        clip_id=f"{scene}/a{actor}/v0",
        source=source,
        sequence_id=sequence,
        performance_id=sequence,
        subject_id=f"{source}:{sequence.split('/', maxsplit=1)[0]}",
        scene_id=f"{scene}/v0",
        actor=actor,
        partner_clip_id=f"{scene}/a{1 - actor}/v0" if pair else None,
        view_index=0,
        view_azimuth_deg=90.0,
        body_height_m=1.7,
        body_model="rig",
        joints=joints,
        depth=depth,
        points=np.zeros((num_frames, 15, 3), dtype=np.float32),
        tracked_share=np.ones(num_frames, dtype=np.float32),
        actions=np.full(num_frames, action_id(action), dtype=np.uint8),
        physics=np.full((num_frames, 6), 0.25, dtype=np.float32),
        camera=np.tile(np.array([0, 0.5, 1], dtype=np.float32), (num_frames, 1)),
        camera_move="static",
        expression=np.zeros(num_frames, dtype=np.uint8),
        speech=np.full(num_frames, 255, dtype=np.uint8),
        environment=None,
        parts=(),
        captions=captions,
        caption_source="human" if captions else "none",
        style="",
        symmetric=True,
        licence="CC BY 4.0" if source == "bvh" else "AMASS licence (research only)",
        origin_path=f"{sequence}.bvh",
        origin_sha256="0" * 64,
        origin_first_frame=0,
        origin_last_frame=num_frames * 4,
        source_measures={},
    )


def make_measures(clip: StickClip) -> dict[str, float]:
    """A score in 0.3..1 that depends on the clip id only."""
    score = 0.3 + 0.7 * (sum(clip.clip_id.encode()) % 97) / 96
    return {QUALITY_SCORE: score, **{m.name: m.good for m in QUALITY_MEASURES}}


def write_work_table(clips: Sequence[StickClip], path: Path, *, rows: int = ROWS_PER_GROUP) -> Path:
    table = clips_to_table(clips, [make_measures(c) for c in clips])
    pq.write_table(table, path, row_group_size=rows, **parquet_options(table.schema))
    return path


def make_assignments(clips: Sequence[StickClip]) -> pl.DataFrame:
    """Every clip kept; the split goes by the sequence, so that pairs stay whole."""
    choices = ("train", "train", "train", "val", "test")
    splits = [choices[sum(c.scene_id.encode()) % 5] for c in clips]
    return pl.DataFrame(
        {
            "clip_id": [c.clip_id for c in clips],
            "keep": [True] * len(clips),
            "split": splits,
            "sft": [s == "train" for s in splits],
        },
        schema={"clip_id": pl.String, "keep": pl.Boolean, "split": pl.String, "sft": pl.Boolean},
    )


def make_dataset_clips(num_scenes: int = 24, *, num_frames: int = 60) -> list[StickClip]:
    """Two sources, some pairs, many actions, captions of several kinds."""
    captions = (
        ("a person walks <b>slowly</b>",),
        ("the man & the dog", "second line"),
        (),
        ("</script><script>alert(1)</script>",),
        ("\u0631\u062c\u0644 \u064a\u0645\u0634\u064a \u0628\u0628\u0637\u0621",),
        ("dance \U0001f483 | table",),
    )
    words = (*ACTIONS[:7], UNLABELLED_NAME)
    clips: list[StickClip] = []
    for n in range(num_scenes):
        pair = n % 6 == 5
        for actor in range(2 if pair else 1):
            clip = make_clip(
                f"s{n:03d}/take",
                source=("bvh", "amass")[n % 2],
                actor=actor,
                num_frames=num_frames + n % 3,
                captions=captions[n % len(captions)],
                action=words[n % len(words)],
                pair=pair,
            )
            clips.append(clip)
    assert any((c.actions == UNLABELLED).all() for c in clips)
    return clips


def make_rejects(num: int = 3) -> pa.Table:
    rows = [
        {
            "source": "bvh",
            "item": f"bad_{num - n}.bvh",
            "origin_path": f"bad_{num - n}.bvh",
            "stage": ("ingest", "score")[n % 2],
            "level": "file",
            "reason": ("truncated", "low_score")[n % 2],
            "detail": "expected 3 frames, got 2",
        }
        for n in range(num)
    ]
    return pa.Table.from_pylist(rows, schema=rejects_schema())
