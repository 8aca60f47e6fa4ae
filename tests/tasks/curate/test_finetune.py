from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.config import CurateConfig
from tasks.curate.caps import Caps, cell_quotas, feasible_caps
from tasks.curate.finetune import FinetuneResult, select_finetune

CONFIG = CurateConfig(sft_max_action_share=0.15)


def make_index(
    seed: int, *, scenes: int = 300, actions: int = 12, pairs: float = 0.2, sources: int = 3
) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    weights = rng.dirichlet(np.ones(actions))
    rows = []
    for scene in range(scenes):
        source = f"src{rng.choice(sources)}"
        rows += [
            {
                "clip_id": f"{source}/{scene:05d}/w00/a{actor}/v0",
                "scene_id": f"{source}/{scene:05d}",
                "source": source,
                "action": f"act{rng.choice(actions, p=weights)}",
                "quality_score": float(rng.uniform(0.3, 1.0)),
            }
            for actor in range(2 if rng.random() < pairs else 1)
        ]
    return pl.DataFrame(rows)


def select(
    index: pl.DataFrame, config: CurateConfig = CONFIG
) -> tuple[pl.DataFrame, FinetuneResult]:
    result = select_finetune(index, np.ones(index.height, dtype=bool), config)
    return index.filter(pl.Series(result.chosen)), result


def top_share(chosen: pl.DataFrame, column: str) -> Fraction:
    counts = chosen[column].value_counts()["count"]
    return Fraction(int(counts.max()), chosen.height) if chosen.height else Fraction(0)


@given(
    st.integers(0, 100_000),
    st.integers(0, 200),
    st.integers(1, 20),
    st.floats(0, 1),
    st.integers(1, 4),
    st.sampled_from([0.05, 0.15, 0.3, 1.0]),
    st.sampled_from([0.3, 0.6, 1.0]),
)
def test_caps_hold_on_the_output(
    seed: int, scenes: int, actions: int, pairs: float, sources: int, action: float, source: float
) -> None:
    if not scenes:
        return
    index = make_index(seed, scenes=scenes, actions=actions, pairs=pairs, sources=sources)
    config = CurateConfig(sft_max_action_share=action, sft_max_source_share=source)
    chosen, result = select(index, config)
    assert top_share(chosen, "action") <= result.caps.action
    assert top_share(chosen, "source") <= result.caps.source
    if not result.note:
        assert float(top_share(chosen, "action")) <= action
        assert float(top_share(chosen, "source")) <= source
    assert chosen["quality_score"].min() is None or chosen["quality_score"].min() >= 0.5  # type: ignore[operator]
    sizes = index.group_by("scene_id").len().sort("scene_id")
    inside = chosen.group_by("scene_id").len().sort("scene_id")
    assert inside.join(sizes, on=["scene_id", "len"], how="anti").is_empty()


@settings(max_examples=20)
@given(st.integers(0, 1000))
def test_solos_reach_the_largest_size_and_the_best_of_each_cell(seed: int) -> None:
    index = make_index(seed, pairs=0.0)
    chosen, result = select(index)
    good = index.filter(pl.col("quality_score") >= 0.5)
    counts = good.pivot("source", index="action", values="clip_id", aggregate_function="len")
    table = counts.drop("action").fill_null(0).to_numpy().astype(int)
    # the definition, by trying every size from the top
    sizes = range(good.height, -1, -1)
    assert chosen.height == next(n for n in sizes if flow_bound(table, result.caps, n) >= n)
    for (action, source), part in chosen.group_by("action", "source"):
        own = good.filter((pl.col("action") == action) & (pl.col("source") == source))
        best = own.sort("quality_score", descending=True).head(part.height)
        assert set(part["clip_id"]) == set(best["clip_id"])


def flow_bound(table: np.ndarray, caps: Caps, size: int) -> int:
    """Smallest cut, over all sets of sources: independent of any flow algorithm."""
    per_action, per_source = int(caps.action * size), int(caps.source * size)
    cuts = []
    for chosen in itertools.product([False, True], repeat=table.shape[1]):
        through = table[:, ~np.array(chosen)].sum(axis=1).clip(0, per_action).sum()
        cuts.append(sum(chosen) * per_source + int(through))
    return min(cuts)


def test_one_flooding_action_is_cut_to_its_share() -> None:
    rows = []
    for number in range(1000):
        action = "walk" if number < 900 else f"act{number % 10}"
        rows.append(
            {
                "clip_id": f"s/{number:04d}",
                "scene_id": f"s/{number:04d}",
                "source": "s",
                "action": action,
                "quality_score": 0.5 + number / 4000,
            }
        )
    chosen, result = select(pl.DataFrame(rows))
    assert chosen.height == 117  # 100 others and 17 of 117 = 14.5 %
    assert chosen.filter(pl.col("action") == "walk").height == 17
    assert min(chosen.filter(pl.col("action") == "walk")["clip_id"]) == "s/0883"
    assert result.caps.source == 1
    assert "1/1" in result.note


def test_few_actions_raise_the_cap_and_say_so() -> None:
    index = make_index(0, actions=3, pairs=0.0)
    chosen, result = select(index)
    assert result.caps.action == Fraction(1, 3)
    assert "1/3" in result.note
    assert chosen.height > 0
    assert set(chosen["action"].value_counts()["count"]) == {chosen.height // 3}


def test_a_source_with_one_action_makes_the_source_cap_give_way() -> None:
    available = np.array([[500, 0]] + [[0, 50]] * 10)
    caps, note = feasible_caps(available, action_share=0.15, source_share=0.6)
    assert caps.action == Fraction(3, 20)
    assert float(caps.source) == pytest.approx(0.85)
    assert "source cap" in note
    assert cell_quotas(available, caps).sum() > 500


def test_cells_are_filled_evenly() -> None:
    available = np.array([[100, 100, 100]] * 10)
    quotas = cell_quotas(available, Caps(action=Fraction(3, 20), source=Fraction(1, 2)))
    assert (quotas == 100).all()
    scarce = cell_quotas(available, Caps(action=Fraction(1, 10), source=Fraction(1, 3)))
    assert (scarce == 100).all()


def test_unlabelled_is_capped_like_an_action() -> None:
    index = make_index(1, actions=10, pairs=0.0).with_columns(
        pl.when(pl.int_range(pl.len()) % 2 == 0)
        .then(pl.lit("unlabelled"))
        .otherwise("action")
        .alias("action")
    )
    chosen, result = select(index)
    assert result.note == ""
    share = chosen.filter(pl.col("action") == "unlabelled").height / chosen.height
    assert 0.1 < share <= 0.15


def test_weak_partner_keeps_a_pair_out() -> None:
    index = make_index(2, pairs=1.0, actions=8)
    chosen, _ = select(index)
    weak = index.filter(pl.col("quality_score") < 0.5)["scene_id"]
    assert chosen.filter(pl.col("scene_id").is_in(weak.implode())).is_empty()


def test_nothing_good_gives_an_empty_set() -> None:
    index = make_index(0).with_columns(pl.lit(0.1).alias("quality_score"))
    chosen, result = select(index)
    assert chosen.is_empty()
    assert result.note == ""
    assert select(index.clear())[0].is_empty()
    nan = index.with_columns(pl.lit(float("nan")).alias("quality_score"))
    assert select(nan)[0].is_empty()


def test_candidates_only() -> None:
    index = make_index(3)
    train = np.arange(index.height) % 2 == 0
    result = select_finetune(index, train, CONFIG)
    assert not result.chosen[~train].any()
