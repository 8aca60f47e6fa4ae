from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.curate.splits import assign_splits, group_clips, single_subject_sources

SHARES = {"val": 0.08, "test": 0.12}
NO_LINKS = np.zeros((0, 2), dtype=np.int64)


def make_index(seed: int, sources: dict[str, tuple[int, int]]) -> pl.DataFrame:
    """Sources as (number of subjects, number of clips)."""
    rng = np.random.default_rng(seed)
    rows = [
        {
            "source": source,
            "performance_id": f"{source}_p{number // 3:04d}",
            "subject_id": f"{source}:s{number // 3 % num_subjects}",
            "scene_id": f"{source}/{number}/v0",
            "num_frames": int(rng.integers(10, 251)),
        }
        for source, (num_subjects, num_clips) in sources.items()
        for number in range(num_clips)
    ]
    return pl.DataFrame(rows)


def split(index: pl.DataFrame, links: np.ndarray = NO_LINKS, seed: int = 0) -> pl.DataFrame:
    groups = group_clips(index, links)
    names = assign_splits(index, groups, shares=SHARES, seed=seed)
    return index.with_columns(pl.Series("split", names))


def straddling(table: pl.DataFrame, key: str) -> int:
    return table.group_by(key).agg(pl.col("split").n_unique()).filter(pl.col("split") > 1).height


def share(table: pl.DataFrame, name: str) -> float:
    held = table.filter(pl.col("split") == name)["num_frames"].sum()
    return float(held) / float(table["num_frames"].sum())


@given(
    st.integers(0, 10_000),
    st.integers(1, 30),
    st.integers(1, 30),
    st.lists(st.tuples(st.integers(0, 119), st.integers(0, 119)), max_size=8),
)
def test_nothing_straddles(seed: int, few: int, many: int, links: list[tuple[int, int]]) -> None:
    index = make_index(seed, {"a": (few, 60), "b": (many, 60)})
    pairs = np.array(links, dtype=np.int64).reshape(-1, 2)
    table = split(index, pairs, seed)
    assert set(table["split"]) <= {"train", "val", "test"}
    assert straddling(table, "performance_id") == 0
    alone = single_subject_sources(index)
    assert straddling(table.filter(~pl.col("source").is_in(alone)), "subject_id") == 0
    for first, second in links:
        assert table["split"][first] == table["split"][second]


@given(st.integers(0, 10_000))
def test_shares_come_close_and_every_large_source_is_everywhere(seed: int) -> None:
    index = make_index(seed, {"a": (40, 600), "b": (25, 200), "one": (1, 150), "tiny": (2, 6)})
    table = split(index, seed=seed)
    assert share(table, "val") == pytest.approx(0.08, abs=0.02)
    assert share(table, "test") == pytest.approx(0.12, abs=0.02)
    for source in ("a", "b", "one"):
        part = table.filter(pl.col("source") == source)
        assert set(part["split"]) == {"train", "val", "test"}


@given(st.integers(0, 1000))
def test_row_order_does_not_matter(seed: int) -> None:
    index = make_index(seed, {"a": (9, 90), "b": (3, 40)})
    shuffled = index.sample(fraction=1.0, shuffle=True, seed=seed)
    assert split(index).sort("scene_id").equals(split(shuffled).sort("scene_id"))


def test_seed_matters() -> None:
    index = make_index(0, {"a": (40, 400)})
    assert not split(index, seed=1).equals(split(index, seed=2))


def test_single_performer_is_split_by_performance() -> None:
    index = make_index(0, {"one": (1, 300)})
    table = split(index)
    assert set(table["split"]) == {"train", "val", "test"}
    assert straddling(table, "performance_id") == 0


def test_partners_stay_together() -> None:
    index = make_index(0, {"a": (20, 60)}).with_columns(pl.lit("same").alias("scene_id"))
    assert split(index)["split"].n_unique() == 1


def test_few_groups_still_give_three_splits() -> None:
    table = split(make_index(0, {"a": (3, 30)}))
    assert set(table["split"]) == {"train", "val", "test"}


def test_no_share_no_split() -> None:
    index = make_index(0, {"a": (30, 300)})
    names = assign_splits(
        index, group_clips(index, NO_LINKS), shares={"val": 0.0, "test": 0.0}, seed=0
    )
    assert set(names) == {"train"}


def test_nothing_gives_nothing() -> None:
    index = make_index(0, {"a": (2, 4)}).clear()
    groups = group_clips(index, NO_LINKS)
    assert assign_splits(index, groups, shares=SHARES, seed=0) == []


def test_a_new_subject_moves_few() -> None:
    moved = []
    for seed in range(20):
        before = make_index(seed, {"a": (100, 1000), "b": (60, 400)})
        extra = before.filter(pl.col("subject_id") == "a:s0").with_columns(
            pl.lit(f"a:new{seed}").alias("subject_id"),
            pl.concat_str("performance_id", pl.lit("_new")).alias("performance_id"),
            pl.concat_str("scene_id", pl.lit("_new")).alias("scene_id"),
        )
        after = split(pl.concat([before, extra]))
        joined = split(before).join(after, on="scene_id", suffix="_after")
        moved.append((joined["split"] != joined["split_after"]).mean())
    assert np.mean(moved) < 0.02
    assert max(moved) < 0.06


def test_equal_names_join_sources_only_for_shared_recordings() -> None:
    index = make_index(0, {"a": (1, 30), "b": (1, 30)}).with_columns(
        pl.col("performance_id").str.replace("^[ab]_", "")
    )
    of_a, of_b = group_clips(index, NO_LINKS).reshape(2, 30)
    assert not set(of_a) & set(of_b)
    shared = index.with_columns(pl.format("cmu/{}", "performance_id").alias("performance_id"))
    of_a, of_b = group_clips(shared, NO_LINKS).reshape(2, 30)
    assert (of_a == of_b).all()
