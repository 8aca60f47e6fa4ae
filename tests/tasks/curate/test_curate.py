from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest

from tasks.config import CurateConfig
from tasks.curate.curate import INDEX_COLUMNS, CurateResult, curate_index
from tasks.curate.descriptor import DESCRIPTOR_DIM

CONFIG = CurateConfig(sft_max_action_share=0.15)


def make_data(seed: int = 0, num: int = 600) -> tuple[pl.DataFrame, np.ndarray]:
    rng = np.random.default_rng(seed)
    rows = []
    vectors = rng.normal(size=(num, DESCRIPTOR_DIM)).astype(np.float32) * 0.1
    for number in range(num):
        source = ("amass", "100style", "ntu")[number % 3]
        subject = "one" if source == "100style" else f"s{number // 3 % 20}"
        name = f"{source}/q{number:05d}"
        rows.append(
            {
                "clip_id": f"{name}/w00/a0/v0",
                "source": source,
                "sequence_id": f"q{number:05d}",
                "performance_id": f"{source}_p{number // 6:04d}",
                "subject_id": f"{source}:{subject}",
                "scene_id": f"{name}/w00/v0",
                "partner_clip_id": None,
                "view_index": 0,
                "action": f"act{rng.integers(12)}",
                "num_frames": int(rng.integers(10, 251)),
                "quality_score": float(rng.uniform(0.2, 1.0)),
            }
        )
    for copy in range(0, num, 10):
        vectors[copy] = vectors[(copy + 305) % num] + 0.0005
    schema = {"partner_clip_id": pl.String}
    return pl.DataFrame(rows, schema_overrides=schema), vectors


def run(index: pl.DataFrame, vectors: np.ndarray, config: CurateConfig = CONFIG) -> CurateResult:
    return curate_index(index, vectors, config, seed=3)


def test_the_whole() -> None:
    index, vectors = make_data()
    result = run(index, vectors)
    table = index.join(result.assignments, on="clip_id", maintain_order="left")
    assert result.assignments["clip_id"].to_list() == index["clip_id"].to_list()
    assert result.assignments.columns == ["clip_id", "keep", "split", "sft"]
    kept = table.filter("keep")
    assert set(kept["split"]) == {"train", "val", "test"}
    assert table.filter(~pl.col("keep"))["split"].null_count() == result.removed.height == 60
    assert kept.height + result.removed.height == index.height
    assert set(result.removed["reason"]) == {"near_duplicate"}
    assert "was kept" in result.removed["detail"][0]
    assert set(kept.filter("sft")["split"]) == {"train"}
    for key in ("performance_id", "subject_id"):
        part = kept.filter((pl.col("source") != "100style") | (key == "performance_id"))
        spread = part.group_by(key).agg(pl.col("split").n_unique())
        assert spread["split"].max() == 1
    for column, cap in (("action", 0.15), ("source", 0.6)):
        counts = kept.filter("sft")[column].value_counts()["count"]
        assert counts.max() / counts.sum() <= cap
    assert result.single_subject_sources == ["100style"]
    assert result.sft_caps == {"action": 0.15, "source": 0.6}


def test_linked_performances_share_a_split() -> None:
    index, vectors = make_data()
    result = run(index, vectors)
    split = dict(result.assignments.select("clip_id", "split").iter_rows())
    by_performance = {
        performance: split[clip]
        for clip, performance in index.select("clip_id", "performance_id").iter_rows()
        if split[clip]
    }
    of_clip = dict(index.select("clip_id", "performance_id").iter_rows())
    for clip, detail in result.removed.select("clip_id", "detail").iter_rows():
        other = detail.split()[3].rstrip(",")
        mine = by_performance.get(of_clip[clip])
        assert mine in {None, by_performance[of_clip[other]]}


def test_statues_link_nobody() -> None:
    index, vectors = make_data()
    vectors[:, :] = vectors[:, :] * 0.0
    vectors[:, :30] = np.random.default_rng(1).normal(size=(600, 30)) * 0.2
    vectors[::40] = vectors[0]
    result = run(index, vectors)
    assert result.removed.height == 14
    assert result.statistics["splits"]["largest_group_share"] < 0.1


def test_row_order_does_not_matter() -> None:
    index, vectors = make_data()
    order = np.random.default_rng(0).permutation(index.height)
    first, second = run(index, vectors), run(index[order], vectors[order])
    assert first.assignments[order].equals(second.assignments)
    assert first.removed.equals(second.removed)
    assert first.statistics == second.statistics


def test_statistics_add_up_and_are_json() -> None:
    index, vectors = make_data()
    result = run(index, vectors)
    numbers = json.loads(json.dumps(result.statistics))
    assert numbers == result.statistics
    assert numbers["clips"] == {"read": 600, "kept": 540, "removed": 60}
    assert sum(numbers["near_duplicates"]["by_action"].values()) == 60
    splits = numbers["splits"]
    assert sum(splits[name]["clips"] for name in ("train", "val", "test")) == 540
    tuning = numbers["fine_tuning"]
    assert (
        tuning["clips"]
        + tuning["left_out_by_caps"]["clips"]
        + tuning["below_score_or_partner_below"]
        == tuning["train_clips"]
    )
    assert max(tuning["shares"]["action"]["fine_tuning"].values()) <= 0.15


def test_nothing_gives_nothing() -> None:
    index, vectors = make_data()
    result = run(index.clear(), vectors[:0])
    assert result.assignments.is_empty()
    assert result.removed.is_empty()
    assert json.dumps(result.statistics)


def test_one_clip_trains() -> None:
    index, vectors = make_data()
    result = run(index[:1], vectors[:1])
    assert result.assignments["split"].to_list() == ["train"]


def test_bad_input_is_refused() -> None:
    index, vectors = make_data(num=30)
    with pytest.raises(ValueError, match="action"):
        run(index.drop("action"), vectors)
    with pytest.raises(ValueError, match="descriptors"):
        run(index, vectors[:5])
    with pytest.raises(ValueError, match="finite"):
        run(index, vectors * np.nan)
    with pytest.raises(ValueError, match="once"):
        run(pl.concat([index, index[:1]]), np.concatenate([vectors, vectors[:1]]))
    assert len(INDEX_COLUMNS) == 11
