from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tasks.label.caption_text import MAX_CAPTION_CHARS, clean_caption


def test_shown_characters_only() -> None:
    assert clean_caption(" a\tman\x00 \u202ewalks\n\u200b slowly\ud800 ") == "a man walks slowly"
    assert clean_caption("\x07\x1b[31m") == "[31m"
    assert clean_caption("tilting \u2013 side to side") == "tilting \u2013 side to side"


def test_long_text_is_cut_at_a_word() -> None:
    cut = clean_caption("walk " * 100_000)
    assert len(cut) <= MAX_CAPTION_CHARS
    assert cut.endswith("walk")
    assert len(clean_caption("x" * 10_000)) == MAX_CAPTION_CHARS


@given(st.text(max_size=300))
def test_stable(text: str) -> None:
    once = clean_caption(text)
    assert clean_caption(once) == once
    once.encode("utf-8")
