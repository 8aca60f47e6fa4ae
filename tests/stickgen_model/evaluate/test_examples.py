"""Examples of an evaluation: what is written is read, and nothing else is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickgen_model.evaluate.evaluation import EvaluationError
from stickgen_model.evaluate.examples import Example, load_examples, save_examples

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = ("", "a\0", "<script>alert(1)</script>\n\r", "\ud800", "\u202e" * 9, "../x", "x" * 9000)


def _clip(seed: int, frames: int = 7) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(frames, 10, 2)).astype(np.float32)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    made = [
        Example(
            prompt=text,
            action="walk",
            clips={"model": _clip(n), "real": _clip(n, 30), text: _clip(9)},
        )
        for n, text in enumerate(HOSTILE)
    ]
    save_examples(made, tmp_path / "examples.npz")
    found = load_examples(tmp_path / "examples.npz")
    assert [(one.prompt, one.action) for one in found] == [(one.prompt, "walk") for one in made]
    for one, other in zip(made, found, strict=True):
        assert list(one.clips) == list(other.clips)
        for row, clip in one.clips.items():
            assert other.clips[row].dtype == np.float32
            np.testing.assert_array_equal(other.clips[row], clip)


@given(st.lists(st.tuples(st.text(), st.sampled_from(["", "walk"])), max_size=4))
def test_any_text_comes_back(tmp_path_factory: pytest.TempPathFactory, told: list) -> None:
    path = tmp_path_factory.mktemp("examples") / "x.npz"
    save_examples(
        [Example(prompt=p, action=a, clips={"model": _clip(0, 1)}) for p, a in told], path
    )
    assert [(one.prompt, one.action) for one in load_examples(path)] == told


def test_the_same_examples_give_the_same_bytes(tmp_path: Path) -> None:
    made = [Example(prompt="a", action="", clips={"model": _clip(3)})]
    for name in ("a.npz", "b.npz"):
        save_examples(made, tmp_path / name)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.npz", "b.npz"]


@pytest.mark.parametrize(
    "clip",
    [
        np.zeros((0, 10, 2), np.float32),
        np.zeros((3, 9, 2), np.float32),
        np.full((3, 10, 2), np.nan, np.float32),
        np.zeros((3, 10, 2), np.int64),
    ],
)
def test_a_clip_that_is_none_is_not_written(tmp_path: Path, clip: np.ndarray) -> None:
    with pytest.raises(ValueError, match="example 0, row 'model'"):
        save_examples([Example(prompt="a", action="", clips={"model": clip})], tmp_path / "x.npz")
    assert not list(tmp_path.iterdir())


def test_what_is_damaged_is_said(tmp_path: Path) -> None:
    path = tmp_path / "x.npz"
    with pytest.raises(EvaluationError, match="expected examples"):
        load_examples(path)
    save_examples([Example(prompt="a", action="", clips={"model": _clip(3)})], path)
    whole = path.read_bytes()
    for cut in (0, 10, len(whole) // 2, len(whole) - 5):
        path.write_bytes(whole[:cut])
        with pytest.raises(EvaluationError, match=r"x\.npz: expected examples"):
            load_examples(path)
    np.savez(path, about=np.array([{"format": "stickgen-examples-1"}], dtype=object))
    with pytest.raises(EvaluationError, match="pickle"):
        load_examples(path)
    np.savez(path, about=np.frombuffer(b'{"format": "other"}', dtype=np.uint8))
    with pytest.raises(EvaluationError, match="other"):
        load_examples(path)
