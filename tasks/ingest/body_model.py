"""Rest joints of a body and joints-only forward kinematics of the SMPL family.

Rest pose: metres, right-handed, y up, facing +z, left = +x. The first 22 joints are the same in
SMPL, SMPL-H and SMPL-X; hands and face never matter here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from datasets_spec.errors import RejectError
from datasets_spec.rejection import RejectReason
from datasets_spec.skeleton import GENERIC_LENGTHS
from stickgen_model.motion.kinematics import forward_kinematics
from stickgen_model.motion.rotations import axis_angle_to_matrix
from tasks.ingest.smpl_points import SMPL_JOINTS, SMPL_PARENTS, points_from_smpl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

__all__ = [
    "GENERIC_BODY",
    "MODEL_ARRAYS",
    "NUM_POSE_COLUMNS",
    "RestBody",
    "generic_body",
    "pose_points",
    "reduce_model",
]

NUM_POSE_COLUMNS: Final = 3 * len(SMPL_JOINTS)
"""Root and 21 body joints, three columns each: the first 66 of every known pose layout."""

MODEL_ARRAYS: Final = ("v_template", "shapedirs", "J_regressor", "kintree_table")
"""What is needed of a model file."""

MAX_BETAS: Final = 16
_MAX_ROTATION_RAD: Final = 1e3
_MAX_DISTANCE_M: Final = 1e4
_BLOCK_FRAMES: Final = 512
"""Kinematics of this many frames fit into the cache of a core, and bound the memory."""

_STATURE_M: Final = 1.70
_REST_PELVIS_M: Final = (0.0, -0.22, 0.03)
"""The models' origin lies about here, seen from their pelvis; only a shift of the whole clip."""
_TRUNK_HEIGHTS: Final = {"pelvis": 0.15, "spine1": 0.35, "spine2": 0.60, "spine3": 0.75}
_COLLAR_HEIGHT: Final = 0.95
_NECK_HEIGHT: Final = 1.10
"""Heights of trunk joints above the mid-hip as shares of the torso, rounded by eye to a spine that
bends in four places."""
_COLLAR_WIDTH: Final = 0.40
"""Of half the shoulder width."""
_TOE_DROP: Final = 0.70
"""Ball of the foot below the ankle, as a share of the ankle's height."""
_HEAD_JOINT_BELOW_CENTRE_M: Final = 0.10


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class RestBody:
    """Rest joints that depend on shape coefficients."""

    name: str
    """`generic`, or family and gender such as `smplh_male`."""
    template: NDArray[np.float64]
    """Shape (22, 3), metres."""
    shape_directions: NDArray[np.float64]
    """Shape (22, 3, B), metres a coefficient; B may be 0."""

    def joints(self, betas: NDArray[np.floating[Any]] | None) -> NDArray[np.float64]:
        """Rest joints (22, 3) of a shape; coefficients that only one side has are left out."""
        if betas is None:
            return self.template
        count = min(len(betas), self.shape_directions.shape[2])
        moved: NDArray[np.float64] = self.shape_directions[:, :, :count] @ betas[:count]
        return self.template + moved


def generic_body() -> RestBody:
    """A body of average proportions, for use without a licensed model."""
    size = {name: share * _STATURE_M for name, share in GENERIC_LENGTHS.items()}
    torso, half_hips = size["torso"], size["hip_width"] / 2
    half_shoulders = size["shoulder_width"] / 2
    place: dict[str, tuple[float, float, float]] = {
        name: (0.0, share * torso, 0.0) for name, share in _TRUNK_HEIGHTS.items()
    }
    place["neck"] = (0.0, _NECK_HEIGHT * torso, 0.0)
    place["head"] = (0.0, torso + size["neck_head"] - _HEAD_JOINT_BELOW_CENTRE_M, 0.0)
    ankle_y = -(size["thigh"] + size["shin"])
    for side, sign in (("l", 1.0), ("r", -1.0)):
        place[f"{side}_hip"] = (sign * half_hips, 0.0, 0.0)
        place[f"{side}_knee"] = (sign * half_hips, -size["thigh"], 0.0)
        place[f"{side}_ankle"] = (sign * half_hips, ankle_y, 0.0)
        toe_y = ankle_y - _TOE_DROP * size["foot_height"]
        place[f"{side}_foot"] = (sign * half_hips, toe_y, size["foot_length"])
        place[f"{side}_collar"] = (
            sign * _COLLAR_WIDTH * half_shoulders,
            _COLLAR_HEIGHT * torso,
            0.0,
        )
        reach = half_shoulders
        for joint, bone in (("shoulder", ""), ("elbow", "upper_arm"), ("wrist", "forearm")):
            reach += size.get(bone, 0.0)
            place[f"{side}_{joint}"] = (sign * reach, torso, 0.0)
    above_hips = np.array([place[name] for name in SMPL_JOINTS])
    template = np.round(above_hips - above_hips[0] + np.array(_REST_PELVIS_M), 3)
    nothing = np.zeros((len(SMPL_JOINTS), 3, 0))
    return RestBody(name="generic", template=template, shape_directions=nothing)


GENERIC_BODY: Final = generic_body()


def reduce_model(arrays: Mapping[str, NDArray[np.floating[Any]]], *, name: str) -> RestBody:
    """Joints of a model from its vertices: all that stick figures need.

    Args:
        arrays: `v_template` (V, 3), `shapedirs` (V, 3, B), `J_regressor` (J, V) and
            `kintree_table` (2, J), J >= 22, as in the model files.
        name: Name of the body.

    Raises:
        RejectError: shape_mismatch, missing_joints, non_finite.
    """
    vertices, directions, regressor, tree = (arrays[key] for key in MODEL_ARRAYS)
    num_vertices = vertices.shape[0] if vertices.ndim else 0
    ok = (
        vertices.shape == (num_vertices, 3)
        and directions.ndim == 3
        and directions.shape[:2] == (num_vertices, 3)
        and regressor.ndim == 2
        and regressor.shape[1] == num_vertices
        and tree.shape == (2, regressor.shape[0])
    )
    if not ok:
        detail = (
            f"{name}: expected v_template (V, 3), shapedirs (V, 3, B), J_regressor (J, V) and "
            f"kintree_table (2, J), got {[arrays[key].shape for key in MODEL_ARRAYS]}"
        )
        raise RejectError(RejectReason.SHAPE_MISMATCH, detail)
    parents = [float(parent) for parent in tree[0, 1 : len(SMPL_PARENTS)]]
    if parents != list(SMPL_PARENTS[1:]):  # the root's parent is written as -1 or 2^32 - 1
        detail = f"{name}: expected the body joints of SMPL, got the parents {parents}"
        raise RejectError(RejectReason.MISSING_JOINTS, detail)
    regress = np.asarray(regressor[: len(SMPL_JOINTS)], dtype=np.float64)
    used = np.flatnonzero(regress.any(axis=0))  # a joint hangs on a few dozen vertices
    regress = regress[:, used]
    template = regress @ np.asarray(vertices[used], dtype=np.float64)
    shape = np.asarray(directions[used, :, :MAX_BETAS], dtype=np.float64)
    moved = np.einsum("jv,vcb->jcb", regress, shape)
    if not (np.isfinite(template).all() and np.isfinite(moved).all()):
        detail = f"{name}: expected finite vertices and shape directions"
        raise RejectError(RejectReason.NON_FINITE, detail)
    return RestBody(name=name, template=template, shape_directions=moved)


def pose_points(
    poses: NDArray[np.floating[Any]],
    trans: NDArray[np.floating[Any]],
    rest: NDArray[np.float64],
    *,
    where: str,
) -> NDArray[np.float32]:
    """The 15 body points of a motion given as SMPL parameters.

    Args:
        poses: Rotation vectors (T, 66), radians: root, then 21 body joints; the world is z up.
        trans: Shape (T, 3), metres; the pelvis lies at rest pelvis + trans.
        rest: Rest joints (22, 3), metres.
        where: Name of the motion for messages.

    Returns:
        Shape (T, 15, 3), metres, y up, float32.

    Raises:
        RejectError: non_finite, malformed (absurdly large numbers).
    """
    _check_range(poses, limit=_MAX_ROTATION_RAD, what=f"{where}: rotations", unit="rad")
    _check_range(trans, limit=_MAX_DISTANCE_M, what=f"{where}: translation", unit="m")
    offsets = rest.copy()
    parents = np.array(SMPL_PARENTS[1:])
    offsets[1:] -= rest[parents]
    blocks: list[NDArray[np.float32]] = []
    for first in range(0, len(poses), _BLOCK_FRAMES):
        block = slice(first, first + _BLOCK_FRAMES)
        vectors = poses[block].reshape(-1, len(SMPL_JOINTS), 3)
        joints, _ = forward_kinematics(axis_angle_to_matrix(vectors), offsets, SMPL_PARENTS)
        blocks.append(points_from_smpl(joints + trans[block, None, :]))
    return np.concatenate(blocks)


def _check_range(values: NDArray[np.floating[Any]], *, limit: float, what: str, unit: str) -> None:
    low, high = float(np.min(values)), float(np.max(values))  # NaN passes through both
    if not (np.isfinite(low) and np.isfinite(high)):
        bad = int(np.flatnonzero(~np.isfinite(values).all(axis=1))[0])
        detail = f"{what}: expected finite numbers, frame {bad} has NaN or infinity"
        raise RejectError(RejectReason.NON_FINITE, detail)
    if max(-low, high) > limit:
        detail = f"{what}: expected at most {limit:g} {unit}, got {low:.3g}..{high:.3g}"
        raise RejectError(RejectReason.MALFORMED, detail)
