"""Writes `.skeleton` files for tests, from the grammar alone; knows nothing of the reader."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

PARENTS = [-1, 0, 20, 2, 20, 4, 5, 6, 20, 8, 9, 10, 0, 12, 13, 14, 0, 16, 17, 18, 1, 7, 7, 11, 11]

# a standing person who faces the sensor, metres above the floor: his left at smaller x
STANDING = np.array(
    [
        [0.00, 0.95, 0.00],  # SpineBase
        [0.00, 1.15, 0.00],  # SpineMid
        [0.00, 1.45, 0.00],  # Neck
        [0.00, 1.60, 0.00],  # Head
        [-0.18, 1.38, 0.00],  # ShoulderLeft
        [-0.22, 1.10, 0.00],
        [-0.24, 0.86, 0.00],
        [-0.24, 0.80, 0.00],
        [0.18, 1.38, 0.00],  # ShoulderRight
        [0.22, 1.10, 0.00],
        [0.24, 0.86, 0.00],
        [0.24, 0.80, 0.00],
        [-0.08, 0.92, 0.00],  # HipLeft
        [-0.09, 0.50, 0.00],
        [-0.09, 0.10, 0.00],
        [-0.09, 0.05, -0.12],
        [0.08, 0.92, 0.00],  # HipRight
        [0.09, 0.50, 0.00],
        [0.09, 0.10, 0.00],
        [0.09, 0.05, -0.12],
        [0.00, 1.40, 0.00],  # SpineShoulder
        [-0.24, 0.74, 0.00],
        [-0.22, 0.78, -0.03],
        [0.24, 0.74, 0.00],
        [0.22, 0.78, -0.03],
    ]
)


@dataclass
class Body:
    body_id: int
    points: np.ndarray  # (25, 3)
    states: np.ndarray = field(default_factory=lambda: np.full(25, 2))


Frames = list[list[Body]]


def person(num_frames: int, *, x: float = 0.0, sway: float = 0.05, phase: float = 0.0):
    """(T, 25, 3): a person who leans to and fro, rigid, 3 m before the sensor."""
    time = np.arange(num_frames) / 30.0
    shift = np.stack(
        [sway * np.sin(2 * time + phase), 0.1 * sway * np.cos(3 * time), 3.0 + sway * time], axis=1
    )
    return STANDING[None] + np.array([x, -1.0, 0.0]) + shift[:, None, :]


def frames_of(*tracks: tuple[int, np.ndarray]) -> Frames:
    """Frames with every (id, (T, 25, 3)) in each; NaN SpineBase: absent."""
    num_frames = max(len(points) for _, points in tracks)
    return [
        [
            Body(body_id, points[t].copy())
            for body_id, points in tracks
            if t < len(points) and np.isfinite(points[t, 0, 0])
        ]
        for t in range(num_frames)
    ]


def skeleton_lines(frames: Frames) -> list[str]:
    lines = [str(len(frames))]
    for bodies in frames:
        lines.append(str(len(bodies)))
        for body in bodies:
            lines += [f"{body.body_id} 0 1 1 1 1 0 0.02764709 0.05745083 2", "25"]
            for (x, y, z), state in zip(body.points, body.states, strict=True):
                flat = "-1.#IND nan"
                if z and np.isfinite([x, y, z]).all():
                    flat = f"{365 * x / z + 256:.7g} {212 - 365 * y / z:.7g}"
                lines.append(
                    f"{x:.7g} {y:.7g} {z:.7g} {flat} 1036.233 519.1677 "
                    f"-0.2059419 0.05349901 0.9692109 -0.1239193 {state}"
                )
    return lines


def skeleton_bytes(frames: Frames, *, line_end: str = "\r\n") -> bytes:
    return (line_end.join(skeleton_lines(frames)) + line_end).encode("ascii")


def write_skeleton(path: Path, frames: Frames, *, line_end: str = "\r\n") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(skeleton_bytes(frames, line_end=line_end))
