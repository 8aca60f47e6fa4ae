from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.label.filename import filename_label


@pytest.mark.parametrize(
    ("stem", "words"),
    [
        ("wave_hello", "wave hello"),
        ("jesse_dance", "jesse dance"),
        ("0020_lifting_heavy2_poses", "lifting heavy"),
        ("WalkForward_take01", "walk forward"),
        ("dance1_subject2", "dance"),
        ("RunStop", "run stop"),
        ("kick high-left02_stageii", "kick high left"),
        ("sit_down", "sit down"),
        ("get_up_003", "get up"),
        ("02_01", None),
        ("000_genuine", None),
        ("", None),
        ("take_001", None),
        ("S001C002P005R002A008", None),
        ("gBR_sBM_c01_d04_mBR0_ch02_seg2", None),
        ("__--__", None),
    ],
)
def test_words_of_a_name(stem: str, words: str | None) -> None:
    label = filename_label(stem)
    assert (label.text if label else None) == words
    if label:
        assert label.caption_source == "filename"


@given(st.text(max_size=300))
def test_any_name(stem: str) -> None:
    label = filename_label(stem)
    assert label is None or label.text
