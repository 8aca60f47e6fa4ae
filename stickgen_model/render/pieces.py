"""What one person is drawn of: tapered pieces with round ends, and the disc of the head."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from datasets_spec.skeleton import joint_index
from stickgen_model.render.figure import HEAD, HEAD_RADIUS, NECK, PELVIS, with_neck
from stickgen_model.render.looks import Colour, Look

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "FEET",
    "HEAD_PIECE",
    "NECK_PIECE",
    "NUM_PIECES",
    "PIECES",
    "PIECE_RADII",
    "piece_colours",
    "piece_ends",
]

PIECES: Final = (
    "trunk",
    "neck",
    "l_upper_arm",
    "l_forearm",
    "r_upper_arm",
    "r_forearm",
    "l_thigh",
    "l_shin",
    "r_thigh",
    "r_shin",
    "head",
)
"""Pieces of a person; piece p of actor n is number n * NUM_PIECES + p of a scene."""

NUM_PIECES: Final = len(PIECES)
NECK_PIECE: Final = PIECES.index("neck")
HEAD_PIECE: Final = PIECES.index("head")
FEET: Final = (joint_index("l_foot"), joint_index("r_foot"))

_JOINTS: Final = {
    name: joint_index(name)
    for name in (
        "l_elbow",
        "l_hand",
        "r_elbow",
        "r_hand",
        "l_knee",
        "l_foot",
        "r_knee",
        "r_foot",
    )
}
_ENDS: Final = np.array(
    [
        (PELVIS, NECK),
        (NECK, HEAD),
        (NECK, _JOINTS["l_elbow"]),
        (_JOINTS["l_elbow"], _JOINTS["l_hand"]),
        (NECK, _JOINTS["r_elbow"]),
        (_JOINTS["r_elbow"], _JOINTS["r_hand"]),
        (PELVIS, _JOINTS["l_knee"]),
        (_JOINTS["l_knee"], _JOINTS["l_foot"]),
        (PELVIS, _JOINTS["r_knee"]),
        (_JOINTS["r_knee"], _JOINTS["r_foot"]),
        (HEAD, HEAD),
    ]
)
_ARM: Final = ((0.0195, 0.0170), (0.0170, 0.0135))
_LEG: Final = ((0.0235, 0.0195), (0.0195, 0.0150))
PIECE_RADII: Final = np.array(
    [
        (0.0265, 0.0235),
        (0.0175, 0.0175),
        *_ARM,
        *_ARM,
        *_LEG,
        *_LEG,
        (HEAD_RADIUS, HEAD_RADIUS),
    ]
)
"""H, at both ends, shape (NUM_PIECES, 2)."""


def piece_ends(points: NDArray[Any]) -> NDArray[Any]:
    """Both ends of every piece; those of the head are the same point.

    Args:
        points: Joints, shape (..., 10, D).

    Returns:
        Shape (..., NUM_PIECES, 2, D).
    """
    return with_neck(points)[..., _ENDS, :]


def piece_colours(look: Look, colours: str, actors: int) -> NDArray[np.uint8]:
    """RGB of every piece of a scene, shape (actors * NUM_PIECES, 3).

    Args:
        look: Gives the colours.
        colours: One of `config.COLOURS`.
        actors: People in the scene.
    """
    rows: list[Colour] = []
    for actor in range(actors):
        if colours == "side":
            sides = {"l_": look.left, "r_": look.right}
            rows += [sides.get(piece[:2], look.trunk) for piece in PIECES]
        else:
            own = look.actors[actor % len(look.actors)] if colours == "actor" else look.plain
            rows += [own] * NUM_PIECES
    return np.array(rows, dtype=np.uint8)
