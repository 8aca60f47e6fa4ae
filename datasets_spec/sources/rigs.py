"""Named rigs: which joints of a BVH file are the 15 points of the body. Data only.

Traps this table settles: in rigs that descend from HumanIK `LeftShoulder` is the clavicle and
`LeftArm` the shoulder; in Xsens-like rigs `LeftCollar` is the clavicle, `LeftShoulder` the
shoulder and `LeftHip` the hip joint. Names are compared without case, namespace and separators.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from datasets_spec.sources.rig import CMU_FAMILY, CMU_UNIT_M, PointRule, RigPreset

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["RIG_PRESETS", "XSENS"]


def _point(joint: str) -> tuple[PointRule, ...]:
    return (PointRule(joint=joint),)


def _points(
    head: tuple[PointRule, ...],
    sides: tuple[str, str],
    limbs: Mapping[str, str],
    toes: tuple[PointRule, ...],
) -> dict[str, tuple[PointRule, ...]]:
    """Points of a symmetric rig; `{}` in a name stands for the side's word."""
    points = {"head": head}
    for prefix, side in zip(("l", "r"), sides, strict=True):
        for limb, joint in limbs.items():
            points[f"{prefix}_{limb}"] = _point(joint.format(side))
        points[f"{prefix}_toe"] = tuple(
            PointRule(
                joint=toe.joint.format(side), tip_share=toe.tip_share, needs_tip=toe.needs_tip
            )
            for toe in toes
        )
    return points


def _toes(*joints: str, foot: str, tip_share: float = 0.8) -> tuple[PointRule, ...]:
    """Toe joints in order of preference, then the tip of the foot."""
    named = tuple(PointRule(joint=joint) for joint in joints)
    return (*named, PointRule(joint=foot, tip_share=tip_share, needs_tip=True))


_HUMAN_IK: Final = {
    "shoulder": "{}Arm",
    "elbow": "{}ForeArm",
    "hand": "{}Hand",
    "hip": "{}UpLeg",
    "knee": "{}Leg",
    "foot": "{}Foot",
}
_XSENS_LIMBS: Final = {
    "shoulder": "{}Shoulder",
    "elbow": "{}Elbow",
    "hand": "{}Wrist",
    "hip": "{}Hip",
    "knee": "{}Knee",
    "foot": "{}Ankle",
}
_WORDS: Final = ("Left", "Right")

# lone_share: the head centre lies about 0.10 m past the head joint; with the neck bones of
# these rigs (CMU 0.10 m with half a bone in the marked rig, LaFAN1 and Mixamo 0.10-0.12 m) this
# is half, or 0.9, of the joint's own offset
_CMU_HEAD: Final = (PointRule(joint="Head", tip_share=0.5, lone_share=0.5),)
_HEAD: Final = (PointRule(joint="Head", tip_share=0.5, lone_share=0.9),)
_IK_TOES: Final = _toes("{}ToeBase", "{}Toe", "{}Toes", foot="{}Foot")
_IK_POINTS: Final = _points(_HEAD, _WORDS, _HUMAN_IK, _IK_TOES)
_XSENS_TOES: Final = _toes("{}Toe", "{}ToeBase", foot="{}Ankle")

XSENS: Final = RigPreset(
    name="xsens",
    points=_points(_HEAD, _WORDS, _XSENS_LIMBS, _XSENS_TOES),
    also=("LeftCollar", "RightCollar"),
    unit_m=0.01,
)
"""Xsens MVN export, as in 100STYLE."""

RIG_PRESETS: Final = (
    RigPreset(
        name="cmu_motionbuilder",
        points=_points(_CMU_HEAD, _WORDS, _HUMAN_IK, _IK_TOES),
        also=("LHipJoint", "RHipJoint"),
        family=CMU_FAMILY,
        unit_m=CMU_UNIT_M,
    ),
    RigPreset(
        # the figure of Daz Studio; the head point lies half-way up to the eyes, which is as far
        # above the shoulders as in the other CMU rigs; the foot's tip is the ball of the foot
        name="cmu_daz",
        points=_points(
            (
                PointRule(
                    joint="head", tip_share=0.5, toward=("leftEye", "rightEye"), axes=(0, 1, 0)
                ),
                PointRule(joint="head", tip_share=0.5, lone_share=0.55),
            ),
            ("l", "r"),
            {
                "shoulder": "{}Shldr",
                "elbow": "{}ForeArm",
                "hand": "{}Hand",
                "hip": "{}Thigh",
                "knee": "{}Shin",
                "foot": "{}Foot",
            },
            _toes("{}Toe", foot="{}Foot", tip_share=1.0),
        ),
        also=("hip", "abdomen", "lCollar", "rCollar"),
        family=CMU_FAMILY,
        unit_m=0.01,
    ),
    RigPreset(
        name="cmu1",
        points=_points(_CMU_HEAD, _WORDS, _XSENS_LIMBS, _XSENS_TOES),
        also=("LHipJoint", "RHipJoint", "LeftCollar", "RightCollar"),
        family=CMU_FAMILY,
        unit_m=CMU_UNIT_M,
    ),
    RigPreset(
        # bone names of CMU's own ASF files; a joint lies at the near end of its bone
        name="cmu_asf",
        points=_points(
            (PointRule(joint="head", tip_share=0.5, lone_share=0.5),),
            ("l", "r"),
            {
                "shoulder": "{}humerus",
                "elbow": "{}radius",
                "hand": "{}wrist",
                "hip": "{}femur",
                "knee": "{}tibia",
                "foot": "{}foot",
            },
            _toes("{}toes", foot="{}foot"),
        ),
        family=CMU_FAMILY,
        unit_m=CMU_UNIT_M,
    ),
    XSENS,
    RigPreset(
        # same limb names without collars, e.g. plain exports of older tools
        name="plain_joints",
        points=_points(_HEAD, _WORDS, _XSENS_LIMBS, _XSENS_TOES),
    ),
    RigPreset(name="lafan1", points=_IK_POINTS, also=("LeftToe", "RightToe"), unit_m=0.01),
    RigPreset(name="mixamo", points=_IK_POINTS, also=("LeftToeBase",), unit_m=0.01),
    RigPreset(name="humanik", points=_IK_POINTS),
    RigPreset(
        # a pelvis 25 units high belongs to a standing adult: 1.5 inches a unit
        name="fair1",
        points=_IK_POINTS,
        also=("Spine3", "LeftHandEnd", "RightHandEnd", "LeftToeBase"),
        unit_m=0.0381,
        up="z",
    ),
    RigPreset(
        name="rokoko",
        points=_IK_POINTS,
        also=("LeftInHandIndex", "RightInHandIndex"),
        unit_m=0.01,
    ),
    RigPreset(
        # the shoulders hang at the height of the neck joint, `face` is the head centre, the
        # forearm ends at the wrist
        name="reactidle",
        points={
            "head": _point("face"),
            **{
                f"{side}_{limb}": (rule,)
                for side in ("l", "r")
                for limb, rule in {
                    "shoulder": PointRule(joint=f"upper_arm.{side}"),
                    "elbow": PointRule(joint=f"forearm.{side}"),
                    "hand": PointRule(joint=f"forearm.{side}", tip_share=1.0, needs_tip=True),
                    "hip": PointRule(joint=f"thigh.{side}"),
                    "knee": PointRule(joint=f"shin.{side}"),
                    "foot": PointRule(joint=f"foot.{side}"),
                    "toe": PointRule(joint=f"foot.{side}", tip_share=0.8, needs_tip=True),
                }.items()
            },
        },
        unit_m=1.0,
    ),
    RigPreset(
        name="blender",
        points=_points(
            (PointRule(joint="head", tip_share=0.5, lone_share=0.9),),
            ("L", "R"),
            {
                "shoulder": "upper_arm.{}",
                "elbow": "forearm.{}",
                "hand": "hand.{}",
                "hip": "thigh.{}",
                "knee": "shin.{}",
                "foot": "foot.{}",
            },
            _toes("toe.{}", foot="foot.{}"),
        ),
        unit_m=1.0,
    ),
    RigPreset(
        # mid-shoulder to head joint is 0.10 m here, so the end site, 0.10 m on, is the centre
        name="bandai_namco",
        points=_points(
            (PointRule(joint="Head", tip_share=1.0, lone_share=1.5),),
            ("L", "R"),
            {
                "shoulder": "UpperArm_{}",
                "elbow": "LowerArm_{}",
                "hand": "Hand_{}",
                "hip": "UpperLeg_{}",
                "knee": "LowerLeg_{}",
                "foot": "Foot_{}",
            },
            _toes("Toes_{}", foot="Foot_{}"),
        ),
        unit_m=0.01,
    ),
    RigPreset(
        name="unity_humanoid",
        points=_points(
            _HEAD,
            _WORDS,
            {
                "shoulder": "{}UpperArm",
                "elbow": "{}LowerArm",
                "hand": "{}Hand",
                "hip": "{}UpperLeg",
                "knee": "{}LowerLeg",
                "foot": "{}Foot",
            },
            _toes("{}Toes", "{}ToeBase", "{}Toe", foot="{}Foot"),
        ),
    ),
    RigPreset(
        name="unreal_mannequin",
        points=_points(
            (PointRule(joint="head", tip_share=0.5, lone_share=0.9),),
            ("l", "r"),
            {
                "shoulder": "upperarm_{}",
                "elbow": "lowerarm_{}",
                "hand": "hand_{}",
                "hip": "thigh_{}",
                "knee": "calf_{}",
                "foot": "foot_{}",
            },
            _toes("ball_{}", foot="foot_{}"),
        ),
        unit_m=0.01,
    ),
    RigPreset(
        name="biped",
        points=_points(
            _HEAD,
            ("L", "R"),
            {
                "shoulder": "{} UpperArm",
                "elbow": "{} Forearm",
                "hand": "{} Hand",
                "hip": "{} Thigh",
                "knee": "{} Calf",
                "foot": "{} Foot",
            },
            _toes("{} Toe0", foot="{} Foot"),
        ),
    ),
    RigPreset(
        # joint names of the SMPL body model; the head centre is 0.10 m past the head joint,
        # whose own offset is about that long
        name="smpl_names",
        points=_points(
            (PointRule(joint="Head", tip_share=0.5, lone_share=1.0),),
            ("L", "R"),
            {
                "shoulder": "{}_Shoulder",
                "elbow": "{}_Elbow",
                "hand": "{}_Wrist",
                "hip": "{}_Hip",
                "knee": "{}_Knee",
                "foot": "{}_Ankle",
            },
            _toes("{}_Foot", "{}_Toe", foot="{}_Ankle"),
        ),
        unit_m=1.0,
    ),
)
"""All presets. The one that needs the most joints and finds them all is used."""
