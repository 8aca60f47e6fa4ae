"""The action that one label, or several about one span, stand for."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from datasets_spec.sources.babel_actions import babel_candidates
from datasets_spec.sources.ntu_actions import ntu_action
from datasets_spec.sources.style100_actions import GAIT_ACTIONS, style100_action
from datasets_spec.vocabulary import ACTIONS, UNLABELLED_NAME
from tasks.label.matcher import MATCH_THRESHOLD, match_action

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datasets_spec.motion import Label

__all__ = ["TABLE_VOCABULARIES", "action_of_labels", "has_action_table", "table_action"]

TABLE_VOCABULARIES: Final = ("100style", "action", "babel", "ntu")
"""Vocabularies whose categories an explicit table decides; `action`: the 64 words themselves."""

# What the words of a label may make of the action of its category.
_REFINED: Final[dict[str, frozenset[str]]] = {
    "sit": frozenset({"sit_down"}),
    "stand_up": frozenset({"get_up"}),
    "run": frozenset({"sprint", "run_backward"}),
    "walk": frozenset({"walk_backward", "sidestep", "limp", "march"}),
    "jump": frozenset({"hop"}),
    "wave": frozenset({"celebrate"}),
}
_NO_ACTION: Final = frozenset({"transition", "unknown", "noisy labels", "t pose", "a pose"})


def has_action_table(label: Label) -> bool:
    """Whether the label's categories are judged by a table rather than its words by the matcher."""
    return label.vocabulary in TABLE_VOCABULARIES


def table_action(label: Label) -> str:
    """Action of a label by its source's table; `unlabelled` if the table names none."""
    if label.vocabulary == "babel":
        return _babel_action(label)
    if label.vocabulary == "100style":
        return _style100_action(label.categories)
    if label.vocabulary == "ntu":
        known = label.actor is not None
        found = {ntu_action(category, actor_known=known) for category in label.categories}
    else:
        found = {name for name in label.categories if name in ACTIONS}
    return found.pop() if len(found) == 1 else UNLABELLED_NAME


def action_of_labels(labels: Sequence[Label]) -> str:
    """The action that labels of one span agree upon, or `unlabelled`.

    Captions vote with their scores; one that names no action abstains. The winner needs the
    threshold's share of all votes and must be named by at least one caption on its own.
    """
    votes: dict[str, float] = defaultdict(float)
    named: set[str] = set()
    for label in labels:
        if has_action_table(label):
            action = table_action(label)
            votes[action] += action != UNLABELLED_NAME
        else:
            result = match_action(label.text)
            action = result.action
            votes[result.best] += result.score
            votes[result.runner_up] += result.runner_up_score
        named.add(action)
    votes.pop(UNLABELLED_NAME, None)
    total = sum(votes.values())
    if total <= 0:
        return UNLABELLED_NAME
    share, best = max((mass / total, name) for name, mass in votes.items())
    return best if share >= MATCH_THRESHOLD and best in named else UNLABELLED_NAME


def _babel_action(label: Label) -> str:
    found = babel_candidates(label.categories)
    if len(found) == 1 and found[0] not in _REFINED:
        return found[0]
    if not _NO_ACTION.isdisjoint(name.casefold() for name in label.categories):
        return found[0] if len(found) == 1 else UNLABELLED_NAME
    spoken = match_action(label.text).action
    if not found:  # a category such as "gesture" leaves it to the words
        return spoken if label.categories else UNLABELLED_NAME
    allowed = set(found).union(*(_REFINED.get(action, frozenset()) for action in found))
    if spoken in allowed:
        return spoken
    return found[0] if len(found) == 1 else UNLABELLED_NAME


def _style100_action(categories: tuple[str, ...]) -> str:
    """Action of (style, gait) in either order, or of one `Style_GAIT`."""
    words = [word for category in categories for word in category.rsplit("_", 1)]
    gaits = [word for word in words if word.upper() in GAIT_ACTIONS]
    styles = [word for word in words if word.upper() not in GAIT_ACTIONS]
    if len(gaits) != 1:
        return UNLABELLED_NAME
    return style100_action(styles[0] if styles else "", gaits[0])
