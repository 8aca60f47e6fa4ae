"""Captions: any text, at its time, in its place."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets_spec.errors import ConfigError
from stickgen_model.animation import Caption
from stickgen_model.render.caption_art import caption_art
from stickgen_model.render.captions import LONGEST_CAPTION, caption_numbers, plain_text
from stickgen_model.render.config import RenderConfig

HOSTILE = {
    "markup": "<b>bold</b> & <script>alert('x')</script> {{7*7}} %s \\n",
    "controls": "a\x00b\x07c\x1b[31md\r\ne\tf\x7f",
    "direction": "\u202eright to left\u202c \u200b\u2066x\u2069",
    "emoji": "\U0001f9df\u200d\u2642\ufe0f waves \U0001f44b\U0001f3fd",
    "surrogates": "half \ud83d of a pair",
    "scripts": "\u8d70\u8def \u043f\u043b\u044f\u0448\u0435\u0442 \u0645\u0634\u064a \u0e40\u0e14",
    "marks": "z" + "\u0301" * 300,
    "long word": "w" * 5000,
    "long": "word " * 10_000,
    "spaces": " \n\t\u00a0\u3000",
    "empty": "",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_are_set(name):
    text = plain_text(HOSTILE[name])
    assert len(text) <= LONGEST_CAPTION
    art = caption_art(text, RenderConfig(width=320, height=200))
    assert bool(len(art.index)) == (name not in {"spaces", "empty"})
    assert np.isfinite(art.cover).all()
    assert (art.index >= 0).all()
    assert (art.index < 320 * 200).all()


@given(text=st.text(max_size=600))
def test_what_is_left_of_a_text_can_be_seen(text):
    plain = plain_text(text)
    assert not {unicodedata.category(c) for c in plain} & {"Cc", "Cf", "Cs", "Co", "Cn"}
    assert plain == " ".join(plain.split())
    assert plain_text(plain) == plain


def test_usual_texts_stay_as_they_are():
    assert plain_text("a man <walks> & waves, 50 %") == "a man <walks> & waves, 50 %"
    assert plain_text("word " * 10_000).endswith(" ...")


@pytest.mark.parametrize("words", [3, 30, 400])
def test_captions_lie_inside_at_the_bottom(words):
    art = caption_art(plain_text("walks " * words), RenderConfig(width=400, height=300))
    top, bottom, left, right = art.box
    assert top > 0.75 * 300
    assert bottom < 300
    assert left > 5
    assert right < 395
    assert abs(left + right - 400) < 12
    rows, columns = np.divmod(art.index, 400)
    assert (rows.min(), rows.max() + 1, columns.min(), columns.max() + 1) == art.box


def test_letters_have_the_colour_of_text_and_an_edge_around():
    config = RenderConfig(width=400, height=300, look="neon")
    art = caption_art("HIM", config)
    tones = art.tones[..., None].view(np.uint8)[:, :3]
    full = art.cover > 255.0
    found = {tuple(tone) for tone in tones[full].tolist()}
    assert {config.look_spec.text, config.look_spec.text_edge} <= found


def test_small_pictures_have_no_captions():
    assert not len(caption_art("walks", RenderConfig(width=95, height=300)).index)
    assert len(caption_art("walks", RenderConfig(width=96, height=96)).index)


def test_of_captions_at_one_time_the_last_to_begin_is_shown():
    captions = [
        Caption(start_s=0.0, end_s=2.0, text="one"),
        Caption(start_s=1.0, end_s=1.5, text="two"),
        Caption(start_s=1.6, end_s=3.0, text="\x00"),
    ]
    times = np.array([0.0, 0.99, 1.0, 1.49, 1.5, 1.99, 2.0])
    assert caption_numbers(captions, times).tolist() == [0, 0, 1, 1, 0, 0, -1]


def test_a_font_of_ones_own(tmp_path):
    wrong = tmp_path / "no.ttf"
    with pytest.raises(ConfigError, match=r"no\.ttf: expected a TrueType"):
        caption_art("walks", RenderConfig(font=wrong))
    wrong.write_bytes(b"no font")
    with pytest.raises(ConfigError, match=r"no\.ttf: expected a TrueType"):
        caption_art("walks", RenderConfig(font=wrong))
