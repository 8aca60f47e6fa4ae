"""BVH text of a motion on any rig that is made from the sample's body."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.spatial.transform import Rotation

from stickgen_model.motion.kinematics import forward_kinematics
from tasks.synthesize.engine.body import PARENTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tasks.sample.motion import Motion

__all__ = ["EulerOrder", "RigJoint", "bvh_text", "rig_motion", "rig_points"]


EulerOrder = Literal["ZYX", "ZXY", "YXZ"]
"""Rotation channels in the order listed in the file."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class RigJoint:
    """One joint of a rig."""

    name: str
    parent: int
    follows: int
    """Joint of the body whose orientation it has."""
    at: NDArray[np.float64]
    """(3,) place in the frame of the body's joint that the parent follows, metres."""
    slant: NDArray[np.float64] | None = None
    """(3, 3) turns the body's rest frame into the rig's: rigs may rest in another pose."""
    end: tuple[float, float, float] | None = None
    """End site, metres, or none."""


def rig_motion(
    rig: Sequence[RigJoint], motion: Motion
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Local rotations (T, J, 3, 3) and offsets (J, 3), metres, of the rig."""
    _, world = forward_kinematics(motion.rotations, motion.body.offsets, PARENTS)
    slants = [np.eye(3) if joint.slant is None else joint.slant for joint in rig]
    turned = np.stack([world[:, j.follows] @ s for j, s in zip(rig, slants, strict=True)], axis=1)
    local = turned.copy()
    offsets = np.zeros((len(rig), 3))
    for number, joint in enumerate(rig):
        if joint.parent >= 0:
            local[:, number] = np.swapaxes(turned[:, joint.parent], -1, -2) @ turned[:, number]
            offsets[number] = slants[joint.parent].T @ joint.at
    return local, offsets


def rig_points(
    rig: Sequence[RigJoint], motion: Motion, names: Sequence[str], *, above_m: float = 0.0
) -> NDArray[np.float32]:
    """Points of named joints of the rig, (T, N, 3), metres.

    Args:
        rig: Joints, parents first.
        motion: What it does.
        names: Joints to return.
        above_m: How far along the joint's own y axis the point lies, metres.
    """
    local, offsets = rig_motion(rig, motion)
    places, world = forward_kinematics(local, offsets, [joint.parent for joint in rig])
    index = [[joint.name for joint in rig].index(name) for name in names]
    points = places[:, index] + motion.pelvis[:, None] + above_m * world[:, index][..., 1]
    return points.astype(np.float32)


def bvh_text(
    rig: Sequence[RigJoint],
    motion: Motion,
    *,
    order: EulerOrder,
    root_order: EulerOrder | None = None,
    unit_m: float,
    lead_in: int = 0,
    frame_time: str = "",
) -> str:
    """Write a motion as BVH.

    Args:
        rig: Joints, parents first, depth first.
        motion: What to write.
        order: Rotation channels of all joints, such as `ZXY`.
        root_order: Those of the root, if they differ.
        unit_m: Metres in a unit of the file.
        lead_in: Frames of T-pose put before the motion.
        frame_time: Seconds a frame as text; empty = six decimals.
    """
    local, offsets = rig_motion(rig, motion)
    root = motion.pelvis
    if lead_in:
        rest = np.stack([np.eye(3) if joint.slant is None else joint.slant for joint in rig])
        for number, joint in enumerate(rig):
            if joint.parent >= 0 and joint.slant is not None:
                parent = rig[joint.parent].slant
                rest[number] = (np.eye(3) if parent is None else parent).T @ joint.slant
        local = np.concatenate([np.broadcast_to(rest, (lead_in, *rest.shape)), local])
        start = root[0] * np.array([1.0, 0.0, 1.0])
        start[1] = motion.body.hip_height + motion.body.hips_below_pelvis
        root = np.concatenate([np.broadcast_to(start, (lead_in, 3)), root])
    orders = [root_order or order, *[order] * (len(rig) - 1)]
    columns = [root / unit_m]
    for number, joint_order in enumerate(orders):
        turns = Rotation.from_matrix(local[:, number])
        # near gimbal lock any of the equal solutions will do
        columns.append(turns.as_euler(joint_order, degrees=True, suppress_warnings=True))
    table = np.round(np.concatenate(columns, axis=1), 4) + 0.0
    head = _hierarchy(rig, offsets / unit_m, orders, unit_m=unit_m)
    seconds = frame_time or f"{1.0 / motion.fps:.6f}"
    row = " ".join(["%.4f"] * table.shape[1])
    lines = [row % tuple(values) for values in table.tolist()]
    head += ["MOTION", f"Frames: {len(table)}", f"Frame Time: {seconds}"]
    return "\n".join([*head, *lines]) + "\n"


def _hierarchy(
    rig: Sequence[RigJoint],
    offsets: NDArray[np.float64],
    orders: Sequence[str],
    *,
    unit_m: float,
) -> list[str]:
    lines = ["HIERARCHY"]
    open_joints: list[int] = []
    for number, joint in enumerate(rig):
        while open_joints and open_joints[-1] != joint.parent:
            open_joints.pop()
            lines.append("\t" * len(open_joints) + "}")
        tab = "\t" * len(open_joints)
        turns = " ".join(f"{axis}rotation" for axis in orders[number])
        count = "3 " if open_joints else "6 Xposition Yposition Zposition "
        lines += [
            f"{tab}{'JOINT' if open_joints else 'ROOT'} {joint.name}",
            f"{tab}{{",
            f"{tab}\tOFFSET {_triple(offsets[number])}",
            f"{tab}\tCHANNELS {count}{turns}",
        ]
        if joint.end is not None:
            slant = np.eye(3) if joint.slant is None else joint.slant
            end = slant.T @ np.array(joint.end) / unit_m
            lines += [f"{tab}\tEnd Site", f"{tab}\t{{", f"{tab}\t\tOFFSET {_triple(end)}"]
            lines.append(f"{tab}\t}}")
        open_joints.append(number)
    for depth in range(len(open_joints) - 1, -1, -1):
        lines.append("\t" * depth + "}")
    return lines


def _triple(values: NDArray[np.float64]) -> str:
    return " ".join(f"{value + 0.0:.5f}" for value in np.round(values, 5))
