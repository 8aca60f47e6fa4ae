"""Rigs that the sample writes: Xsens as in 100STYLE, two that carry the CMU motions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from stickgen_model.motion.rotations import axis_rotation
from tasks.sample.bvh_text import RigJoint
from tasks.synthesize.engine.body import HEAD_CENTRE_M, joint

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.synthesize.engine.body import Body

__all__ = ["DAZ_HEAD_M", "cmu_rig", "daz_rig", "xsens_rig"]

_LEG_SLANT: Final = np.radians(20.0)
"""Legs of the MotionBuilder-made CMU rig rest spread by this angle, whatever its T-pose shows."""
_HEAD_END: Final = (0.0, 2 * HEAD_CENTRE_M, 0.0)
"""Top of the head: the head's centre is half way."""

DAZ_HEAD_M: Final = 0.045
"""The DAZ rig's head turns about a higher joint, this far below the head's centre, metres; its
eyes lie twice as high above the joint."""

_Row = tuple[str, str, str, str]
"""Name, parent, joint of the body that it follows, joint of the body where it lies (or 0)."""


def _build(
    body: Body,
    rows: list[_Row],
    *,
    ends: dict[str, tuple[float, float, float]],
    slants: dict[str, NDArray[np.float64]],
    places: dict[str, NDArray[np.float64]],
) -> tuple[RigJoint, ...]:
    names = [row[0] for row in rows]
    rig = []
    for name, parent, follows, at in rows:
        place = places[name] if name in places else np.zeros(3)
        if at and name not in places:
            place = body.offsets[joint(at)]
        rig.append(
            RigJoint(
                name=name,
                parent=names.index(parent) if parent else -1,
                follows=joint(follows),
                at=place,
                slant=slants.get(name),
                end=ends.get(name),
            )
        )
    return tuple(rig)


def xsens_rig(body: Body) -> tuple[RigJoint, ...]:
    """23 joints in the file order of 100STYLE; rests in T-pose."""
    rows: list[_Row] = [
        ("Hips", "", "pelvis", ""),
        ("Chest", "Hips", "spine1", "spine1"),
        ("Chest2", "Chest", "spine2", "spine2"),
        ("Chest3", "Chest2", "spine3", "spine3"),
        ("Chest4", "Chest3", "spine3", "half"),
        ("Neck", "Chest4", "neck", "neck"),
        ("Head", "Neck", "head", "head"),
    ]
    for side, s in (("Right", "r"), ("Left", "l")):
        rows += [
            (f"{side}Collar", "Chest4", f"{s}_collar", f"{s}_collar"),
            (f"{side}Shoulder", f"{side}Collar", f"{s}_shoulder", f"{s}_shoulder"),
            (f"{side}Elbow", f"{side}Shoulder", f"{s}_elbow", f"{s}_elbow"),
            (f"{side}Wrist", f"{side}Elbow", f"{s}_wrist", f"{s}_wrist"),
        ]
    for side, s in (("Right", "r"), ("Left", "l")):
        rows += [
            (f"{side}Hip", "Hips", f"{s}_hip", f"{s}_hip"),
            (f"{side}Knee", f"{side}Hip", f"{s}_knee", f"{s}_knee"),
            (f"{side}Ankle", f"{side}Knee", f"{s}_ankle", f"{s}_ankle"),
            (f"{side}Toe", f"{side}Ankle", f"{s}_ankle", f"{s}_foot"),
        ]
    chest4 = np.array([0.0, 0.4 * body.offsets[joint("l_collar"), 1], 0.0])
    places = {"Chest4": chest4, "Neck": body.offsets[joint("neck")] - chest4}
    for side, s in (("Right", "r"), ("Left", "l")):
        places[f"{side}Collar"] = body.offsets[joint(f"{s}_collar")] - chest4
    return _build(body, rows, ends=_ends("Wrist", "Toe"), slants={}, places=places)


def _ends(hand: str, toe: str) -> dict[str, tuple[float, float, float]]:
    return {
        "Head": _HEAD_END,
        f"Left{hand}": (0.18, 0.0, 0.0),
        f"Right{hand}": (-0.18, 0.0, 0.0),
        f"Left{toe}": (0.0, -0.01, 0.07),
        f"Right{toe}": (0.0, -0.01, 0.07),
    }


def cmu_rig(body: Body) -> tuple[RigJoint, ...]:
    """31 joints as in the MotionBuilder-friendly CMU files; legs rest spread."""
    rows: list[_Row] = [("Hips", "", "pelvis", "")]
    for s, side in (("l", "Left"), ("r", "Right")):
        rows += [
            (f"{s.upper()}HipJoint", "Hips", "pelvis", ""),
            (f"{side}UpLeg", f"{s.upper()}HipJoint", f"{s}_hip", f"{s}_hip"),
            (f"{side}Leg", f"{side}UpLeg", f"{s}_knee", f"{s}_knee"),
            (f"{side}Foot", f"{side}Leg", f"{s}_ankle", f"{s}_ankle"),
            (f"{side}ToeBase", f"{side}Foot", f"{s}_ankle", f"{s}_foot"),
        ]
    rows += [
        ("LowerBack", "Hips", "spine1", "spine1"),
        ("Spine", "LowerBack", "spine2", "spine2"),
        ("Spine1", "Spine", "spine3", "spine3"),
        ("Neck", "Spine1", "spine3", ""),
        ("Neck1", "Neck", "neck", "neck"),
        ("Head", "Neck1", "head", "head"),
    ]
    for s, side in (("l", "Left"), ("r", "Right")):
        rows += [
            (f"{side}Shoulder", "Spine1", f"{s}_collar", f"{s}_collar"),
            (f"{side}Arm", f"{side}Shoulder", f"{s}_shoulder", f"{s}_shoulder"),
            (f"{side}ForeArm", f"{side}Arm", f"{s}_elbow", f"{s}_elbow"),
            (f"{side}Hand", f"{side}ForeArm", f"{s}_wrist", f"{s}_wrist"),
            (f"{side}FingerBase", f"{side}Hand", f"{s}_wrist", ""),
            (f"{side}HandIndex1", f"{side}FingerBase", f"{s}_wrist", ""),
            (f"{s.upper()}Thumb", f"{side}Hand", f"{s}_wrist", ""),
        ]
    slants: dict[str, NDArray[np.float64]] = {}
    places: dict[str, NDArray[np.float64]] = {}
    for side, sign in (("Left", 1.0), ("Right", -1.0)):
        spread = axis_rotation("Z", np.array(-sign * _LEG_SLANT))
        slants |= {f"{side}{part}": spread for part in ("UpLeg", "Leg", "Foot", "ToeBase")}
        places[f"{side}HandIndex1"] = np.array([sign * 0.045, 0.0, 0.0])
    ends = _ends("HandIndex1", "ToeBase")
    ends |= {"LThumb": (0.04, 0.0, 0.03), "RThumb": (-0.04, 0.0, 0.03)}
    return _build(body, rows, ends=ends, slants=slants, places=places)


def daz_rig(body: Body) -> tuple[RigJoint, ...]:
    """43 joints as in the CMU files made for DAZ figures; arms rest a little lowered."""
    rows: list[_Row] = [
        ("hip", "", "pelvis", ""),
        ("abdomen", "hip", "spine1", "spine1"),
        ("chest", "abdomen", "spine3", "upper"),
        ("neck", "chest", "neck", "neck"),
        ("head", "neck", "head", "head"),
        ("leftEye", "head", "head", "eye"),
        ("rightEye", "head", "head", "eye"),
    ]
    places = {
        "chest": body.offsets[joint("spine2")] + body.offsets[joint("spine3")],
        "head": body.offsets[joint("head")] + np.array([0.0, HEAD_CENTRE_M - DAZ_HEAD_M, 0.0]),
        "leftEye": np.array([0.035, 2 * DAZ_HEAD_M, 0.08]),
        "rightEye": np.array([-0.035, 2 * DAZ_HEAD_M, 0.08]),
    }
    ends = {"leftEye": (0.01, 0.0, 0.0), "rightEye": (0.01, 0.0, 0.0)}
    slants: dict[str, NDArray[np.float64]] = {}
    for s, sign in (("r", -1.0), ("l", 1.0)):
        rows += [
            (f"{s}Collar", "chest", f"{s}_collar", f"{s}_collar"),
            (f"{s}Shldr", f"{s}Collar", f"{s}_shoulder", f"{s}_shoulder"),
            (f"{s}ForeArm", f"{s}Shldr", f"{s}_elbow", f"{s}_elbow"),
            (f"{s}Hand", f"{s}ForeArm", f"{s}_wrist", f"{s}_wrist"),
        ]
        lowered = axis_rotation("Z", np.array(sign * np.radians(3.5)))
        slants |= {f"{s}{part}": lowered for part in ("Shldr", "ForeArm", "Hand")}
        fingers = ("Thumb", "Index", "Mid", "Ring", "Pinky")
        for number, finger in enumerate(fingers):
            rows += [
                (f"{s}{finger}1", f"{s}Hand", f"{s}_wrist", "f"),
                (f"{s}{finger}2", f"{s}{finger}1", f"{s}_wrist", "f"),
            ]
            out = 0.02 if number == 0 else 0.085
            places[f"{s}{finger}1"] = np.array([sign * out, 0.0, 0.035 - 0.018 * number])
            places[f"{s}{finger}2"] = np.array([sign * 0.03, 0.0, 0.0])
            ends[f"{s}{finger}2"] = (sign * 0.025, 0.0, 0.0)
            slants |= {f"{s}{finger}1": lowered, f"{s}{finger}2": lowered}
    for s in ("r", "l"):
        rows += [
            (f"{s}Buttock", "hip", "pelvis", ""),
            (f"{s}Thigh", f"{s}Buttock", f"{s}_hip", f"{s}_hip"),
            (f"{s}Shin", f"{s}Thigh", f"{s}_knee", f"{s}_knee"),
            (f"{s}Foot", f"{s}Shin", f"{s}_ankle", f"{s}_ankle"),
        ]
        x, y, z = body.offsets[joint(f"{s}_foot")]
        ends[f"{s}Foot"] = (float(x), float(y), float(z))
    return _build(body, rows, ends=ends, slants=slants, places=places)
