"""Changed prompts: deterministic, as told, for any text."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickgen_model.evaluate.prompt_suites import SUITES, change_prompts, prompt_suite
from stickgen_model.evaluate.prompt_synonyms import mend_articles, synonyms_at
from stickgen_model.evaluate.prompt_words import FILLERS, NOT_DONE, VERBS
from stickgen_model.text.encoder import normalise_sentence

NAMES = [suite.name for suite in SUITES]
PROMPTS = [
    "A student makes a long jump forward in a classroom.",
    "On thin ice, a man walks slowly, then sits down and finally waves twice with his left hand.",
    "a kid ran backward, clapped their hands three times and then walked sideways.",
    "a recruit and a sergeant hug each other",
    "two people fight while a woman watches.",
]


def test_the_suites_are_those_of_the_task():
    assert NAMES == [
        "paraphrase",
        "synonyms",
        "typos",
        "word_order",
        "negation",
        "empty",
        "long",
        "out_of_vocabulary",
        "adversarial",
    ]
    assert [suite.name for suite in SUITES if not suite.keeps_meaning] == ["empty"]
    assert prompt_suite("typos").told
    with pytest.raises(ValueError, match=r"expected a suite of paraphrase, .*; got 'typo'"):
        change_prompts("typo", PROMPTS, 0)


@pytest.mark.parametrize("name", NAMES)
@given(st.lists(st.text(), max_size=4), st.integers(0, 2**63 - 1))
def test_any_text_can_be_changed(name, prompts, seed):
    changed = change_prompts(name, prompts, seed)
    assert len(changed) == len(prompts)
    assert all(isinstance(text, str) for text in changed)
    assert changed == change_prompts(name, prompts, seed)
    # a prompt's change does not depend on its neighbours
    assert changed == [change_prompts(name, [text], seed)[0] for text in prompts]


@pytest.mark.parametrize("name", NAMES)
def test_every_sentence_is_changed(name):
    for seed in range(30):
        changed = change_prompts(name, PROMPTS, seed)
        assert all(one != other for one, other in zip(PROMPTS, changed, strict=True))
    assert change_prompts(name, PROMPTS * 5, 0) != change_prompts(name, PROMPTS * 5, 1)


SHOWN = {
    "paraphrase": "There is a man who walks slowly, next sits down and in the end waves "
    "twice with his left hand, on thin ice.",
    "synonyms": "On thin ice, a fellow saunters leisurely, then takes a seat and finally "
    "waggles two times with his left hand.",
    "typos": "On thin ice, a man walks slwoly, then sits down and finally waves twixe wiht "
    "his left hand.",
    "word_order": "On ice thin, man a walks slowly, then down sits and finally twice waves "
    "with his left hand.",
    "negation": "on thin ice, a man walks slowly, then sits down and finally waves twice "
    "with his left hand, without fighting.",
    "empty": "?!",
    "out_of_vocabulary": "On thin ice, a tikak walks slowly, then sits down and finally waves "
    "twice with his left hand, beside a tamitix kopux.",
    "adversarial": f"{PROMPTS[1]} ${{HOME}} %s %n {{0}} {{{{prompt}}}}",
}


@pytest.mark.parametrize("name", SHOWN)
def test_the_same_in_every_process(name):
    # evaluations are compared with earlier ones: a change here makes them incomparable
    assert change_prompts(name, [PROMPTS[1]], 7) == [SHOWN[name]]


def words(text):
    return re.findall(r"[a-z]+", text.lower())


def test_paraphrases_keep_the_words_of_the_action():
    for seed in range(50):
        for before, after in zip(PROMPTS, change_prompts("paraphrase", PROMPTS, seed), strict=True):
            kept = set(words(before)) - {"then", "finally", "and", "while"}
            assert kept <= set(words(after))
    moved = change_prompts("paraphrase", ["In a park, a man walks."] * 1, 3)[0]
    assert "a man" in moved
    assert moved.endswith("walks, in a park.")
    shown = {change_prompts("paraphrase", ["Wave!"], seed)[0] for seed in range(40)}
    assert len(shown) >= 6
    assert all("wave." in text for text in shown)


def test_synonyms_keep_form_and_capitals():
    found = {
        change_prompts("synonyms", ["A man WALKED, then he was walking."], s)[0] for s in range(9)
    }
    assert "A gentleman AMBLED, then he was sauntering." in found
    assert "A fellow SAUNTERED, then he was ambling." in found
    taken = change_prompts("synonyms", ["She sat down and a girl lay down; they stood\nstill."], 0)[
        0
    ]
    assert taken.startswith("She took a seat and a lass reclined; they ")
    assert taken.split("they ")[1] in ("remained motionless.", "stayed put.")
    # a comma is between: these are not two words of one entry
    assert "took a seat" not in change_prompts("synonyms", ["he sat, down there"], 0)[0]
    assert change_prompts("synonyms", ["the xylophone"], 0) == ["the xylophone"]
    assert change_prompts("synonyms", ["a person"], 1)[0] in ("a human", "an individual")


def test_forms_of_verbs():
    assert synonyms_at(["tumbles"]) == (1, ())
    assert synonyms_at(["falling"]) == (1, ("tumbling", "toppling"))
    assert synonyms_at(["jogged"]) == (1, ("trotted",))
    assert synonyms_at(["CARRIES", "it"]) == (1, ("hauls", "lugs"))
    assert synonyms_at(["picked", "up", "a"]) == (2, ("lifted up", "gathered up"))
    assert synonyms_at(["pushes"]) == (1, ("shoves",))
    assert synonyms_at(["danced"]) == (1, ("boogied",))
    for line in VERBS.strip().splitlines():
        assert len(line.split(": ")[0].split()) == 4


def test_articles():
    assert mend_articles("a old man and an big box, A Ape") == "an old man and a big box, An Ape"
    assert mend_articles("banana a, plan b") == "banana a, plan b"


def test_typos_are_few():
    for seed in range(50):
        for before, after in zip(PROMPTS, change_prompts("typos", PROMPTS, seed), strict=True):
            assert SequenceMatcher(None, before, after, autojunk=False).ratio() > 0.9
            wrong = [w for w in words(after) if w not in words(before)]
            assert 1 <= len(wrong) <= max(1, len(words(before)) // 4)
            assert all(any(w[0] == b[0] for b in words(before)) for w in wrong)


def test_words_move_within_their_clause():
    for seed in range(50):
        for before, after in zip(PROMPTS, change_prompts("word_order", PROMPTS, seed), strict=True):
            assert sorted(words(before)) == sorted(words(after))
            clauses = [
                re.split(r"[,.]|\bthen\b|\band\b|\bfinally\b|\bwhile\b", t) for t in (before, after)
            ]
            for one, other in zip(*clauses, strict=True):
                assert sorted(words(one)) == sorted(words(other))
                for place, word in enumerate(words(other)):
                    old = [n for n, w in enumerate(words(one)) if w == word]
                    assert min(abs(place - n) for n in old) <= 2


def test_what_is_not_done_is_never_what_is_asked_for():
    for seed in range(50):
        for action in NOT_DONE:
            changed = change_prompts("negation", [f"a person is {action}"], seed)[0]
            assert changed.count(action) == 1
            assert any(other in changed for other in NOT_DONE if other != action)
            assert re.search(r"without|never|not about|no ", changed)


def test_nothing_is_left_of_an_empty_prompt():
    shown = {text for seed in range(60) for text in change_prompts("empty", PROMPTS, seed)}
    assert "" in shown
    assert len(shown) >= 6
    assert not any(c.isalnum() for text in shown for c in text)


def test_long_prompts_are_long_and_hold_the_prompt():
    for before, after in zip(PROMPTS, change_prompts("long", PROMPTS, 0), strict=True):
        assert before in after
        assert len(words(after)) > len(words(before)) + 80
        assert sum(filler in after for filler in FILLERS) == 10


def test_unknown_words_are_unknown():
    known = set(words(" ".join([*PROMPTS, *FILLERS]))) | {"beside"}
    for before, after in zip(PROMPTS, change_prompts("out_of_vocabulary", PROMPTS, 0), strict=True):
        new = [word for word in words(after) if word not in known]
        assert 2 <= len(new) <= 3
        assert set(words(before)) - set(words(after)) <= {"student", "man", "kid", "woman", "a"}


def test_hostile_text_is_of_many_kinds_and_mostly_readable():
    shown = {change_prompts("adversarial", [PROMPTS[3]], seed)[0] for seed in range(200)}
    assert len(shown) == 16
    for needle in ("<script>", "DROP TABLE", "\x00", "\u202e", "Ignore all", "\u200b", "${HOME}"):
        assert any(needle in text for text in shown)
    # full-width letters and invisible characters go when a sentence is normalised
    readable = [PROMPTS[3] in " ".join(normalise_sentence(text).split()) for text in shown]
    assert sum(readable) >= 14
    for text in shown:
        text.encode("utf-8")
