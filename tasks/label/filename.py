"""Words of a file name: the last resort where a motion has no description."""

from __future__ import annotations

import re
from typing import Final

from datasets_spec.motion import Label

__all__ = ["filename_label", "filename_words"]

_MAX_NAME_CHARS: Final = 200
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_MIN_WORD_CHARS: Final = 3

# Words of bookkeeping, not of motion.
_NOISE_WORDS: Final = """
    amc anim animation asf bvh capture char character clean cleaned clip cut data dataset default
    export exported fbx file final fixed fps frame frames genuine grs history json max maya
    mixamo mocap motion movement new npy npz optitrack performance pose poses prefab processed raw
    rec recording retarget retargeted rig rom sample scene seg segment sequence ses session skel
    skeleton smpl smplh smplx stageii sub subj subject tak take test tmp trial trimmed unity unknown
    untitled ver version vicon xsens copy part trc set smooth loop inplace the and
"""
_NOISE: Final = frozenset(_NOISE_WORDS.split())
_SHORT_WORDS: Final = frozenset({"up", "sit", "run", "hop", "to", "on", "in", "at", "of"})
_EDGE_WORDS: Final = frozenset({"to", "on", "in", "at", "of", "up"})


def filename_words(stem: str) -> tuple[str, ...]:
    """Real words of a file name, lower case: ids, numbers and bookkeeping left out."""
    words: list[str] = []
    for found in _WORD.findall(stem[:_MAX_NAME_CHARS]):
        word = found.lower()
        long_enough = len(word) >= _MIN_WORD_CHARS or word in _SHORT_WORDS
        # a run of consonants is an id ("gbr", "hdm"), not a word
        if long_enough and word not in _NOISE and any(vowel in word for vowel in "aeiouy"):
            words.append(word)
    while words and words[0] in _EDGE_WORDS:
        words.pop(0)
    while words and words[-1] in (_EDGE_WORDS - {"up", "in", "on"}):
        words.pop()
    return tuple(words)


def filename_label(stem: str) -> Label | None:
    """Label of a motion from the name of its file, or None if the name holds no real word.

    `0020_lifting_heavy2_poses` gives "lifting heavy"; `02_01` gives None.
    """
    words = filename_words(stem)
    if not words:
        return None
    return Label(text=" ".join(words), caption_source="filename")
