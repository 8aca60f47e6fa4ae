"""Find the 15 body points in the joints of a BVH file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from datasets_spec.errors import RejectError
from datasets_spec.rejection import RejectReason
from datasets_spec.skeleton import BODY_POINTS
from datasets_spec.sources.rigs import RIG_PRESETS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datasets_spec.sources.rig import PointRule, RigPreset
    from tasks.ingest.bvh_header import Skeleton

__all__ = ["PlacedPoint", "PlacedRig", "match_rig"]

_KNOWN_SHARE: Final = 0.8
"""A rig with this share of a preset's joints is that rig with joints missing, not another."""
_SHARED_PREFIX: Final = 0.9
"""Share of joints that must start with a word for it to be a prefix of the exporter."""
_SEPARATORS: Final = re.compile(r"[\s_.\-]+")
_TIP_NAME: Final = re.compile(r"(end|nub|tip|top|site|effector)", re.IGNORECASE)
_MAX_LISTED: Final = 80
HOW_TO_MAP: Final = (
    "write a rig file and name it by `rig`: {name: mine, unit_m: 0.01, up: y, points: "
    "{head: {joint: Head, toward_end: 0.5}, l_shoulder: LeftArm, ...}} with the points "
    + ", ".join(BODY_POINTS)
)


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacedPoint:
    """A body point in a skeleton."""

    node: int
    offset: tuple[float, float, float]
    """In the frame of that joint, file units."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacedRig:
    """A rig and where its points are; in the order of `skeleton.BODY_POINTS`."""

    preset: RigPreset
    points: tuple[PlacedPoint, ...]


class _Names:
    """Joints by name: as written, else without case, namespace, prefix and separators."""

    def __init__(self, skeleton: Skeleton) -> None:
        self._exact: dict[str, int] = {}
        self._loose: dict[str, int] = {}
        self._twice: set[str] = set()
        joints = [
            (place, node.name) for place, node in enumerate(skeleton.nodes) if not node.is_end
        ]
        bare = _strip_prefixes([name for _, name in joints])
        for (place, name), short in zip(joints, bare, strict=True):
            for table, key in ((self._exact, name), (self._loose, _fold(short))):
                if table.setdefault(key, place) != place:
                    self._twice.add(key)

    def find(self, name: str) -> int | None:
        """Index of a joint, or None.

        Raises:
            RejectError: MALFORMED if two joints have this name.
        """
        for table, key in ((self._exact, name), (self._loose, _fold(name))):
            if key in table:
                if key in self._twice:
                    detail = f"expected one joint {name!r}, the file has two; rename one"
                    raise RejectError(RejectReason.MALFORMED, detail)
                return table[key]
        return None

    def has(self, name: str) -> bool:
        """If there is such a joint."""
        return name in self._exact or _fold(name) in self._loose


def _fold(name: str) -> str:
    return _SEPARATORS.sub("", name).casefold()


def _strip_prefixes(names: Sequence[str]) -> list[str]:
    bare = [re.split(r"[:|]", name)[-1] for name in names]
    heads = [match[0] for name in bare if (match := re.match(r"[^\s_.\-]+[\s_.\-]+(?=.)", name))]
    for head in sorted(set(heads)):
        if heads.count(head) >= _SHARED_PREFIX * len(bare) and len(bare) > 1:
            return [name.removeprefix(head) for name in bare]
    return bare


def match_rig(skeleton: Skeleton, user: RigPreset | None = None) -> PlacedRig:
    """Choose the rig of a file.

    Args:
        skeleton: Of the file.
        user: A rig from a user's file; used if it fits, before all presets.

    Returns:
        The rig with the most joints of those whose joints are all there.

    Raises:
        RejectError: UNKNOWN_RIG or MISSING_JOINTS, with the joints found or lacking; MALFORMED
            if a needed name occurs twice.
    """
    names = _Names(skeleton)
    if user is not None and not _lacking(names, skeleton, user):
        return _place(names, skeleton, user)
    fitting = [preset for preset in RIG_PRESETS if not _lacking(names, skeleton, preset)]
    if fitting:
        return _place(names, skeleton, max(fitting, key=lambda preset: len(_joints_of(preset))))
    raise _no_rig(names, skeleton, user)


def _joints_of(preset: RigPreset) -> set[str]:
    return {rules[0].joint for rules in preset.points.values()} | set(preset.also)


def _lacking(names: _Names, skeleton: Skeleton, preset: RigPreset) -> list[str]:
    """Joints of a preset that a file lacks, each once, points in their order first."""
    lacking = []
    for point in BODY_POINTS:
        rules = preset.points[point]
        if not any(_fits(names, skeleton, rule) for rule in rules):
            lacking.append(rules[0].joint)
    lacking += [name for name in preset.also if not names.has(name)]
    return list(dict.fromkeys(lacking))


def _fits(names: _Names, skeleton: Skeleton, rule: PointRule) -> bool:
    if not names.has(rule.joint) or not all(names.has(name) for name in rule.toward):
        return False
    if not rule.needs_tip:
        return True
    joint = names.find(rule.joint)
    return joint is not None and _tip(names, skeleton, joint, rule.toward) is not None


def _no_rig(names: _Names, skeleton: Skeleton, user: RigPreset | None) -> RejectError:
    best_count = 0
    best = ""
    for preset in RIG_PRESETS:
        lacking = _lacking(names, skeleton, preset)
        wanted = len(_joints_of(preset))
        found = wanted - len(lacking)
        if found >= _KNOWN_SHARE * wanted and found > best_count:
            best_count = found
            best = f"looks like rig {preset.name} but lacks {', '.join(lacking)}"
    joints = skeleton.joint_names
    listed = ", ".join(joints[:_MAX_LISTED]) + (", ..." if len(joints) > _MAX_LISTED else "")
    reason = RejectReason.MISSING_JOINTS if best else RejectReason.UNKNOWN_RIG
    told = best or "no rig fits"
    if user is not None:
        reason = RejectReason.MISSING_JOINTS
        told = f"rig file {user.name} lacks {', '.join(_lacking(names, skeleton, user))}; {told}"
    detail = f"{told}; found {len(joints)} joints: {listed}; rename them, or {HOW_TO_MAP}"
    return RejectError(reason, detail)


def _place(names: _Names, skeleton: Skeleton, preset: RigPreset) -> PlacedRig:
    points = []
    for point in BODY_POINTS:
        rule = next(rule for rule in preset.points[point] if _fits(names, skeleton, rule))
        joint = names.find(rule.joint)
        assert joint is not None
        points.append(PlacedPoint(node=joint, offset=_offset(names, skeleton, joint, rule)))
    return PlacedRig(preset=preset, points=tuple(points))


def _offset(
    names: _Names, skeleton: Skeleton, joint: int, rule: PointRule
) -> tuple[float, float, float]:
    way = _tip(names, skeleton, joint, rule.toward) if rule.tip_share else None
    share = rule.tip_share
    if way is None:
        way, share = np.array(skeleton.nodes[joint].offset), rule.lone_share
    x, y, z = (share * way * np.array(rule.axes)).tolist()
    return x, y, z


def _tip(
    names: _Names, skeleton: Skeleton, joint: int, toward: tuple[str, ...]
) -> np.ndarray[tuple[int], np.dtype[np.float64]] | None:
    """From a joint to the tip of its bone, in its own frame; None if the file has no tip."""
    children = skeleton.children(joint)
    if toward:
        chosen = [place for name in toward if (place := names.find(name)) in children]
    else:
        chosen = [place for place in children if skeleton.nodes[place].is_end] or [
            place for place in children if _TIP_NAME.search(skeleton.nodes[place].name)
        ]
    if not chosen or (toward and len(chosen) < len(toward)):
        return None
    way = np.mean([skeleton.nodes[place].offset for place in chosen], axis=0)
    return way if np.linalg.norm(way) > 0 else None
