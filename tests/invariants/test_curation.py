"""Random dataset indexes through the whole of curation: no leaks, and caps hold on the output."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.config import CurateConfig
from tasks.curate.curate import INDEX_COLUMNS, CurateResult, curate_index
from tasks.curate.descriptor import DESCRIPTOR_DIM

SEEDS = st.integers(0, 1 << 30)


def random_dataset(seed: int, *, scale: int = 25) -> tuple[pl.DataFrame, np.ndarray]:
    """Clips of several sources: cameras, pairs, views, windows, copies under other names."""
    rng = np.random.default_rng(seed)
    rows, vectors = [], []
    for source in rng.permutation(["amass", "100style", "interhuman", "ntu", "bvh"])[
        : rng.integers(1, 6)
    ]:
        subjects = 1 if source == "100style" else int(rng.integers(2, 14))
        cameras = 3 if source == "ntu" else 1
        for number in range(int(rng.integers(1, scale))):
            people = rng.choice(subjects, 2, replace=subjects < 2)
            base = rng.normal(0.0, 1.0, DESCRIPTOR_DIM)
            pair = source == "interhuman" or rng.random() < 0.1
            for camera in range(cameras):
                for window in range(int(rng.integers(1, 3))):
                    name = f"{source}/{number:03d}c{camera}"
                    ids = [f"{name}/w{window:02d}/a{actor}/v0" for actor in range(1 + pair)]
                    action = str(rng.choice(["walk", "run", "unlabelled", "wave", "sit", "kick"]))
                    for actor, clip_id in enumerate(ids):
                        rows.append(
                            {
                                "clip_id": clip_id,
                                "source": source,
                                "sequence_id": name.split("/", 1)[1],
                                "performance_id": f"{source}_{number:03d}",
                                "subject_id": f"{source}:s{people[actor]}",
                                "scene_id": f"{name}/w{window:02d}/v0",
                                "partner_clip_id": ids[1 - actor] if pair else None,
                                "view_index": 0,
                                "action": action,
                                "num_frames": int(rng.integers(10, 251)),
                                "quality_score": float(rng.beta(4, 2)),
                            }
                        )
                        # of anyone's motion: a partner may resemble people of other scenes
                        same = vectors and rng.random() < 0.05
                        vectors.append(vectors[-1] if same else base + rng.normal(0, 1, len(base)))
    index = pl.DataFrame(rows, schema_overrides={"partner_clip_id": pl.String})
    return index.select(INDEX_COLUMNS), np.array(vectors, dtype=np.float32)


def curated(seed: int, config: CurateConfig) -> tuple[pl.DataFrame, CurateResult]:
    index, vectors = random_dataset(seed)
    result = curate_index(index, vectors, config, seed=seed % 7)
    assert result.assignments["clip_id"].to_list() == index["clip_id"].to_list()
    return index.join(result.assignments, on="clip_id"), result


def straddling(table: pl.DataFrame, key: str) -> list[str]:
    sides = table.filter("keep").group_by(key).agg(pl.col("split").n_unique().alias("n"))
    return sorted(sides.filter(pl.col("n") > 1)[key].to_list())


@given(seed=SEEDS, shares=st.sampled_from([(0.08, 0.12), (0.3, 0.3), (0.0, 0.2)]))
def test_nobody_is_on_two_sides(seed, shares):
    config = CurateConfig(val_share=shares[0], test_share=shares[1])
    table, result = curated(seed, config)
    assert straddling(table, "performance_id") == []
    assert straddling(table, "scene_id") == []
    shared = ~pl.col("source").is_in(result.single_subject_sources)
    assert straddling(table.filter(shared), "subject_id") == []
    cameras = table.filter(pl.col("source") == "ntu").with_columns(
        pl.col("sequence_id").str.slice(0, 3).alias("event")
    )
    assert straddling(cameras, "event") == []
    kept = table.filter("keep")
    assert kept["split"].null_count() == 0
    assert set(kept["split"]) <= {"train", "val", "test"}
    gone = table.filter(~pl.col("keep"))
    assert gone["split"].null_count() == gone.height
    assert not gone["sft"].any()
    assert sorted(result.removed["clip_id"]) == sorted(gone["clip_id"])


@given(
    seed=SEEDS,
    action=st.sampled_from([0.15, 0.25, 0.5, 1.0]),
    source=st.sampled_from([0.3, 0.6, 1.0]),
    score=st.sampled_from([0.0, 0.5, 0.7]),
)
def test_caps_hold_on_the_output(seed, action, source, score):
    config = CurateConfig(
        sft_max_action_share=action, sft_max_source_share=source, sft_min_score=score
    )
    table, result = curated(seed, config)
    chosen = table.filter("sft")
    assert (chosen["split"] == "train").all()
    assert (chosen["quality_score"] >= score).all()
    for column, wanted in (("action", action), ("source", source)):
        held = result.sft_caps[column]
        assert held >= wanted - 1e-9
        if chosen.height:
            most = int(chosen[column].value_counts()["count"].max())  # type: ignore[arg-type]
            assert most <= held * chosen.height + 1e-6, (column, most, chosen.height)
    whole = table.filter(pl.col("scene_id").is_in(chosen["scene_id"].unique().implode()))
    assert whole.filter("keep")["sft"].all()
    # a cap is raised only where no set could hold it
    eligible = table.filter(
        (pl.col("split") == "train") & (pl.col("quality_score") >= score).all().over("scene_id")
    )
    if eligible["action"].n_unique() < 1 / action:
        assert result.sft_caps["action"] > action or chosen.is_empty()
    elif eligible["source"].n_unique() * source >= 1 and not result.statistics["fine_tuning"].get(
        "note"
    ):
        assert result.sft_caps["action"] == pytest.approx(action)


@settings(max_examples=20)
@given(seed=SEEDS)
def test_the_order_of_the_clips_does_not_matter(seed):
    index, vectors = random_dataset(seed)
    order = np.random.default_rng(seed).permutation(index.height)
    one = curate_index(index, vectors, CurateConfig(), seed=1)
    other = curate_index(index[order], vectors[order], CurateConfig(), seed=1)
    assert one.assignments.sort("clip_id").equals(other.assignments.sort("clip_id"))
    assert one.removed.equals(other.removed)
    assert one.statistics == other.statistics


@settings(max_examples=20)
@given(seed=SEEDS)
def test_a_copy_of_every_clip_adds_nothing(seed):
    """The same motion under the names of other people: removed, never on another side."""
    index, vectors = random_dataset(seed, scale=10)
    copies = index.with_columns(
        *(pl.col(name) + "-copy" for name in ("clip_id", "sequence_id", "scene_id")),
        *(pl.col(name) + "-copy" for name in ("performance_id", "subject_id", "partner_clip_id")),
    )
    both = pl.concat([index, copies])
    result = curate_index(both, np.concatenate([vectors, vectors]), CurateConfig(), seed=0)
    assert int(result.assignments["keep"].sum()) <= index.height
    table = both.join(result.assignments, on="clip_id").with_columns(
        pl.col("performance_id").str.replace("-copy$", "").alias("true_performance")
    )
    assert straddling(table, "true_performance") == []
