"""The contact sheet: what is on it, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from datasets_spec.skeleton import JOINTS
from stickgen_model.render.sheet import contact_sheet, save_png

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

BLUE, ORANGE = (34, 110, 186), (222, 106, 32)


def standing(frames: int = 30) -> NDArray[np.float32]:
    """A figure with its left limbs at greater x, that does not move."""
    places = {
        "head": (0.0, 0.93),
        "pelvis": (0.0, 0.53),
        "l_elbow": (0.15, 0.66),
        "l_hand": (0.2, 0.5),
        "l_knee": (0.06, 0.28),
        "l_foot": (0.08, 0.04),
    }
    mirrored = {n.replace("l_", "r_"): (-x, y) for n, (x, y) in places.items() if n[:2] == "l_"}
    pose = np.array([(places | mirrored)[name] for name in JOINTS], dtype=np.float32)
    return np.tile(pose, (frames, 1, 1))


def columns_of(sheet: NDArray[np.uint8], colour: tuple[int, int, int]) -> NDArray[np.int64]:
    return np.flatnonzero((sheet == colour).all(axis=2).any(axis=0))


def test_a_sheet_is_rgb_with_a_row_of_the_same_height_for_every_motion() -> None:
    one = contact_sheet([standing()], ["stands"])
    three = contact_sheet([standing()] * 3, ["stands"] * 3)
    assert one.dtype == np.uint8
    assert three.shape == (3 * len(one), one.shape[1], 3)
    assert np.array_equal(three[: len(one)], one)


def test_columns_put_motions_side_by_side() -> None:
    one = contact_sheet([standing()], ["stands"])
    sheet = contact_sheet([standing()] * 3, ["stands"] * 3, columns=2)
    assert sheet.shape == (2 * one.shape[0], 2 * one.shape[1], 3)
    assert np.array_equal(sheet[: one.shape[0], one.shape[1] :], one)
    # the last place stays empty
    assert (sheet[one.shape[0] :, one.shape[1] :] == 255).all()


def test_left_limbs_are_blue_right_ones_orange_on_their_sides() -> None:
    sheet = contact_sheet([standing()], [""], poses=1)
    middle = sheet.shape[1] / 2
    assert columns_of(sheet, BLUE).min() > middle - 4
    assert columns_of(sheet, ORANGE).max() < middle + 4


@pytest.mark.parametrize("poses", [1, 5, 8])
def test_as_many_poses_as_asked_stand_apart(poses: int) -> None:
    found = columns_of(contact_sheet([standing()], [""], poses=poses), BLUE)
    assert (np.diff(found) > 20).sum() == poses - 1


def test_a_raised_figure_is_drawn_higher() -> None:
    low, high = standing(), standing()
    high[..., 1] += 0.5
    sheet = contact_sheet([low, high], ["", ""])
    half = len(sheet) // 2
    feet = [
        np.flatnonzero((part == BLUE).all(axis=2).any(axis=1)).max()
        for part in (sheet[:half], sheet[half:])
    ]
    assert feet[0] - feet[1] == pytest.approx(46, abs=1)


def test_where_the_figure_stands_moves_the_path_and_not_the_poses() -> None:
    still, walk = standing(), standing()
    walk[..., 0] += np.linspace(0.0, 3.0, len(walk))[:, None]
    sheet = contact_sheet([still, walk], ["", ""])
    half = len(sheet) // 2
    assert np.array_equal(columns_of(sheet[:half], BLUE), columns_of(sheet[half:], BLUE))
    assert not np.array_equal(sheet[:half], sheet[half:])


def test_wild_poses_stay_in_their_slots() -> None:
    wild = standing(8)
    wild[3, :, 0] *= 100.0
    sheet = contact_sheet([wild], [""])
    slots = np.array_split(sheet[:, 14:-14], 8, axis=1)
    alone = contact_sheet([wild[:1]], [""], poses=1)
    assert (slots[2] == BLUE).all(axis=2).sum() < 2 * (alone == BLUE).all(axis=2).sum()
    assert (slots[2] != 255).any()


def test_a_long_caption_is_cut_and_keeps_the_size() -> None:
    short = contact_sheet([standing()], ["stands"])
    for text in ("word " * 200, "x" * 900):
        long = contact_sheet([standing()], [text])
        assert long.shape == short.shape
        # the margin at the right stays white
        assert (long[:40, -14:] == 255).all()


def test_one_frame_is_enough() -> None:
    assert contact_sheet([standing(1)], ["stands"]).size


@pytest.mark.parametrize(
    ("motions", "captions", "part"),
    [
        ([], [], "got 0, 0"),
        ([standing()], [], "got 1, 0"),
        ([standing().reshape(-1, 20)], [""], "motion 0"),
        ([standing(), standing(0)], ["", ""], "motion 1"),
        ([standing() * np.nan], [""], "finite"),
    ],
)
def test_faults_are_told(
    motions: list[NDArray[np.float32]], captions: list[str], part: str
) -> None:
    with pytest.raises(ValueError, match=part):
        contact_sheet(motions, captions)


def test_a_saved_sheet_reads_back_and_leaves_nothing_else(tmp_path: Path) -> None:
    sheet = contact_sheet([standing()], ["stands"])
    save_png(tmp_path / "sheet.png", sheet)
    with Image.open(tmp_path / "sheet.png") as read:
        assert np.array_equal(np.asarray(read), sheet)
    assert [p.name for p in tmp_path.iterdir()] == ["sheet.png"]
