"""The engine in the place of a trained model: the same calls, the same scenes."""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from datasets_spec.errors import ConfigError
from datasets_spec.vocabulary import EXPRESSIONS
from stickgen_model.animate import check_action, check_expression
from stickgen_model.animation import Animation, Caption
from stickgen_model.prompts import check_prompt, short_title
from tasks.direct.play import play_parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from stickgen_model.script import ScriptPart

__all__ = ["EngineAnimator", "check_engine_settings"]

_KNOWN: Final = frozenset({"seconds", "seed", "num_actors"})


def check_engine_settings(names: Iterable[str]) -> None:
    """Refuse settings that only trained models have.

    Raises:
        ConfigError: If there are some.
    """
    unknown = sorted(set(names) - _KNOWN)
    if unknown:
        msg = (
            f"the procedural engine takes {', '.join(sorted(_KNOWN))}, got {', '.join(unknown)}; "
            "leave them out, or use a trained model"
        )
        raise ConfigError(msg)


class EngineAnimator:
    """Plays sentences; see `StickGen.animate` for the arguments."""

    def animate(
        self,
        prompt: str,
        *,
        style: str | None = None,
        action: str | None = None,
        expression: str | None = None,
        **settings: Any,
    ) -> Animation:
        """Play a sentence; without seconds as long as its actions take.

        Raises:
            ConfigError: If the prompt cannot be used, a word is unknown, or a setting is one of
                trained models.
            DirectionError: If it cannot be played.
        """
        check_action(action)
        shown = check_prompt(prompt, empty=action is not None).text
        text = shown or str(action).replace("_", " ")
        parts = [(text, settings.get("seconds"))]
        return _shown(parts, expression=expression, style=style, settings=settings)

    def animate_script(
        self,
        script: Sequence[ScriptPart],
        *,
        style: str | None = None,
        action: str | None = None,
        expression: str | None = None,
        **settings: Any,
    ) -> Animation:
        """Play several parts, each for its seconds.

        Raises:
            ConfigError: As of `animate`; an action leads no script of the engine.
            DirectionError: If they cannot be played.
        """
        if action is not None:
            msg = "--action: expected none beside a script of the engine; name it in the script"
            raise ConfigError(msg)
        parts = [(check_prompt(part.text).text, part.seconds) for part in script]
        return _shown(parts, expression=expression, style=style, settings=settings)


def _shown(
    parts: Sequence[tuple[str, float | None]],
    *,
    expression: str | None,
    style: str | None,
    settings: dict[str, Any],
) -> Animation:
    """The scene with captions, and with the face that is asked for."""
    check_expression(expression)
    check_engine_settings(settings)
    scene = play_parts(
        parts,
        seed=settings.get("seed", 0),
        num_actors=settings.get("num_actors", 1),
        style=style,
    )
    times = [scene.seconds if seconds is None else seconds for _, seconds in parts]
    edges = pairwise(accumulate(times, initial=0.0))
    more: dict[str, Any] = {
        "captions": tuple(
            Caption(start_s=start, end_s=end, text=short_title(text))
            for (text, _), (start, end) in zip(parts, edges, strict=True)
        ),
        "title": short_title("; ".join(text for text, _ in parts)),
    }
    if expression is not None:
        index = EXPRESSIONS.index(expression)
        more["expressions"] = np.full(scene.actions.shape, index, dtype=np.uint8)
    return scene.changed(**more)
