from __future__ import annotations

from tasks.label.lexicon import find_phrases, parse_table, split_words


def test_words_and_clauses() -> None:
    assert split_words("WalkStraight2, he's run-in a jump-rope") == (
        *("walk", "straight", "2", ";", "hes", "run-in", "a", "jump", "rope"),
    )
    assert split_words("playground - climb") == ("playground", ";", "climb")
    assert split_words("\uff57\uff41\uff4c\uff4b") == ("walk",)
    assert split_words("!!! ...") == ()
    assert len(split_words("a " * 5000)) <= 602


def test_wrapped_paragraphs() -> None:
    assert parse_table("\na: b c, d\n    e, f\nz: y,\n") == [
        ("b c", "a"),
        ("d e", "a"),
        ("f", "a"),
        ("y", "z"),
    ]


def test_longest_phrase_first_and_no_word_twice() -> None:
    (found,) = find_phrases(split_words("walks slowly backwards"))
    assert (found.action, found.positions) == ("walk_backward", (0, 2))
    hits = find_phrases(split_words("runs his hand through his hair"))
    assert [hit.action for hit in hits] == [""]
    assert [h.action for h in find_phrases(split_words("sits and looks down"))] == ["sit"]
