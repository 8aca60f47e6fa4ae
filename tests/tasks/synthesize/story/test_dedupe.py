from __future__ import annotations

import itertools
import json

import numpy as np

from tasks.synthesize.story.dedupe import MAX_LIKENESS, DuplicateFilter, _prefix, story_tokens
from tasks.synthesize.story.reply import parse_reply
from tests.tasks.synthesize.story.tales import act, beat, tale, told


def test_the_same_title_whatever_its_capitals() -> None:
    seen = DuplicateFilter()
    assert seen.add(4, parse_reply(told(1))) == ""
    assert seen.add(5, parse_reply(told(2, title="TALE: 1!"))) == "the title of story 4"


def test_the_same_actions_under_another_title() -> None:
    seen = DuplicateFilter()
    seen.add(0, parse_reply(told(1)))
    other = tale(1) | {"title": "Other", "summary": "All new words here indeed."}
    assert seen.add(1, parse_reply(json.dumps(other))) == "the actions of story 0"


def test_nearly_the_same_words_and_actions() -> None:
    seen = DuplicateFilter()
    first = tale(1)
    first["beats"].append(beat(act("b", "walk"), act("a", "yawn" and "stretch")))
    assert seen.add(0, parse_reply(json.dumps(first))) == ""
    first["title"] = "Tale 1 again"
    first["beats"][-1]["acts"].append(act("a", "idle", delay_s=2))
    assert "shared with story 0" in seen.add(1, parse_reply(json.dumps(first)))


def test_different_stories_stay() -> None:
    seen = DuplicateFilter()
    assert [seen.add(n, parse_reply(told(n))) for n in (0, 12, 345, 678)] == [""] * 4


def test_no_likeness_is_overlooked() -> None:
    """Prefix filtering against comparing all pairs, on random sets about the threshold."""
    rng = np.random.default_rng(5)
    base = [f"w{i}" for i in range(40)]
    sets = []
    for _ in range(120):
        keep = set(rng.choice(base, size=int(rng.integers(30, 41)), replace=False).tolist())
        sets.append(frozenset(keep | {f"x{rng.integers(9)}" for _ in range(int(rng.integers(4)))}))
    for first, second in itertools.combinations(sets, 2):
        if len(first & second) / len(first | second) >= MAX_LIKENESS:
            assert set(_prefix(first)) & set(_prefix(second))


def test_tokens_tell_who_does_what() -> None:
    tokens = story_tokens(parse_reply(told(7)))
    assert {"a:read", "b:idle", "a:read>a:run", "+handshake", "thief"} <= tokens
