from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.retarget.windows import cut_windows


def lengths(num, borders=(), longest=250, shortest=10):
    windows = cut_windows(num, borders=borders, max_frames=longest, min_frames=shortest)
    return [window.num_frames for window in windows]


@given(
    num=st.integers(0, 3000),
    borders=st.lists(st.integers(-50, 3100), max_size=60),
    longest=st.integers(50, 250),
    shortest=st.integers(10, 50),
)
def test_windows_cover_everything_once(num, borders, longest, shortest):
    windows = cut_windows(num, borders=borders, max_frames=longest, min_frames=shortest)
    frames = [k for window in windows for k in range(window.start, window.stop)]
    assert frames == list(range(num))
    assert all(1 <= window.num_frames <= longest for window in windows)
    short = [window for window in windows if window.num_frames < shortest]
    if longest >= 2 * shortest and num >= shortest:
        assert not short
    again = cut_windows(num, borders=borders[::-1] * 2, max_frames=longest, min_frames=shortest)
    assert again == windows


@pytest.mark.parametrize(
    ("num", "want"),
    [(250, [250]), (251, [125, 126]), (260, [130, 130]), (750, [250] * 3), (9, [9]), (0, [])],
)
def test_even_parts_rather_than_a_rest(num, want):
    assert lengths(num) == want


def test_cuts_lie_on_borders():
    assert lengths(400, [180]) == [180, 220]
    assert lengths(600, [100, 190, 300, 420, 500]) == [190, 230, 180]
    assert lengths(600, [100, 500]) == [100, 200, 200, 100]


def test_a_border_near_another_or_an_end_is_no_cut():
    assert lengths(300, [3, 150, 152, 297]) == [150, 150]


def test_impossible_lengths_lose_only_the_rest():
    assert lengths(75, longest=50, shortest=50) == [50, 25]


def test_many_borders_are_no_burden():
    assert sum(lengths(90_000, range(0, 90_000, 3))) == 90_000
