"""What rows are measured on: held-out items, and real motion to compare with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from datasets_spec.errors import ConfigError
from stickgen_model.evaluate.retrieval import text_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stickgen_model.evaluate.held_out import HeldOut, HeldOutScript, HeldOutSet
    from tasks.evaluate.settings import EvaluationSettings

__all__ = ["Trial", "choose_trial"]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Trial:
    """What is asked for, and what it is compared with.

    Attributes:
        items: Prompts with their motion, one sentence each; in a random order.
        pool: Other real motion, of other recordings as far as there are enough.
        twins: For each item other real motion of its action, None where there is none.
        namesakes: Real clips that share a sentence, at least two each.
        scripts: Clips of several actions.
    """

    items: tuple[HeldOut, ...]
    pool: tuple[HeldOut, ...]
    twins: tuple[NDArray[np.float32] | None, ...]
    namesakes: tuple[tuple[NDArray[np.float32], ...], ...]
    scripts: tuple[HeldOutScript, ...]


def choose_trial(found: HeldOutSet, settings: EvaluationSettings) -> Trial:
    """Draw items from all that is held out, as frequent as they are there.

    One item a recording comes first, so that items are independent samples.

    Args:
        found: All of a split.
        settings: How many, and the seed.

    Raises:
        ConfigError: If there are too few.
    """
    rng = np.random.default_rng(settings.seed)
    mixed = [found.clips[row] for row in rng.permutation(len(found.clips))]
    number = min(settings.prompts, len(mixed) // 2)
    if number < 2:
        msg = (
            f"evaluation: expected at least 4 captioned clips or parts in the {settings.split} "
            f"split, got {len(mixed)}; build a larger dataset, or take another split"
        )
        raise ConfigError(msg)
    spread = _by_recording(mixed)
    items = [item.called(str(rng.choice(item.texts))) for item in spread[:number]]
    taken = {item.group for item in items}
    rest = sorted(spread[number:], key=lambda item: item.group in taken)
    pool = tuple(rest[: settings.reference])
    scripts = [found.scripts[row] for row in rng.permutation(len(found.scripts))]
    return Trial(
        items=tuple(items),
        pool=pool,
        twins=tuple(_twin(item, rest) for item in items),
        namesakes=_namesakes(mixed, most=settings.again, each=settings.each),
        scripts=tuple(scripts[: settings.scripts]),
    )


def _by_recording(mixed: Sequence[HeldOut]) -> list[HeldOut]:
    """The first of each recording, then the second, ..."""
    seen: dict[str, int] = {}
    ranks = []
    for item in mixed:
        ranks.append(seen.get(item.group, 0))
        seen[item.group] = ranks[-1] + 1
    return [mixed[row] for row in np.argsort(ranks, kind="stable")]


def _twin(item: HeldOut, others: Sequence[HeldOut]) -> NDArray[np.float32] | None:
    """Of the same action and another recording, nearest in length; the first of equals."""
    same = [o for o in others if o.action == item.action and o.group != item.group]
    near = min(same, key=lambda o: abs(len(o.joints) - len(item.joints)), default=None)
    return None if near is None else near.joints


def _namesakes(
    mixed: Sequence[HeldOut], *, most: int, each: int
) -> tuple[tuple[NDArray[np.float32], ...], ...]:
    """Clips that share a sentence, from different recordings; the commonest sentences first."""
    found: dict[str, dict[str, NDArray[np.float32]]] = {}
    for item in mixed:
        for text in item.texts:
            found.setdefault(text_key(text), {}).setdefault(item.group, item.joints)
    groups = [tuple(clips.values())[:each] for clips in found.values() if len(clips) > 1]
    return tuple(sorted(groups, key=len, reverse=True)[:most])
