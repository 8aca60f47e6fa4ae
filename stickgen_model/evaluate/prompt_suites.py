"""Prompts changed in a known way, to see what a model loses by it.

The change of a prompt depends on the way, the prompt and the seed alone: not on the other prompts,
the clock or the process.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from stickgen_model.evaluate.prompt_changes import (
    add_hostile_text,
    add_long_text,
    add_negation,
    misspell,
    mix_words,
    paraphrase,
    replace_with_synonyms,
    use_unknown_words,
)

__all__ = ["SUITES", "PromptSuite", "change_prompts", "prompt_suite"]

_NOTHING: Final = ("", " ", "\t\n", "...", "-", "?!", "\u200b", "()")


@dataclass(frozen=True, kw_only=True, slots=True)
class PromptSuite:
    """One way to change prompts.

    Attributes:
        name: In evaluations.
        told: What is changed, one line.
        keeps_meaning: True if the changed prompt still asks for the same motion, so that accuracy
            and retrieval should stay; where False, only the quality of the motion should.
    """

    name: str
    told: str
    keeps_meaning: bool = True


SUITES: Final[tuple[PromptSuite, ...]] = (
    PromptSuite(
        name="paraphrase", told="put into another sentence, connecting words and order of parts"
    ),
    PromptSuite(name="synonyms", told="words replaced by others of the same meaning"),
    PromptSuite(
        name="typos", told="a letter in every fourth word lost, doubled, swapped, mistyped"
    ),
    PromptSuite(name="word_order", told="words moved by up to two places within their clause"),
    PromptSuite(name="negation", told="another action named as one that is not done"),
    PromptSuite(name="empty", told="nothing that can be read", keeps_meaning=False),
    PromptSuite(name="long", told="set between ten sentences of scenery in which nobody acts"),
    PromptSuite(
        name="out_of_vocabulary", told="the person and a thing named by words that do not exist"
    ),
    PromptSuite(
        name="adversarial",
        told="mark-up, code, commands, control and look-alike characters in and around it",
    ),
)

_CHANGES: Final[dict[str, Callable[[str, np.random.Generator], str]]] = {
    "paraphrase": paraphrase,
    "synonyms": replace_with_synonyms,
    "typos": misspell,
    "word_order": mix_words,
    "negation": add_negation,
    "empty": lambda _prompt, rng: _NOTHING[int(rng.integers(len(_NOTHING)))],
    "long": add_long_text,
    "out_of_vocabulary": use_unknown_words,
    "adversarial": add_hostile_text,
}


def prompt_suite(name: str) -> PromptSuite:
    """The suite of a name.

    Raises:
        ValueError: If there is none.
    """
    for suite in SUITES:
        if suite.name == name:
            return suite
    msg = f"expected a suite of {', '.join(s.name for s in SUITES)}; got {name!r}"
    raise ValueError(msg)


def change_prompts(suite: str, prompts: Sequence[str], seed: int) -> list[str]:
    """Change prompts in the way of a suite.

    A prompt in which there is nothing to change (no known word for `synonyms`, no word at all)
    stays as it is.

    Args:
        suite: Name of one of `SUITES`.
        prompts: Any text.
        seed: Of the change.

    Returns:
        As many, in order.

    Raises:
        ValueError: If there is no such suite.
    """
    change = _CHANGES[prompt_suite(suite).name]
    return [
        change(prompt, _generator(suite, prompt, seed))
        if suite == "empty" or any(map(str.isalnum, prompt))
        else prompt
        for prompt in prompts
    ]


def _generator(suite: str, prompt: str, seed: int) -> np.random.Generator:
    """Numbers that only these three decide."""
    key = f"{suite}\0{seed}\0{prompt}".encode("utf-8", "surrogatepass")
    digest = hashlib.blake2b(key, digest_size=16).digest()
    return np.random.default_rng(int.from_bytes(digest, "little"))
