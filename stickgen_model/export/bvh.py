"""BVH: the figure's motion for animation tools.

Y is up, z to the viewer, centimetres; who faces the viewer looks along +z. Blender's importer turns
that upright as it is (set its scale to 0.01 for metres). The root has positions and rotations, all
other joints rotations; bones keep their length. Joints are named as in the HumanIK family. A scene
of several people becomes a file each, as importers expect one root a file.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

import numpy as np

from datasets_spec.skeleton import GENERIC_LENGTHS
from stickgen_model.export.bvh_figure import TREE, bone_motion
from stickgen_model.export.whole_file import whole_file
from stickgen_model.render.depth import scene_depth
from stickgen_model.render.heads import head_axes

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from stickgen_model.animation import Animation
    from stickgen_model.export.bvh_figure import BoneMotion

__all__ = ["USUAL_BODY_M", "body_metres", "bvh_paths", "bvh_text", "write_bvh"]

USUAL_BODY_M: Final = 1.75 * sum(
    GENERIC_LENGTHS[part] for part in ("thigh", "shin", "torso", "neck_head")
)
"""Length of H in metres where a scene does not tell it: a body of 1.75 m."""
_CENTIMETRES: Final = 100.0
_BODY_RANGE: Final = (0.1, 10.0)


def write_bvh(animation: Animation, path: Path, config: object = None) -> tuple[Path, ...]:
    """Write a scene as BVH.

    Args:
        animation: The scene; a depth that is not known is estimated.
        path: The file; of several people, see `bvh_paths`. Existing files are replaced.
        config: How to draw; not needed here.

    Returns:
        The files, one a person.

    Raises:
        OutputError: If one cannot be written; then none is.
    """
    del config
    paths = bvh_paths(path, animation.num_actors)
    texts = bvh_text(animation)
    with ExitStack() as stack:
        parts = [stack.enter_context(whole_file(own)) for own in paths]
        for part, text in zip(parts, texts, strict=True):
            part.write_text(text, encoding="ascii", newline="\n")
    return paths


def bvh_paths(path: Path, num_actors: int) -> tuple[Path, ...]:
    """Files of the people of a scene: `name.bvh`, or `name-a0.bvh`, `name-a1.bvh` ... of several.

    Args:
        path: What was asked for.
        num_actors: People in the scene.
    """
    if num_actors == 1:
        return (path,)
    return tuple(path.with_name(f"{path.stem}-a{n}{path.suffix}") for n in range(num_actors))


def body_metres(animation: Animation) -> float:
    """Length of H in metres: the fact `body_height_m`, or the usual."""
    told = animation.facts.get("body_height_m")
    low, high = _BODY_RANGE
    return float(told) if isinstance(told, int | float) and low <= told <= high else USUAL_BODY_M


def bvh_text(animation: Animation) -> tuple[str, ...]:
    """The text of a BVH file for every person.

    Args:
        animation: The scene; a depth that is not known is estimated.
    """
    depth = scene_depth(animation)
    times = np.arange(animation.num_frames) / animation.fps
    facing = head_axes(animation, depth, times)
    points = np.concatenate([animation.joints, depth[..., None]], axis=-1, dtype=np.float64)
    scale = _CENTIMETRES * body_metres(animation)
    motions = [
        bone_motion(points[n], facing[n], fps=animation.fps) for n in range(animation.num_actors)
    ]
    return tuple(_text(motion, fps=animation.fps, scale=scale) for motion in motions)


def _text(motion: BoneMotion, *, fps: float, scale: float) -> str:
    lines = ["HIERARCHY", *_joint_lines(motion, 0, scale=scale, depth=0), "MOTION"]
    lines += [f"Frames: {len(motion.root)}", f"Frame Time: {1.0 / fps:.9f}"]
    angles = np.degrees(motion.angles).reshape(len(motion.root), -1)
    # adding 0 after rounding makes -0 plain 0
    values = np.round(np.concatenate([motion.root * scale, angles], axis=1), 5) + 0.0
    lines += [" ".join(f"{value:.5f}" for value in row) for row in values.tolist()]
    return "\n".join(lines) + "\n"


def _joint_lines(motion: BoneMotion, row: int, *, scale: float, depth: int) -> list[str]:
    bone = TREE[row]
    pad, inner = "\t" * depth, "\t" * (depth + 1)
    turns = " ".join(f"{axis}rotation" for axis in bone.order)
    channels = f"3 {turns}" if row else f"6 Xposition Yposition Zposition {turns}"
    lines = [
        f"{pad}{'JOINT' if row else 'ROOT'} {bone.name}",
        f"{pad}{{",
        f"{inner}OFFSET {_triple(motion.offsets[row] * scale)}",
        f"{inner}CHANNELS {channels}",
    ]
    for child, other in enumerate(TREE):
        if other.parent == row:
            lines += _joint_lines(motion, child, scale=scale, depth=depth + 1)
    if row in motion.ends:
        end = _triple(motion.ends[row] * scale)
        lines += [f"{inner}End Site", f"{inner}{{", f"{inner}\tOFFSET {end}", f"{inner}}}"]
    return [*lines, f"{pad}}}"]


def _triple(values: NDArray[np.float64]) -> str:
    return " ".join(f"{value:.6f}" for value in np.round(values, 6) + 0.0)
