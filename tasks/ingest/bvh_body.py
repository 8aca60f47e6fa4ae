"""From the channels of a BVH file to the 15 points of the body in metres, y up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from datasets_spec.errors import RejectError
from datasets_spec.rejection import RejectReason
from stickgen_model.motion.kinematics import forward_kinematics
from stickgen_model.motion.rotations import euler_to_matrix
from tasks.ingest.bvh_frame import (
    choose_unit,
    choose_up,
    count_lead_in,
    turn_upright,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.ingest.bvh_file import BvhFile
    from tasks.ingest.bvh_header import BvhNode, Skeleton
    from tasks.ingest.bvh_rig import PlacedRig

__all__ = ["BodyMotion", "place_body"]

_CHUNK: Final = 1024
"""Frames at once: their matrices then stay in the processor's cache."""
_NUM_PROBES: Final = 64
"""Frames looked at to choose unit and vertical."""
_REST_TOLERANCE: Final = 0.02
"""Position channels this close to zero, as a share of OFFSET, are shifts and not positions."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class BodyMotion:
    """The motion of one file."""

    points: NDArray[np.float32]
    """(T, 15, 3), metres, right-handed, y up; rows as `skeleton.BODY_POINTS`."""
    first_frame: int
    """Frame of the file that became the first; above 0 if an added T-pose was dropped."""
    unit_m: float
    up: str
    warnings: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Tree:
    """The nodes that the points hang on, renumbered."""

    nodes: tuple[int, ...]
    parents: tuple[int, ...]
    point_joints: NDArray[np.intp]
    """(15,): row of each point's joint in `nodes`."""
    point_offsets: NDArray[np.float64]
    """(15, 3), file units."""


def place_body(file: BvhFile, rig: PlacedRig, *, keep_lead_in: bool = False) -> BodyMotion:
    """Compute the body points of every frame.

    Args:
        file: Skeleton and channel values.
        rig: Where the points are in that skeleton.
        keep_lead_in: Keep a T-pose that was put before the first frame; else it is dropped.

    Returns:
        The motion.

    Raises:
        RejectError: IMPLAUSIBLE_SCALE if the body has no size.
    """
    tree = _cut_tree(file.skeleton, rig)
    shifts = _positions_are_shifts(file, tree)
    rest = _points_at(file, tree, np.zeros((1, file.values.shape[1])), moved=False, shifts=False)[0]
    num_frames = file.values.shape[0]
    raw = np.empty((num_frames, len(rig.points), 3))
    for start in range(0, num_frames, _CHUNK):
        rows = file.values[start : start + _CHUNK]
        raw[start : start + _CHUNK] = _points_at(file, tree, rows, moved=True, shifts=shifts)
    probes = raw[np.unique(np.linspace(0, num_frames - 1, _NUM_PROBES).astype(int))]
    preset = rig.preset
    unit_m, unit_warnings = choose_unit(probes, preset)
    up, up_warnings = choose_up(probes, rest, preset)
    with np.errstate(over="ignore"):
        points = (turn_upright(raw, up) * unit_m).astype(np.float32)
    if not np.isfinite(points).all():
        detail = f"expected positions of a person in metres, got values beyond float32 x {unit_m:g}"
        raise RejectError(RejectReason.IMPLAUSIBLE_SCALE, detail)
    first = 0 if keep_lead_in else count_lead_in(points, file.fps)
    warnings = (*unit_warnings, *up_warnings)
    if shifts:
        warnings = (*warnings, "position channels of joints are shifts from OFFSET, not positions")
    return BodyMotion(
        points=points[first:], first_frame=first, unit_m=unit_m, up=up, warnings=warnings
    )


def _cut_tree(skeleton: Skeleton, rig: PlacedRig) -> _Tree:
    needed: set[int] = set()
    for point in rig.points:
        node = point.node
        while node >= 0 and node not in needed:
            needed.add(node)
            node = skeleton.nodes[node].parent
    nodes = tuple(sorted(needed))
    row = {node: place for place, node in enumerate(nodes)}
    return _Tree(
        nodes=nodes,
        parents=tuple(row.get(skeleton.nodes[node].parent, -1) for node in nodes),
        point_joints=np.array([row[point.node] for point in rig.points]),
        point_offsets=np.array([point.offset for point in rig.points]),
    )


def _points_at(
    file: BvhFile, tree: _Tree, rows: NDArray[np.float64], *, moved: bool, shifts: bool
) -> NDArray[np.float64]:
    """Points (T, 15, 3) in file units and axes; `moved` false gives the rest pose."""
    nodes = [file.skeleton.nodes[node] for node in tree.nodes]
    angles = np.zeros((rows.shape[0], len(nodes), 3))
    offsets = np.empty((rows.shape[0], len(nodes), 3))
    for place, node in enumerate(nodes):
        offsets[:, place] = node.offset
        for turn, column in enumerate(node.columns("r")):
            angles[:, place, turn] = rows[:, column]
        if moved:
            _put_positions(offsets[:, place], node, rows, added=shifts and node.parent >= 0)
    rotations = euler_to_matrix(np.deg2rad(angles), [node.order for node in nodes])
    positions, world = forward_kinematics(rotations, offsets, tree.parents)
    hung = np.einsum("tpij,pj->tpi", world[:, tree.point_joints], tree.point_offsets)
    points: NDArray[np.float64] = positions[:, tree.point_joints] + hung
    return points


def _put_positions(
    offsets: NDArray[np.float64], node: BvhNode, rows: NDArray[np.float64], *, added: bool
) -> None:
    """Position channels replace OFFSET axis by axis, or are added to it; offsets is (T, 3)."""
    axes = [channel[0] for channel in node.channels if channel[1] == "p"]
    for axis, column in zip(axes, node.columns("p"), strict=True):
        place = "XYZ".index(axis)
        offsets[:, place] = rows[:, column] + (offsets[:, place] if added else 0.0)


def _positions_are_shifts(file: BvhFile, tree: _Tree) -> bool:
    """If the positions of all joints that have a bone and position channels are about zero.

    By the format they replace OFFSET; such a file would then be a body of no size.
    """
    verdicts = []
    for place in tree.nodes:
        node = file.skeleton.nodes[place]
        length = float(np.linalg.norm(node.offset))
        columns = list(node.columns("p"))
        if node.parent < 0 or len(columns) < 3 or length == 0.0:
            continue
        typical = np.median(np.abs(file.values[:, columns]).max(axis=1))
        verdicts.append(bool(typical < _REST_TOLERANCE * length))
    return bool(verdicts) and all(verdicts)
