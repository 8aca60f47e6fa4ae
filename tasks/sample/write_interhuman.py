"""The sample's InterHuman folder: pairs as npy, one as a pickle, one broken pickle."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.spatial.transform import Rotation

from tasks.sample.duets import DUETS, duet
from tasks.sample.files import write_bytes, write_text
from tasks.sample.truth import SampleTruth
from tasks.sample.write_amass import AMASS_STATURE_M, REST_PELVIS, Z_UP
from tasks.synthesize.engine.body import make_body

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from tasks.sample.motion import Motion

__all__ = ["person_features", "write_interhuman"]

_PKL_FPS: Final = 59.94
_NPY_FPS: Final = 30.0
_PLAYS: Final = {
    "1000": ("handshake", 5.5),
    "1001": ("high_five", 4.4),
    "1002": ("hug", 5.4),
    "1003": ("push", 4.2),
    "1004": ("meet", 5.0),
    "1005": ("follow", 5.0),
    "1007": ("handshake", 5.0),
}
_PICKLED: Final = "1007"
_EMPTY: Final = "1008"
_IGNORED: Final = "1005"


def write_interhuman(folder: Path, *, seed: int) -> tuple[SampleTruth, ...]:
    """Write the folder."""
    truths = []
    for number, (name, (play, duration_s)) in enumerate(_PLAYS.items()):
        rng = np.random.default_rng((seed, 2, number))
        statures = (1.70, 1.70) if name == _PICKLED else rng.uniform(1.60, 1.80, 2)
        bodies = (
            make_body(stature=float(statures[0]), tempo=float(rng.uniform(0.95, 1.05))),
            make_body(stature=float(statures[1]), tempo=float(rng.uniform(0.95, 1.05))),
        )
        fps = _PKL_FPS if name == _PICKLED else _NPY_FPS
        motions = duet(play, bodies, seed=(seed, 2, number, 1), fps=fps, duration_s=duration_s)
        write_text(folder / "annots" / f"{name}.txt", "\n".join(DUETS[play].captions) + "\n\n")
        if name == _PICKLED:
            path = f"motions/{name}.pkl"
            write_bytes(folder / path, _pickled(_people(motions)))
        else:
            path = f"motions_processed/person1/{name}.npy"
            for person, motion in enumerate(motions, start=1):
                target = folder / f"motions_processed/person{person}" / f"{name}.npy"
                target.parent.mkdir(parents=True, exist_ok=True)
                np.save(target, person_features(motion), allow_pickle=False)
        if name != _IGNORED:
            truths.append(
                SampleTruth(
                    source="interhuman",
                    path=path,
                    fps=fps,
                    points=tuple(motion.points for motion in motions),
                    actions=tuple(span.action for span in motions[0].spans),
                )
            )
    empty = {key: np.zeros((0, size)) for key, size in _PARTS}
    write_bytes(folder / "motions" / f"{_EMPTY}.pkl", _pickled((empty, empty), num_frames=0))
    write_text(folder / "annots" / f"{_EMPTY}.txt", "Nothing was captured here.\n")
    write_text(folder / "split/train.txt", "1000\n1001\n1002\n1004\n1005\n1007\n")
    write_text(folder / "split/val.txt", f"{_EMPTY}\n")
    # the last line of this list has no line end, as happens in hand-edited copies
    write_text(folder / "split/test.txt", "1003")
    write_text(folder / "ignore_list.txt", f"{_IGNORED}\n")
    return tuple(truths)


_PARTS: Final = (("trans", 3), ("root_orient", 3), ("pose_body", 63))


def person_features(motion: Motion) -> NDArray[np.float32]:
    """(T, 492): 62 positions z up, then 51 local rotations as two matrix columns."""
    joints = motion.joints @ Z_UP.T
    num_frames = len(joints)
    out = np.zeros((num_frames, 492), dtype=np.float32)
    out[:, :66] = joints.reshape(num_frames, 66)
    # hands carry no motion: every finger joint lies at its wrist
    out[:, 66:111] = np.tile(joints[:, 20], (1, 15))
    out[:, 111:156] = np.tile(joints[:, 21], (1, 15))
    out[:, 156:171] = np.tile(joints[:, 20], (1, 5))
    out[:, 171:186] = np.tile(joints[:, 21], (1, 5))
    six = np.tile(np.eye(3)[:, :2].T.ravel(), (num_frames, 51, 1))
    six[:, :21] = np.swapaxes(motion.rotations[:, 1:, :, :2], -1, -2).reshape(num_frames, 21, 6)
    out[:, 186:] = six.reshape(num_frames, 306)
    return out


def _people(motions: tuple[Motion, Motion]) -> tuple[dict[str, Any], dict[str, Any]]:
    people = []
    for motion in motions:
        if not np.isclose(motion.body.stature, AMASS_STATURE_M):
            msg = f"expected the body of shape zero, got a stature of {motion.body.stature} m"
            raise ValueError(msg)
        turned = motion.rotations.copy()
        turned[:, 0] = Z_UP @ turned[:, 0]
        vectors = Rotation.from_matrix(turned.reshape(-1, 3, 3)).as_rotvec().reshape(-1, 66)
        people.append(
            {
                "trans": motion.pelvis @ Z_UP.T - np.array(REST_PELVIS),
                "root_orient": vectors[:, :3],
                "pose_body": vectors[:, 3:],
            }
        )
    return people[0], people[1]


def _pickled(
    people: tuple[dict[str, Any], dict[str, Any]], *, num_frames: int | None = None
) -> bytes:
    """A plain dictionary of numpy arrays, protocol 4."""
    data: dict[str, Any] = {
        "mocap_framerate": _PKL_FPS,
        "frames": len(people[0]["trans"]) if num_frames is None else num_frames,
    }
    for number, person in enumerate(people, start=1):
        rounded = {key: np.round(value, 6) for key, value in person.items()}
        data[f"person{number}"] = {**rounded, "betas": np.zeros(10), "gender": "neutral"}
    return pickle.dumps(data, protocol=4)
