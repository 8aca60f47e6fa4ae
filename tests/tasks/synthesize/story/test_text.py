from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.synthesize.story.text import clean_noun, clean_text, show


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("  Hello \n\t there ", "Hello there"),
        ("\u201cStop!\u201d \u2014 she said\u2026", "'Stop!' - she said..."),
        ('He says "go".', "He says 'go'."),
        ("Cafe\u0301", "Caf\u00e9"),
        ("Wait...what? In the U.S.A. at 3.50", "Wait...what? In the U.S.A. at 3.50"),
        ("", ""),
    ],
)
def test_harmless_text_is_tidied(raw: str, clean: str) -> None:
    assert clean_text(raw, most=80) == clean


@pytest.mark.parametrize(
    "raw",
    [
        "<script>alert(1)</script>",
        "a < b",
        "{{ secret }}",
        "`rm`",
        "$HOME",
        "../../etc/passwd",
        "C:\\temp",
        "https://evil.example/x",
        "see evil.com",
        "open run.sh now",
        "&lt;b",
        "[link](x)",
        "*bold*",
        "a_b",
        "a=b",
        "#tag",
        "50%",
        "bell\x07",
        "nul\x00",
        "esc\x1b[31m",
        "zero\u200bwidth",
        "rtl\u202eoverride",
        "\ud800",
        "\ufeffmark",
        "\U0001f600",
        "z\u0335\u0336\u0337\u0338algo",
        "\uff1cscript\uff1e",
        "x" * 81,
        "x" * 100_000,
    ],
)
def test_markup_code_paths_and_floods_are_refused(raw: str) -> None:
    with pytest.raises(ValueError, match=r"plain words|at most 80"):
        clean_text(raw, most=80)


@given(st.text(max_size=60))
def test_what_is_let_through_is_plain_and_stays_as_it_is(raw: str) -> None:
    try:
        text = clean_text(raw, most=60)
    except ValueError:
        return
    assert clean_text(text, most=60) == text == text.strip() == unicodedata.normalize("NFC", text)
    assert not set(text) & set('<>{}[]`\\/|&$*_=#@~^"\n\r\t\x00')
    assert "  " not in text
    assert text.isprintable()


@pytest.mark.parametrize(
    ("raw", "noun"), [("The old Thief", "old thief"), ("an Ice-cream man", "ice-cream man")]
)
def test_nouns_lose_article_and_capitals(raw: str, noun: str) -> None:
    assert clean_noun(raw, most=30) == noun


@pytest.mark.parametrize("raw", ["", "the", "thief!", "two, three", "r2d2", "a thief; run"])
def test_what_is_no_noun(raw: str) -> None:
    if raw == "the":  # a word like any other once it stands alone
        assert clean_noun(raw, most=30) == "the"
        return
    with pytest.raises(ValueError, match="words of letters"):
        clean_noun(raw, most=30)


@given(st.recursive(st.none() | st.text() | st.floats() | st.integers(), st.lists, max_leaves=4))
def test_shown_values_are_short_and_ascii(value: object) -> None:
    shown = show(value)
    assert len(shown) <= 60
    assert shown.isascii()
    assert shown.isprintable()


@given(st.text())
def test_shown_text_holds_no_markup(raw: str) -> None:
    assert not set(show(raw)) & set('<>{}[]`/|&$*=#@~^"')


def test_a_number_too_long_to_print_is_shown_in_words() -> None:
    assert "digits" in show(10**5000)
