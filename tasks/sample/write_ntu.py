"""The sample's NTU folder: sensor skeletons with noise, ghosts, gaps and changing ids."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from stickgen_model.motion.rotations import axis_rotation
from tasks.sample.duets import duet
from tasks.sample.files import write_text
from tasks.sample.ntu_sensor import SensorBody, kinect_joints, sense, skeleton_text
from tasks.sample.scripts import perform
from tasks.sample.truth import SampleTruth
from tasks.synthesize.engine.body import make_body

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from tasks.sample.motion import Motion

__all__ = ["write_ntu"]

_FPS: Final = 30.0
_HOME: Final = "nturgb+d_skeletons"
_FIRST_ID: Final = 72057594037931101
"""A real body id: beyond 2^53, so that neighbours are equal as float64."""
_FLOOR_Y: Final = -1.0
_DISTANCE_M: Final = 3.5
_YAWS: Final = {1: np.radians(45.0), 2: 0.0, 3: np.radians(-45.0)}
"""How each camera sees the performer turned; the second looks from the front."""
NOISE_M: Final = 0.005
"""Deviation of a well seen joint; the real sensor is up to twice as bad on hands and feet."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Take:
    script: str
    group: str
    """Setup, performer, replication, class: `S001 P001 R001 A023`."""
    cameras: tuple[int, ...] = (2,)
    pair: bool = False
    fault: str = ""


_TAKES: Final = (
    _Take(script="wave", group="S001 P003 R002 A023", cameras=(1, 2, 3)),
    _Take(script="drink", group="S001 P001 R001 A001", fault="ghost"),
    _Take(script="clap", group="S001 P002 R001 A010", fault="empty_frame"),
    _Take(script="crouch", group="S018 P008 R001 A080", fault="new_id"),
    _Take(script="jump", group="S001 P004 R001 A027"),
    _Take(script="kick", group="S001 P008 R001 A024"),
    _Take(script="fall", group="S001 P001 R001 A043"),
    _Take(script="bow", group="S001 P002 R001 A035"),
    _Take(script="handshake", group="S001 P006 R001 A058", pair=True),
    _Take(script="meet", group="S001 P007 R001 A059", pair=True),
)
_LISTED: Final = "S001C002P005R002A008"
"""On the published list of samples with missing skeletons."""
_TRUNCATED: Final = "S001C001P003R001A031"


def write_ntu(folder: Path, *, seed: int) -> tuple[SampleTruth, ...]:
    """Write the folder."""
    truths = []
    for number, take in enumerate(_TAKES):
        motions = _motions(take, seed=seed, number=number)
        setup, performer, replication, action = take.group.split()
        for camera in take.cameras:
            path = f"{_HOME}/{setup}C{camera:03d}{performer}{replication}{action}.skeleton"
            bodies = _bodies(take, motions, camera, seed=(seed, 5, number, camera))
            dropped = frozenset({20}) if take.fault == "empty_frame" else frozenset()
            write_text(folder / path, skeleton_text(bodies, without=dropped))
            truths.append(
                SampleTruth(
                    source="ntu",
                    path=path,
                    fps=_FPS,
                    points=tuple(
                        _to_camera(motion.points, motions, camera).astype(np.float32)
                        for motion in motions
                    ),
                    noise_m=NOISE_M,
                    actions=tuple(span.action for span in motions[0].spans),
                )
            )
    _write_faults(folder, seed=seed)
    return tuple(truths)


def _write_faults(folder: Path, *, seed: int) -> None:
    """A sample that the published list names, and a file that ends too early."""
    take = _Take(script="point", group="S001 P003 R001 A031")
    bodies = _bodies(take, _motions(take, seed=seed, number=90), 1, seed=(seed, 5, 90, 1))
    whole = skeleton_text(bodies, without=frozenset())
    write_text(folder / _HOME / f"{_TRUNCATED}.skeleton", whole[: int(0.6 * len(whole))])
    write_text(folder / _HOME / f"{_LISTED}.skeleton", "30\n" + "0\n" * 30)


def _motions(take: _Take, *, seed: int, number: int) -> tuple[Motion, ...]:
    rng = np.random.default_rng((seed, 5, number))
    bodies = [
        make_body(
            stature=float(rng.uniform(1.60, 1.80)),
            limbs=float(rng.uniform(0.97, 1.03)),
            tempo=float(rng.uniform(0.94, 1.06)),
        )
        for _ in range(2)
    ]
    key = (seed, 5, number, 7)
    if take.pair:
        return duet(take.script, (bodies[0], bodies[1]), seed=key, fps=_FPS, duration_s=5.0)
    return (perform(take.script, bodies[0], seed=key, fps=_FPS),)


def _middle(motions: tuple[Motion, ...]) -> NDArray[np.float64]:
    """Point of the floor at which the camera looks."""
    centre: NDArray[np.float64] = np.mean([m.pelvis.mean(axis=0) for m in motions], axis=0)
    centre[1] = 0.0
    return centre


def _to_camera(
    places: NDArray[np.floating[Any]], motions: tuple[Motion, ...], camera: int
) -> NDArray[np.float64]:
    """World to a camera's axes: y up, z away from it, x to its left; (T, N, 3), metres."""
    turn = axis_rotation("Y", np.array(np.pi + _YAWS[camera]))
    shift = np.array([0.0, _FLOOR_Y, _DISTANCE_M])
    seen: NDArray[np.float64] = (places - _middle(motions)) @ turn.T + shift
    return seen


def _bodies(
    take: _Take, motions: tuple[Motion, ...], camera: int, *, seed: tuple[int, ...]
) -> list[SensorBody]:
    """What the sensor reports of a take."""
    bodies = []
    for number, motion in enumerate(motions):
        joints = _to_camera(kinect_joints(motion), motions, camera)
        # the two of a pair have neighbouring ids
        body_id = _FIRST_ID + number
        bodies.append(sense(joints, body_id=body_id, seed=(*seed, number), noise_m=NOISE_M))
    first = bodies[0]
    if take.fault == "new_id":
        ids = first.ids.copy()
        ids[len(ids) // 2 :] += 4
        return [replace(first, ids=ids)]
    if take.fault == "ghost":
        # a chair that looks like a person for five frames
        still = np.repeat(first.joints[:1], len(first.ids), axis=0) * 0.6 + np.array([1.2, 0, 1.0])
        ghost = sense(still, body_id=_FIRST_ID + 9, seed=(*seed, 9), noise_m=0.01)
        present = np.zeros(len(first.ids), dtype=bool)
        present[30:35] = True
        return [first, replace(ghost, present=present)]
    return bodies
