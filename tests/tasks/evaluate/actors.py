"""Judges and generators whose answers are known."""

from __future__ import annotations

import numpy as np

from stickgen_model.evaluate.evaluation import Judge
from stickgen_model.scenes import Motions
from tasks.evaluate.candidate import Candidate
from tasks.judge.judges import Judges
from tests.stickgen_model.evaluate.acted import STAND, act
from tests.stickgen_model.evaluate.captioned import SAID

WORDS = tuple(SAID)


def _done(clip):
    """What a figure does, told by what `act` makes of each word."""
    height = clip[:, 1, 1]
    if np.abs(np.diff(clip, axis=0)).mean() > 0.5:
        return None  # it shakes
    if height.max() - height.min() > 0.05:
        return "hop"
    if clip[0, 5, 1] > 0.8:
        return "wave"
    return "walk" if abs(clip[-1, 1, 0] - clip[0, 1, 0]) > 0.2 else "idle"


def _asked(text):
    folded = text.casefold()
    found = [word for word, said in SAID.items() if any(one in folded for one in said)]
    found += [word for word in WORDS if word in folded]
    return found[0] if found else None


class Encoder:
    """One direction a word, and a little for what a clip looks like."""

    def embed_texts(self, sentences):
        return np.array([self._vector(_asked(text)) for text in sentences], dtype=np.float32)

    def embed_motions(self, clips):
        looks = [0.1 * np.append(clip.mean(axis=(0, 1)), clip.std()) for clip in clips]
        vectors = [self._vector(_done(clip)) for clip in clips]
        return np.array(
            [v + np.append(np.zeros(5), look) for v, look in zip(vectors, looks, strict=True)],
            dtype=np.float32,
        )

    @staticmethod
    def _vector(word):
        vector = np.zeros(8)
        vector[WORDS.index(word) if word in WORDS else 4] = 1.0
        return vector


class Classifier:
    """Sees what is done, without fail."""

    labels = (*WORDS, "kick")

    def classify(self, clips):
        logits = np.zeros((len(clips), len(self.labels)), dtype=np.float32)
        for row, clip in enumerate(clips):
            logits[row, self.labels.index(_done(clip) or "kick")] = 1.0
        return logits


def make_judges(fingerprint="f" * 64):
    told = tuple(
        Judge(name=name, digest=sign * 64, version="", told="made up", held_out={"top1": 1.0})
        for name, sign in (("text-motion encoders", "a"), ("action classifier", "b"))
    )
    return Judges(
        encoder=Encoder(), classifier=Classifier(), told=told, fingerprint=fingerprint, settings={}
    )


class Player:
    """Does what a sentence asks for; `clip` decides how."""

    def __init__(self, clip):
        self._clip = clip
        self.calls = []

    def generate(self, prompts, config, /, *, actions=None, lengths=None):
        self.calls.append(
            {"prompts": prompts, "lengths": lengths, "actions": actions, "config": config}
        )
        joints = np.zeros((len(prompts), 1, max(lengths), 10, 2), dtype=np.float32)
        for row, (text, frames) in enumerate(zip(prompts, lengths, strict=True)):
            joints[row, 0, :frames] = self._clip(text, frames, config.seed + 1000 * row)
        return Motions(
            joints=joints,
            lengths=tuple(lengths),
            prompts=tuple(prompts),
            seeds=tuple(range(len(prompts))),
        )

    def generate_script(self, script, config, /):
        parts = [self._clip(part.text, part.num_frames, config.seed) for part in script]
        joints = np.concatenate(parts)
        return Motions(joints=joints[None, None], lengths=(len(joints),), prompts=("",), seeds=(0,))


def obey(text, frames, seed):
    word = _asked(text)
    return act(word, frames, seed=seed) if word else shake(text, frames, seed)


def deaf(text, frames, seed):
    del text
    return act(WORDS[np.random.default_rng(seed).integers(len(WORDS))], frames, seed=seed)


def shake(text, frames, seed):
    del text
    noise = np.random.default_rng(seed).normal(0, 3, (frames, 10, 2))
    return (STAND + noise).astype(np.float32)


def stand(text, frames, seed):
    del text, seed
    return np.repeat(STAND[None], frames, axis=0).astype(np.float32)


def make_candidate(clip, digest="1" * 64):
    facts = {"path": "made up", "digest": digest, "variant": "tiny", "step": 3, "stage": "sft"}
    return Candidate(generator=Player(clip), facts=facts)
