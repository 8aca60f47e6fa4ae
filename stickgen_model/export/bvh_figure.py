"""The figure as a tree of bones of constant length, for BVH.

Letters of shapes: T frames, J joints of the tree. Axes: x to the right of the view, y up, z to the
viewer, right-handed; who faces the viewer has his left at +x, as BVH expects.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from datasets_spec.skeleton import GENERIC_LENGTHS, NECK_RATIO, joint_index
from stickgen_model.motion.euler import matrix_to_euler
from stickgen_model.motion.transport import shortest_arc, steady_frames
from stickgen_model.render.figure import HEAD_RADIUS, NECK, with_neck

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["JOINT_OF", "TREE", "Bone", "BoneMotion", "bone_motion"]

_UP: Final = (0.0, 1.0, 0.0)
_DOWN: Final = (0.0, -1.0, 0.0)
_LEFT: Final = (1.0, 0.0, 0.0)
_RIGHT: Final = (-1.0, 0.0, 0.0)
_HAND_LENGTH: Final = 0.06
"""H, drawn past the wrist; nothing hangs on it."""
_TWIST_RATE: Final = np.radians(120.0)
"""Per second: how fast a bone may turn about itself to look the right way again."""
_SHORTEST: Final = 1e-6


@dataclass(frozen=True, kw_only=True, slots=True)
class Bone:
    """A joint of the tree.

    Attributes:
        name: As rigs of the HumanIK family call it.
        parent: Row of the joint it hangs on, -1 for the root.
        rest: Direction of the bones that begin here, in the T-pose.
        order: Of the rotation channels. The middle one of a limb is its twist, that of the trunk
            tips it to the viewer: neither often comes near a quarter turn, where the angles of a
            smooth motion jump.
        limb: (from, to), points of the figure whose direction the joint takes; None: it is straight
            on from its parent.
        is_end: An end site hangs on it.
    """

    name: str
    parent: int
    rest: tuple[float, float, float]
    order: str = "ZXY"
    limb: tuple[int, int] | None = None
    is_end: bool = False


def _arm(word: str, side: str, row: int) -> tuple[Bone, ...]:
    rest = _LEFT if side == "l" else _RIGHT
    elbow, hand = joint_index(f"{side}_elbow"), joint_index(f"{side}_hand")
    return (
        Bone(name=f"{word}Arm", parent=2, rest=rest, limb=(NECK, elbow)),
        Bone(name=f"{word}ForeArm", parent=row, rest=rest, limb=(elbow, hand)),
        Bone(name=f"{word}Hand", parent=row + 1, rest=rest, is_end=True),
    )


def _leg(word: str, side: str, row: int) -> tuple[Bone, ...]:
    knee, foot = joint_index(f"{side}_knee"), joint_index(f"{side}_foot")
    return (
        Bone(
            name=f"{word}UpLeg",
            parent=0,
            rest=_DOWN,
            order="ZYX",
            limb=(joint_index("pelvis"), knee),
        ),
        Bone(name=f"{word}Leg", parent=row, rest=_DOWN, order="ZYX", limb=(knee, foot)),
        Bone(name=f"{word}Foot", parent=row + 1, rest=_DOWN, order="ZYX", is_end=True),
    )


TREE: Final = (
    Bone(name="Hips", parent=-1, rest=_UP, limb=(joint_index("pelvis"), joint_index("head"))),
    Bone(name="Spine", parent=0, rest=_UP),
    Bone(name="Neck", parent=1, rest=_UP),
    Bone(name="Head", parent=2, rest=_UP, is_end=True),
    *_arm("Left", "l", 4),
    *_arm("Right", "r", 7),
    *_leg("Left", "l", 10),
    *_leg("Right", "r", 13),
)
"""Arms hang on the neck and legs on the hips, as those of the figure do."""

_LIMB_ROWS: Final = [row for row, bone in enumerate(TREE) if bone.limb is not None]
"""The trunk, then upper and lower part of each limb."""

JOINT_OF: Final[Mapping[str, str]] = {
    "pelvis": "Hips",
    **{
        f"{side}_{point}": f"{word}{name}"
        for side, word in (("l", "Left"), ("r", "Right"))
        for point, name in (
            ("elbow", "ForeArm"),
            ("hand", "Hand"),
            ("knee", "Leg"),
            ("foot", "Foot"),
        )
    },
}
"""Joint of the tree by joint of the figure; the head lies half-way from `Head` to its end site."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class BoneMotion:
    """The motion of one person.

    Attributes:
        offsets: Places of the joints in their parents' frames, H, shape (J, 3).
        ends: Of the end sites, by row of their joint.
        root: Places of the hips, H, shape (T, 3).
        angles: Local rotations in the order of each joint, radians, shape (T, J, 3).
    """

    offsets: Floats
    ends: dict[int, Floats]
    root: Floats
    angles: Floats


def bone_motion(points: Floats, facing: Floats, *, fps: float) -> BoneMotion:
    """Rotations and constant lengths of a figure's bones.

    The hips follow the points exactly, every bone keeps its direction, and its length is the median
    over the frames.

    Args:
        points: Joints of one person with depth, H, shape (T, 10, 3).
        facing: Axes to the left, up and ahead as rows, roughly right, shape (T, 3, 3).
        fps: Frames a second.
    """
    figure = with_neck(points.astype(np.float64))
    limbs = np.array([TREE[row].limb for row in _LIMB_ROWS])
    spans = figure[:, limbs[:, 1]] - figure[:, limbs[:, 0]]
    lengths = np.linalg.norm(spans, axis=-1)
    local = _rotations(_directions(spans, lengths), facing, fps=fps)
    angles = np.empty((len(points), len(TREE), 3))
    for order in sorted({bone.order for bone in TREE}):
        own = [row for row, bone in enumerate(TREE) if bone.order == order]
        angles[:, own] = matrix_to_euler(local[:, own], order)
    offsets, ends = _tree_offsets(np.median(lengths, axis=0))
    return BoneMotion(
        offsets=offsets, ends=ends, root=figure[:, joint_index("pelvis")], angles=angles
    )


def _directions(spans: Floats, lengths: Floats) -> Floats:
    """Unit vectors of the limbs; where one has no length, the direction of the frame before."""
    found = np.where((lengths > _SHORTEST)[..., None], spans, np.nan)
    found /= np.maximum(lengths, _SHORTEST)[..., None]
    rest = np.array([_UP if bone.rest == _UP else _DOWN for bone in TREE if bone.limb is not None])
    known = np.where(lengths > _SHORTEST, np.arange(len(spans))[:, None], -1)
    last = np.maximum.accumulate(known, axis=0)
    kept = np.take_along_axis(found, np.maximum(last, 0)[..., None], axis=0)
    return np.where((last >= 0)[..., None], kept, rest)


def _rotations(directions: Floats, facing: Floats, *, fps: float) -> Floats:
    """Local rotations of all joints, shape (T, J, 3, 3).

    The trunk turns about itself as the body faces. Upper limbs are told in its frame by the
    shortest way from hanging down, lower limbs in theirs by the shortest way from straight on.
    """
    step = _TWIST_RATE / fps
    axes = np.swapaxes(facing, -1, -2)
    trunk = directions[:, :1]
    wanted = (shortest_arc(axes[..., 1], trunk[:, 0]) @ axes)[:, None]
    local = np.broadcast_to(np.eye(3), (len(directions), len(TREE), 3, 3)).copy()
    local[:, :1] = steady_frames(trunk, wanted, most=np.full(trunk.shape[:2], step))
    inside = _turned_back(local[:, :1], directions[:, 1:])
    upper, lower = _LIMB_ROWS[1::2], _LIMB_ROWS[2::2]
    rests = np.array([TREE[row].rest for row in upper])
    local[:, upper] = _limb_frames(inside[:, ::2], np.array(_DOWN), rests, step=step)
    bent = _turned_back(local[:, upper], inside[:, 1::2])
    local[:, lower] = _limb_frames(bent, rests, rests, step=step)
    return local


def _turned_back(frames: Floats, directions: Floats) -> Floats:
    """Directions as seen from frames, shape (T, J, 3)."""
    return np.squeeze(np.swapaxes(frames, -1, -2) @ directions[..., None], axis=-1)


def _limb_frames(directions: Floats, idle: Floats, rests: Floats, *, step: float) -> Floats:
    """Rotations from the T-pose, the shortest way from idle directions, shape (T, J, 3, 3)."""
    wanted = shortest_arc(idle, directions) @ shortest_arc(rests, idle)
    # opposite to the idle direction no way is the shortest
    sure = 0.5 * (1.0 + (directions * idle).sum(axis=-1))
    return steady_frames(directions, wanted, most=step * sure)


def _tree_offsets(lengths: Floats) -> tuple[Floats, dict[int, Floats]]:
    """Offsets and end sites from the lengths of the limbs, shape (9,)."""
    rests = np.array([bone.rest for bone in TREE])
    parents = [bone.parent for bone in TREE]
    sizes = np.zeros(len(TREE))
    for row, length in zip(_LIMB_ROWS[1:], lengths[1:], strict=True):
        sizes[parents.index(row)] = length
    whole = float(lengths[0])
    neck = NECK_RATIO * whole
    radius = min(HEAD_RADIUS, 0.5 * (whole - neck))
    sizes[1] = sizes[2] = 0.5 * neck
    sizes[3] = whole - neck - radius
    offsets = rests[[max(parent, 0) for parent in parents]] * sizes[:, None]
    reach = {"Head": 2.0 * radius, "Hand": _HAND_LENGTH, "Foot": GENERIC_LENGTHS["foot_height"]}
    ends = {
        row: rests[row] * next(size for word, size in reach.items() if bone.name.endswith(word))
        for row, bone in enumerate(TREE)
        if bone.is_end
    }
    return offsets, ends
