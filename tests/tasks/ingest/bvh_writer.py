"""Writes BVH text of any skeleton, and finds its joints again the slow, plain way."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.spatial.transform import Rotation

ROOT6 = ("Xposition", "Yposition", "Zposition", "Zrotation", "Yrotation", "Xrotation")
ZYX = ROOT6[3:]


@dataclass
class Joint:
    name: str
    offset: tuple[float, float, float]
    channels: tuple[str, ...] = ZYX
    children: list[Joint] = field(default_factory=list)
    end: tuple[float, float, float] | None = None

    def walk(self):
        yield self
        for child in self.children:
            yield from child.walk()


def names(root: Joint) -> list[str]:
    return [joint.name for joint in root.walk()]


def num_columns(root: Joint) -> int:
    return sum(len(joint.channels) for joint in root.walk())


def header_lines(joint: Joint, depth: int = 0) -> list[str]:
    pad, word = "\t" * depth, "JOINT" if depth else "ROOT"
    lines = [f"{pad}{word} {joint.name}", f"{pad}{{"]
    lines += [f"{pad}\tOFFSET {' '.join(f'{v:.6f}' for v in joint.offset)}"]
    if joint.channels:
        lines += [f"{pad}\tCHANNELS {len(joint.channels)} {' '.join(joint.channels)}"]
    for child in joint.children:
        lines += header_lines(child, depth + 1)
    if joint.end is not None:
        ends = " ".join(f"{v:.6f}" for v in joint.end)
        lines += [f"{pad}\tEnd Site", f"{pad}\t{{", f"{pad}\t\tOFFSET {ends}", f"{pad}\t}}"]
    return [*lines, f"{pad}}}"]


def bvh_text(root: Joint, values: np.ndarray, *, frame_time="0.0333333", frames=None) -> str:
    rows = [" ".join(repr(float(value)) for value in row) for row in values]
    count = len(values) if frames is None else frames
    head = ["HIERARCHY", *header_lines(root), "MOTION", f"Frames: {count}"]
    return "\n".join([*head, f"Frame Time: {frame_time}", *rows, ""])


def plain_joints(root: Joint, row: np.ndarray) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """World position and rotation of every joint for one line of values."""
    found, column = {}, 0

    def visit(joint: Joint, place: np.ndarray, turn: np.ndarray) -> None:
        nonlocal column
        offset = np.array(joint.offset, dtype=float)
        local = np.eye(3)
        for channel in joint.channels:
            value, axis = row[column], channel[0]
            column += 1
            if channel.endswith("position"):
                offset["XYZ".index(axis)] = value
            else:
                local = local @ Rotation.from_euler(axis, value, degrees=True).as_matrix()
        here, way = place + turn @ offset, turn @ local
        found[joint.name] = (here, way)
        for child in joint.children:
            visit(child, here, way)

    visit(root, np.zeros(3), np.eye(3))
    return found


def xsens(channels: tuple[str, ...] = ("Yrotation", "Xrotation", "Zrotation")) -> Joint:
    """The skeleton of 100STYLE with an Xsens actor's lengths, centimetres."""

    def limb(side: str, sign: float) -> list[Joint]:
        wrist = Joint(f"{side}Wrist", (24.8 * sign, 0, 0), channels, end=(18.5 * sign, 0, 0))
        elbow = Joint(f"{side}Elbow", (30.4 * sign, 0, 0), channels, [wrist])
        shoulder = Joint(f"{side}Shoulder", (14.2 * sign, 0, 0), channels, [elbow])
        collar = Joint(f"{side}Collar", (3.0 * sign, 7.8, 0), channels, [shoulder])
        toe = Joint(f"{side}Toe", (0, -7.1, 16.2), channels, end=(0, -1.6, 6.8))
        ankle = Joint(f"{side}Ankle", (0, -40.9, 0), channels, [toe])
        knee = Joint(f"{side}Knee", (0, -41.9, 0), channels, [ankle])
        return [collar, Joint(f"{side}Hip", (8.1 * sign, 0, 0), channels, [knee])]

    (r_arm, r_leg), (l_arm, l_leg) = limb("Right", -1.0), limb("Left", 1.0)
    head = Joint("Head", (0, 9.2, 0), channels, end=(0, 17.2, 0))
    neck = Joint("Neck", (0, 13.9, 0), channels, [head])
    chest = [neck, r_arm, l_arm]
    for number, offset in ((4, 9.9), (3, 9.9), (2, 10.9)):
        chest = [Joint(f"Chest{number}", (0, offset, 0), channels, chest)]
    spine = Joint("Chest", (0, 9.8, -1.1), channels, chest)
    root = ("Xposition", "Yposition", "Zposition", *channels)
    return Joint("Hips", (0, 0, 0), root, [spine, r_leg, l_leg])


def human_ik(*, toe: str = "ToeBase", unit: float = 1.0, prefix: str = "") -> Joint:
    """A rig with CMU, LaFAN1 and Mixamo names; lengths in metres times `unit`."""

    def at(*offset: float) -> tuple[float, float, float]:
        x, y, z = (unit * value for value in offset)
        return x, y, z

    def limb(side: str, sign: float) -> list[Joint]:
        hand = Joint(f"{prefix}{side}Hand", at(0.25 * sign, 0, 0), end=at(0.1 * sign, 0, 0))
        fore = Joint(f"{prefix}{side}ForeArm", at(0.28 * sign, 0, 0), children=[hand])
        arm = Joint(f"{prefix}{side}Arm", at(0.15 * sign, 0, 0), children=[fore])
        clavicle = Joint(f"{prefix}{side}Shoulder", at(0.03 * sign, 0.2, 0), children=[arm])
        ball = Joint(f"{prefix}{side}{toe}", at(0, -0.06, 0.13), end=at(0, 0, 0.06))
        foot = Joint(f"{prefix}{side}Foot", at(0, -0.42, 0), children=[ball])
        leg = Joint(f"{prefix}{side}Leg", at(0, -0.42, 0), children=[foot])
        return [clavicle, Joint(f"{prefix}{side}UpLeg", at(0.09 * sign, -0.05, 0), children=[leg])]

    (l_arm, l_leg), (r_arm, r_leg) = limb("Left", 1.0), limb("Right", -1.0)
    head = Joint(f"{prefix}Head", at(0, 0.1, 0), end=at(0, 0.2, 0))
    neck = Joint(f"{prefix}Neck", at(0, 0.25, 0), children=[head])
    spine = Joint(f"{prefix}Spine", at(0, 0.25, 0), children=[neck, l_arm, r_arm])
    return Joint(f"{prefix}Hips", (0, 0, 0), ROOT6, [spine, l_leg, r_leg])


def random_values(root: Joint, num_frames: int, seed: int = 0, degrees: float = 40.0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.uniform(-degrees, degrees, (num_frames, num_columns(root)))
