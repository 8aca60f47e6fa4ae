from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tasks.curate.duplicates as module
from tasks.curate import scene_copies
from tasks.curate.duplicates import find_duplicates

REACH = 0.1


def make_index(rows: list[dict[str, Any]]) -> pl.DataFrame:
    full = []
    for number, row in enumerate(rows):
        clip_id = row.get("clip_id", f"s/q{number:04d}/w00/a0/v0")
        full.append(
            {"clip_id": clip_id, "scene_id": clip_id, "view_index": 0, "quality_score": 0.5, **row}
        )
    return pl.DataFrame(full)


def line(*at: float) -> np.ndarray:
    vectors = np.zeros((len(at), 4), dtype=np.float32)
    vectors[:, 0] = at
    return vectors


def brute_force(index: pl.DataFrame, vectors: np.ndarray, reach: float) -> set[str]:
    """Solos only, by the definition: in order of priority, keep what is near no kept one."""
    order = index.with_row_index("row").sort(["quality_score", "clip_id"], descending=[True, False])
    kept: list[int] = []
    removed = set()
    for row, clip_id in order.select("row", "clip_id").iter_rows():
        gaps = [np.linalg.norm(vectors[row].astype(float) - vectors[k]) for k in kept]
        if gaps and min(gaps) <= reach:
            removed.add(clip_id)
        else:
            kept.append(row)
    return removed


@given(st.integers(0, 100_000), st.integers(0, 60), st.sampled_from([2, 7, 1024]))
def test_equals_the_definition_whatever_the_block(seed: int, num: int, block: int) -> None:
    rng = np.random.default_rng(seed)
    vectors = (rng.normal(size=(num, 3)) * 0.12).astype(np.float32)
    scores = rng.choice([0.2, 0.5, 0.9], size=num)
    index = make_index([{"quality_score": s} for s in scores]) if num else empty_index()
    before, module._BLOCK = module._BLOCK, block  # type: ignore[misc]
    try:
        result = find_duplicates(index, vectors, distance_h=REACH)
    finally:
        module._BLOCK = before  # type: ignore[misc]
    assert set(index["clip_id"].filter(pl.Series(result.removed))) == brute_force(
        index, vectors, REACH
    )
    for row in np.flatnonzero(result.removed):
        other = result.kept_row[row]
        assert not result.removed[other]
        gap = np.linalg.norm(vectors[row].astype(float) - vectors[other])
        assert abs(gap - result.distance_h[row]) < 1e-6
        assert gap <= REACH + 1e-9
    assert (result.kept_row[~result.removed] == -1).all()


def empty_index() -> pl.DataFrame:
    schema = {
        "clip_id": pl.String,
        "scene_id": pl.String,
        "view_index": pl.UInt8,
        "quality_score": pl.Float32,
    }
    return pl.DataFrame(schema=schema)


@given(st.integers(0, 1000))
def test_row_order_does_not_matter(seed: int) -> None:
    rng = np.random.default_rng(seed)
    vectors = (rng.normal(size=(30, 3)) * 0.12).astype(np.float32)
    index = make_index([{"quality_score": s} for s in rng.choice([0.3, 0.6], size=30)])
    order = rng.permutation(30)
    first = find_duplicates(index, vectors, distance_h=REACH)
    second = find_duplicates(index[order], vectors[order], distance_h=REACH)
    assert (first.removed[order] == second.removed).all()


def test_best_score_stays_then_smallest_id() -> None:
    index = make_index([{"quality_score": 0.5}, {"quality_score": 0.9}, {"quality_score": 0.9}])
    result = find_duplicates(index, line(0.0, 0.01, 0.02), distance_h=REACH)
    assert result.removed.tolist() == [True, False, True]
    assert result.kept_row.tolist() == [1, -1, 1]


def test_no_chain() -> None:
    index = make_index([{"quality_score": 0.9}, {"quality_score": 0.8}, {"quality_score": 0.7}])
    result = find_duplicates(index, line(0.0, 0.08, 0.16), distance_h=REACH)
    assert result.removed.tolist() == [False, True, False]


def test_zero_keeps_all() -> None:
    result = find_duplicates(make_index([{}, {}]), line(0.0, 0.0), distance_h=0.0)
    assert not result.removed.any()


def pair(name: str, score: float = 0.5) -> list[dict[str, Any]]:
    return [
        {
            "clip_id": f"s/{name}/w00/a{a}/v0",
            "scene_id": f"s/{name}/w00/v0",
            "quality_score": score,
        }
        for a in (0, 1)
    ]


def test_pair_goes_whole_or_not_at_all() -> None:
    index = make_index([*pair("x", 0.9), *pair("y"), *pair("z")])
    # y is x with the actors swapped; z shares only one actor with x
    result = find_duplicates(index, line(0.0, 1.0, 1.01, 0.01, 0.02, 5.0), distance_h=REACH)
    assert result.removed.tolist() == [False, False, True, True, False, False]
    assert result.kept_row[2:4].tolist() == [1, 0]


def test_pair_is_found_though_other_scenes_are_nearer_to_its_actors() -> None:
    index = make_index([*pair("p", 0.9), *pair("q", 0.8), *pair("r", 0.7), *pair("x"), *pair("y")])
    vectors = line(0.0, 5.0, 0.02, 7.0, 5.02, 9.0, 0.02, 5.02, 0.0, 5.0)
    # the partners of x stand nearer in q and r, those of y as near; both are copies of p
    result = find_duplicates(index, vectors, distance_h=REACH)
    assert result.removed.tolist() == [False] * 6 + [True] * 4
    assert result.kept_row[6:].tolist() == [0, 1, 0, 1]


def test_pair_is_found_though_one_person_is_nearest_to_both_actors() -> None:
    index = make_index([*pair("p", 0.9), *pair("x")])
    result = find_duplicates(index, line(0.0, 0.12, 0.04, 0.05), distance_h=REACH)
    assert result.removed.tolist() == [False, False, True, True]
    assert result.kept_row[2:].tolist() == [0, 1]


@pytest.mark.parametrize("block", [3, 1024])
def test_every_copied_pair_is_found_among_still_partners(
    block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One actor of each pair is the same still person; the copies come in any order of actors."""
    monkeypatch.setattr(scene_copies, "_BLOCK", block)
    rng = np.random.default_rng(1)
    num = 400
    first = rng.normal(size=(num, 2, 6)).astype(np.float32)
    first[:, 1] = 0.25
    vectors = np.concatenate([first.reshape(-1, 6), first[:, ::-1].reshape(-1, 6)])
    index = make_index([row for n in range(2 * num) for row in pair(f"q{n:04d}")])
    result = find_duplicates(index, vectors, distance_h=REACH / 100)
    assert result.removed.tolist() == [False] * (2 * num) + [True] * (2 * num)
    swapped = np.arange(2 * num).reshape(-1, 2)[:, ::-1].ravel()
    assert (result.kept_row[2 * num :] == swapped).all()


def removed_scenes(vectors: np.ndarray, reach: float) -> list[bool]:
    """Scenes (S, A, D) by the definition: in order, against all that are kept."""
    gone: list[bool] = []
    for scene in vectors.astype(float):
        kept = [other for other, copy in zip(vectors, gone, strict=False) if not copy]
        gone.append(
            any(
                max(np.linalg.norm(scene[list(order)] - other, axis=1)) <= reach
                for other in kept
                for order in itertools.permutations(range(len(scene)))
            )
        )
    return gone


@given(
    st.integers(0, 100_000),
    st.integers(0, 40),
    st.sampled_from([2, 3]),
    st.sampled_from([2, 7, 1024]),
)
def test_scenes_equal_the_definition(seed: int, num: int, actors: int, block: int) -> None:
    rng = np.random.default_rng(seed)
    vectors = (rng.normal(size=(num, actors, 2)) * 0.08).astype(np.float32)
    vectors[rng.random((num, actors)) < 0.3] = 0.0
    before, scene_copies._BLOCK = scene_copies._BLOCK, block  # type: ignore[misc]
    try:
        stand_in, gap = scene_copies.find_scene_copies(vectors, REACH)
    finally:
        scene_copies._BLOCK = before  # type: ignore[misc]
    assert (stand_in[:, 0] >= 0).tolist() == removed_scenes(vectors, REACH)
    for scene in np.flatnonzero(stand_in[:, 0] >= 0):
        other, actor = np.divmod(stand_in[scene], actors)
        assert len(set(other.tolist())) == 1
        assert stand_in[other[0], 0] == -1
        assert sorted(actor.tolist()) == list(range(actors))
        away = np.linalg.norm(vectors[scene].astype(float) - vectors[other, actor], axis=1)
        np.testing.assert_allclose(gap[scene], away, atol=1e-12)
        assert (away <= REACH).all()
    assert np.isinf(gap[stand_in < 0]).all()


def test_pair_is_no_copy_of_solos_nor_of_one_person() -> None:
    solos = [{"quality_score": 0.99}, {"quality_score": 0.99}]
    index = make_index([*solos, *pair("x"), *pair("y")])
    # x: both actors alike (never a copy of itself); y: both like the first actor of x
    result = find_duplicates(index, line(0.0, 1.0, 0.01, 1.01, 9.0, 9.0), distance_h=REACH)
    assert result.removed.tolist() == [True, True, False, False, False, False]


def test_views_follow_their_lowest_view() -> None:
    rows = [
        {"clip_id": f"s/{q}/w00/a0/v{v}", "scene_id": f"s/{q}/w00/v{v}", "view_index": v}
        for q in "pq"
        for v in (1, 2)
    ]
    rows[0]["quality_score"] = 0.9
    vectors = line(0.0, 7.0, 0.01, 9.0)
    result = find_duplicates(make_index(rows), vectors, distance_h=REACH)
    assert result.removed.tolist() == [False, False, True, True]
    assert result.kept_row.tolist() == [-1, -1, 0, 0]


def test_many_copies_are_cheap() -> None:
    num = 5000
    index = make_index([{} for _ in range(num)])
    result = find_duplicates(index, line(*[0.0] * num), distance_h=REACH)
    assert result.removed.sum() == num - 1
