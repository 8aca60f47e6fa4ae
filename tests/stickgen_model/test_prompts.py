"""What people type: cleaned, measured, told about."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets_spec.errors import ConfigError
from stickgen_model.prompts import check_prompt, clean_text, short_title


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("  a man\n waves\t", "a man waves"),
        ("a\x00man\x1b[31m waves", "a man [31m waves"),
        ("<b>a man</b> & {waves}", "<b>a man</b> & {waves}"),
        ("a \u202eman\u200b waves\ufeff", "a man waves"),
        ("\U0001f468\u200d\U0001f680 waves", "\U0001f468\u200d\U0001f680 waves"),
        ("a \ud800 man", "a \ufffd man"),
        ("lines\u2028apart", "lines apart"),
    ],
)
def test_what_cannot_be_seen_goes(typed, cleaned):
    assert clean_text(typed) == cleaned
    assert check_prompt(typed).text == cleaned


@given(st.text(alphabet=st.characters(), max_size=100))
def test_cleaning_twice_changes_nothing(text):
    once = clean_text(text)
    assert clean_text(once) == once
    assert not {unicodedata.category(c) for c in once} & {"Cc", "Cs", "Zl", "Zp"}
    once.encode()


@pytest.mark.parametrize("typed", ["", "   ", "\x00\x07", " . ", "?!", "\u200b"])
def test_nothing_to_do_is_refused(typed):
    with pytest.raises(ConfigError, match="expected a sentence such as"):
        check_prompt(typed)
    check_prompt(typed, empty=True)


@pytest.mark.parametrize(
    ("typed", "remark"),
    [
        ("walks " * 10_000, "10,000 words: the text encoder reads about the first 180"),
        ("\U0001f600\U0001f680", "no words in it"),
        ("\u8d70\u308b", "another language"),
        ("\u0447\u0435\u043b\u043e\u0432\u0435\u043a", "another language"),
    ],
)
def test_remarks(typed, remark):
    assert remark in " ".join(check_prompt(typed).remarks)


@pytest.mark.parametrize("typed", ["a man waves", "a caf\u00e9 owner bows", "a man (x2) waves!"])
def test_usual_prompts_have_none(typed):
    assert check_prompt(typed).remarks == ()


def test_endless_texts_are_refused():
    with pytest.raises(ConfigError, match="at most 100,000 characters, got 100,001"):
        check_prompt("a" * 100_001)


def test_a_style_stands_at_the_end():
    assert check_prompt("a man walks.", style="zombie").text == "a man walks like a zombie"
    with pytest.raises(ConfigError, match="did you mean zombie"):
        check_prompt("a man walks", style="zombi")


def test_titles_are_short():
    assert short_title("a" * 200) == "a" * 200
    assert len(short_title("word " * 100)) <= 200
    assert short_title("word " * 100).endswith("...")
