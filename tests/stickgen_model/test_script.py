"""Prompts of several parts: what is read, what is refused, and that times add up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets_spec.errors import ConfigError
from stickgen_model.script import ScriptPart, parse_script


def read(text, **more):
    return [(part.text, part.seconds) for part in parse_script(text, **more)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("walks 3s; waves 2s", [("walks", 3.0), ("waves", 2.0)]),
        ("walks 3s;\n", [("walks", 3.0)]),
        ("a man runs 2.5 seconds\nhe sits down 1 s", [("a man runs", 2.52), ("he sits down", 1.0)]),
        ("jumps; hops 1sec", [("jumps", 3.0), ("hops", 1.0)]),
        ("throws 3 balls; two s", [("throws 3 balls", 3.0), ("two s", 3.0)]),
        ("walks, 1.02s", [("walks", 1.04)]),
        ("a 2.5s; b 2.5s", [("a", 2.52), ("b", 2.48)]),
        ("runs .5s", [("runs", 0.52)]),
    ],
)
def test_parts_and_times(text, parts):
    assert read(text) == [(words, pytest.approx(time)) for words, time in parts]


def test_a_total_is_shared_by_parts_without_a_time():
    assert read("a; b; c 1s", seconds=9) == [("a", 4.0), ("b", 4.0), ("c", 1.0)]
    times = [part.num_frames for part in parse_script("a; b; c", seconds=4)]
    assert sum(times) == 100
    assert max(times) - min(times) <= 1


@pytest.mark.parametrize(
    ("text", "more", "told"),
    [
        ("", {}, "expected parts such as"),
        (" ; ;", {}, "expected parts such as"),
        ("walks 1s;; waves 1s", {}, "part 2: expected what is done, got no words"),
        ("3s", {}, "got no words"),
        ("walks 0s", {}, "expected at least 0.4 s, got 0 s"),
        ("walks 500s", {}, "expected at most 120 s, got 500 s"),
        ("a 61s; b 60s", {}, "at most 120 s together, got 121 s"),
        ("a -3s; b 1e9s; c nan s; d 3,5s", {}, "part 1 .* part 2 .* part 3 .* part 4"),
        ("a 5s; b", {"seconds": 5}, "1 parts without a time: .* 0 s of 5 s are left"),
        ("a 5s", {"seconds": 6}, "parts of 6 s together, got 5 s"),
        (";".join("a" * 101), {}, "at most 100 parts, got 101"),
    ],
)
def test_what_is_refused(text, more, told):
    with pytest.raises(ConfigError, match=told):
        parse_script(text, **more)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text):
    try:
        parts = parse_script(text)
    except ConfigError:
        return
    assert all(part.text.strip() and part.num_frames >= 10 for part in parts)
    assert sum(part.num_frames for part in parts) <= 3000


_WORDS = st.text(alphabet="abc xyz", min_size=1, max_size=20).filter(
    lambda text: text.strip() and not text.strip().endswith("s")
)


@given(st.lists(st.tuples(_WORDS, st.integers(10, 100)), min_size=1, max_size=20))
def test_what_is_written_is_read(parts):
    text = "; ".join(f"{words.strip()} {frames / 25:.2f}s" for words, frames in parts)
    found = parse_script(text)
    assert [part.num_frames for part in found] == [frames for _, frames in parts]
    assert [part.text for part in found] == [words.strip() for words, _ in parts]


def test_a_part_counts_its_frames():
    assert ScriptPart(text="a", seconds=1.96).num_frames == 49
