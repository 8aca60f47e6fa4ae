"""From a sentence to a scene that can be shown: the short way for whoever writes a page or a film.

    from stickgen_model.generate import StickGen

    model = StickGen.from_pretrained("runs/small")
    model.animate("a man walks in and waves").save("hello.mp4")
    model.animate("a man waves", seconds=6, style="robot").save("hello.html", look="neon")
    model.animate_script("walks 3s; waves 2s; sits down 4s").save("long.gif", camera="orbit")

A scene holds joints, actions, captions and facts as arrays and plain values
(`stickgen_model.animation`); `save` chooses the format by the suffix of the file.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from datasets_spec.errors import ConfigError
from datasets_spec.vocabulary import (
    ACTIONS,
    EXPRESSIONS,
    UNLABELLED,
    UNLABELLED_NAME,
    action_id,
)
from stickgen_model.animation import Animation, Caption
from stickgen_model.near_words import unknown_word
from stickgen_model.prompts import check_prompt, short_title
from stickgen_model.scenes import GenerateConfig
from stickgen_model.script import ScriptPart, parse_script

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stickgen_model.evaluate.motion_labels import MotionLabels
    from stickgen_model.scenes import Motions
    from stickgen_model.training.checkpoint import CheckpointInfo

__all__ = ["TextAnimator", "check_action", "check_expression"]


class TextAnimator(ABC):
    """Whoever generates motions can make scenes of them; `StickGen` inherits this."""

    info: CheckpointInfo

    @abstractmethod
    def generate(
        self,
        prompts: Sequence[str],
        config: GenerateConfig | None = None,
        *,
        actions: Sequence[str | None] | None = None,
    ) -> Motions:
        """Make a scene for each prompt."""

    @abstractmethod
    def generate_script(
        self,
        script: str | Sequence[ScriptPart],
        config: GenerateConfig | None = None,
        *,
        actions: Sequence[str | None] | None = None,
    ) -> Motions:
        """Make one scene of several parts."""

    @abstractmethod
    def label(self, motions: Motions) -> MotionLabels:
        """What is done in every frame."""

    def animate(
        self,
        prompt: str,
        *,
        style: str | None = None,
        action: str | None = None,
        expression: str | None = None,
        config: GenerateConfig | None = None,
        **settings: Any,
    ) -> Animation:
        """Make a scene of a sentence.

        Args:
            prompt: Sentence; empty only where an action is given. It is shown as the caption.
            style: Manner, a word of `motion_styles.STYLE_WORDING` such as zombie.
            action: Word of the vocabulary that leads the motion beside the sentence.
            expression: Face of everybody throughout; None = by what they do.
            config: How; None = the defaults.
            settings: Fields of `GenerateConfig` by name (seconds, seed, steps, num_actors, ...).

        Returns:
            The scene. Its actions are what the model takes the motion for; where it is not sure,
            the given action or unlabelled.

        Raises:
            ConfigError: If the prompt cannot be used, or a word is unknown.
            ValueError: If a setting is out of its range.
        """
        config = (GenerateConfig() if config is None else config).changed(settings)
        check_action(action)
        check_expression(expression)
        asked = check_prompt(prompt, style=style, empty=action is not None)
        shown = check_prompt(prompt, empty=True).text or action or ""
        motions = self.generate([asked.text], config, actions=[action])
        caption = Caption(start_s=0.0, end_s=_seconds(motions), text=short_title(shown))
        return self._scene(
            motions,
            captions=(caption,) if shown else (),
            expression=expression,
            action=action,
            facts={"prompt": asked.text, "seed": config.seed},
        )

    def animate_script(
        self,
        script: str | Sequence[ScriptPart],
        *,
        style: str | None = None,
        action: str | None = None,
        expression: str | None = None,
        config: GenerateConfig | None = None,
        **settings: Any,
    ) -> Animation:
        """Make a scene of several parts, each with a caption of its own.

        Args:
            script: `walks 3s; waves 2s` as of `stickgen_model.script`, or its parts.
            style: As of `animate`, in every part.
            action: As of `animate`, in every part.
            expression: As of `animate`.
            config: How; the seconds are those of the parts.
            settings: Fields of `GenerateConfig` by name.

        Raises:
            ConfigError: If a part cannot be used, or a word is unknown.
            ValueError: If a setting is out of its range.
        """
        config = (GenerateConfig() if config is None else config).changed(settings)
        check_action(action)
        check_expression(expression)
        parts = parse_script(script) if isinstance(script, str) else tuple(script)
        asked = [
            ScriptPart(text=check_prompt(part.text, style=style).text, seconds=part.seconds)
            for part in parts
        ]
        motions = self.generate_script(asked, config, actions=[action] * len(asked))
        edges = list(accumulate((part.seconds for part in parts), initial=0.0))
        captions = tuple(
            Caption(start_s=a, end_s=b, text=short_title(check_prompt(part.text).text))
            for part, (a, b) in zip(parts, pairwise(edges), strict=True)
        )
        return self._scene(
            motions,
            captions=captions,
            expression=expression,
            action=action,
            facts={"prompt": motions.prompts[0], "seed": config.seed},
        )

    def _scene(
        self,
        motions: Motions,
        *,
        captions: tuple[Caption, ...],
        expression: str | None,
        action: str | None,
        facts: dict[str, str | int | float],
    ) -> Animation:
        people = (motions.joints.shape[1], motions.lengths[0])
        otherwise = UNLABELLED if action is None else action_id(action)
        more: dict[str, Any] = {
            "actions": self.label(motions).sure(0, people[1], otherwise=otherwise),
            "captions": captions,
            "title": short_title("; ".join(caption.text for caption in captions)),
            "facts": {**facts, "model": self._name()},
        }
        if expression is not None:
            index = EXPRESSIONS.index(expression)
            more["expressions"] = np.full(people, index, dtype=np.uint8)
        return Animation.from_motions(motions, 0, **more)

    def _name(self) -> str:
        info = self.info
        return f"stickgen {info.model.variant} {info.stage}, step {info.step}"


def _seconds(motions: Motions) -> float:
    return motions.lengths[0] / motions.fps


def check_action(word: str | None) -> None:
    """Refuse what is no action.

    Raises:
        ConfigError: With the actions that look like it.
    """
    if word is not None and word not in (*ACTIONS, UNLABELLED_NAME):
        raise ConfigError(unknown_word("action", word, ACTIONS))


def check_expression(word: str | None) -> None:
    """Refuse what is no expression.

    Raises:
        ConfigError: With those that there are.
    """
    if word is not None and word not in EXPRESSIONS:
        raise ConfigError(unknown_word("expression", word, EXPRESSIONS))
