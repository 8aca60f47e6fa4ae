"""The `.motion` format: a scene as small, plain JSON; see `motion.schema.json` beside this.

All places are whole numbers, told as differences: a list (d0, d1, ...) stands for the values
quantum * d0, quantum * (d0 + d1), ... A quantum of 2^-11 H is 0.78 mm of a body of 1.75 m (H =
1.59 m), so nothing moves by more than 0.39 mm, and reading and writing again changes nothing.

Frame k is shown at k / fps seconds. Between two frames numbers run along the monotone cubic of
Fritsch and Butland, as in `render.resample`; the schema tells the formula. Words hold from their
frame to the next run.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from datasets_spec.skeleton import JOINTS, NUM_JOINTS
from stickgen_model.animation import MAX_SCENE_ACTORS, Animation, AnimationError
from stickgen_model.export.document import (
    MAX_FILE_BYTES,
    FormatError,
    document_text,
    load_document,
)
from stickgen_model.export.tracks import (
    MAX_FRAMES,
    WORDS,
    all_or_none,
    caption_list,
    read_captions,
    read_facts,
    read_words,
    word_runs,
)
from stickgen_model.export.whole_file import OutputError, whole_file

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stickgen_model.export.document import Node

__all__ = [
    "INTERPOLATION",
    "MOTION_FORMAT",
    "MOTION_SCHEMA_FILE",
    "MOTION_VERSION",
    "QUANTUM",
    "ZOOM_QUANTUM",
    "motion_document",
    "read_motion",
    "write_motion",
]

MOTION_FORMAT: Final = "stickgen-motion"
MOTION_VERSION: Final = 1
MOTION_SCHEMA_FILE: Final = Path(__file__).with_name("motion.schema.json")
"""JSON Schema, draft 2020-12."""
INTERPOLATION: Final = "monotone-cubic"
QUANTUM: Final = 2.0**-11
"""H; a power of two, so that sums of quanta are exact in float32."""
ZOOM_QUANTUM: Final = 2.0**-14
_FINEST, _COARSEST = 1e-9, 1.0
_LARGEST: Final = 2**31
_NEEDED: Final = (
    "format",
    "version",
    "title",
    "fps",
    "frames",
    "unit",
    "interpolation",
    "quantum",
    "joints",
    "actors",
    "captions",
    "facts",
)
_OPTIONAL: Final = ("camera", "zoom_quantum")


def write_motion(animation: Animation, path: Path, config: object = None) -> None:
    """Write a scene as `.motion`.

    Args:
        animation: The scene.
        path: The file; an existing one is replaced.
        config: How to draw; not needed here.

    Raises:
        OutputError: If it cannot be written or would be too large to be read again.
        FormatError: If facts or captions hold what is no plain value.
    """
    del config
    text = document_text(motion_document(animation))
    if len(text) >= MAX_FILE_BYTES:
        msg = f"{path}: expected a scene of at most {MAX_FILE_BYTES >> 20} MiB; cut it in parts"
        raise OutputError(msg)
    with whole_file(path) as part:
        part.write_text(text + "\n", encoding="ascii", newline="\n")


def motion_document(animation: Animation) -> dict[str, Any]:
    """The scene as the plain values of a `.motion` file.

    Args:
        animation: The scene.
    """
    document: dict[str, Any] = {
        "format": MOTION_FORMAT,
        "version": MOTION_VERSION,
        "title": animation.title,
        "fps": animation.fps,
        "frames": animation.num_frames,
        "unit": "H",
        "interpolation": INTERPOLATION,
        "quantum": QUANTUM,
        "joints": list(JOINTS),
        "actors": [_actor(animation, number) for number in range(animation.num_actors)],
    }
    if animation.camera is not None:
        steps = [_steps(animation.camera[:, i], QUANTUM) for i in range(2)]
        zoom = _steps(animation.camera[:, 2], ZOOM_QUANTUM)
        document["zoom_quantum"] = ZOOM_QUANTUM
        document["camera"] = {"x": steps[0], "y": steps[1], "zoom": zoom}
    return document | {"captions": caption_list(animation), "facts": dict(animation.facts)}


def _actor(animation: Animation, number: int) -> dict[str, Any]:
    joints = animation.joints[number]
    actor: dict[str, Any] = {"x": _steps(joints[..., 0].T), "y": _steps(joints[..., 1].T)}
    if animation.depth is not None:
        actor["depth"] = _steps(animation.depth[number].T)
    for name in WORDS:
        ids = getattr(animation, name)
        if ids is not None:
            actor[name] = word_runs(name, ids[number])
    return actor


def _steps(values: NDArray[np.float32], quantum: float = QUANTUM) -> list[Any]:
    """Differences in quanta along the last axis, as lists."""
    whole = np.rint(values.astype(np.float64) / quantum).astype(np.int64)
    steps: list[Any] = np.diff(whole, prepend=0, axis=-1).tolist()
    return steps


def read_motion(path: Path) -> Animation:
    """Read a `.motion` file.

    Args:
        path: The file.

    Returns:
        The scene; places are those written, to half a quantum.

    Raises:
        FormatError: If the file cannot be read, is too large, truncated, of another version, or
            holds something unexpected; the text names the field.
    """
    node = load_document(path)
    _check_kind(node)
    fields = node.mapping(_NEEDED, _OPTIONAL)
    fields["unit"].word(("H",))
    fields["interpolation"].word((INTERPOLATION,))
    if fields["joints"].value != list(JOINTS):
        fields["joints"].fail("the joints " + ", ".join(JOINTS))
    num_frames = fields["frames"].whole(1, MAX_FRAMES)
    values = _read_actors(fields, num_frames)
    if "camera" in fields:
        values["camera"] = _read_camera(fields, num_frames)
    try:
        return Animation(
            **values,
            title=fields["title"].text(),
            fps=fields["fps"].number(1.0, 1000.0),
            captions=read_captions(fields["captions"]),
            facts=read_facts(fields["facts"]),
        )
    except AnimationError as error:
        msg = f"{path}: {error}"
        raise FormatError(msg) from error


def _check_kind(node: Node) -> None:
    """The version first: of another one nothing else can be said."""
    found = node.value if isinstance(node.value, dict) else {}
    if found.get("format") != MOTION_FORMAT:
        node.fail(f'a .motion file ("format": "{MOTION_FORMAT}")')
    if found.get("version") != MOTION_VERSION or found["version"] is True:
        msg = (
            f"{node.path}: version: expected {MOTION_VERSION}, got {found.get('version')!r:.60}; "
            "read it with the StickGen that wrote it"
        )
        raise FormatError(msg)


def _read_actors(fields: dict[str, Node], num_frames: int) -> dict[str, Any]:
    quantum = fields["quantum"].number(_FINEST, _COARSEST)
    items = fields["actors"].items(least=1, most=MAX_SCENE_ACTORS)
    actors = [
        item.mapping(("x", "y", "actions"), ("depth", "expressions", "speech")) for item in items
    ]
    places = {
        name: np.stack([_joint_rows(actor[name], num_frames, quantum) for actor in actors])
        for name in ("x", "y", "depth")
        if all_or_none(actors, name)
    }
    values: dict[str, Any] = {"joints": np.stack([places["x"], places["y"]], axis=-1)}
    if "depth" in places:
        values["depth"] = places["depth"]
    for name in WORDS:
        if all_or_none(actors, name):
            rows = [read_words(name, actor[name], num_frames) for actor in actors]
            values[name] = np.stack(rows)
    return values


def _joint_rows(node: Node, num_frames: int, quantum: float) -> NDArray[np.float32]:
    """One coordinate of the ten joints, shape (T, 10)."""
    rows = node.items(least=NUM_JOINTS, most=NUM_JOINTS)
    return np.stack([_row(row, num_frames, quantum) for row in rows], axis=-1)


def _read_camera(fields: dict[str, Node], num_frames: int) -> NDArray[np.float32]:
    quantum = fields["quantum"].number(_FINEST, _COARSEST)
    if "zoom_quantum" not in fields:
        fields["camera"].fail("the field 'zoom_quantum' beside it")
    quanta = {"x": quantum, "y": quantum, "zoom": fields["zoom_quantum"].number(_FINEST, _COARSEST)}
    camera = fields["camera"].mapping(tuple(quanta))
    rows = [_row(camera[name], num_frames, step) for name, step in quanta.items()]
    return np.stack(rows, axis=-1)


def _row(node: Node, num_frames: int, quantum: float) -> NDArray[np.float32]:
    """The values of a list of differences, shape (T,)."""
    steps = node.value
    if not isinstance(steps, list) or len(steps) != num_frames:
        node.fail(f"an array of {num_frames} whole numbers, one a frame")
    if set(map(type, steps)) != {int} or max(steps) > _LARGEST or min(steps) < -_LARGEST:
        wrong = next(i for i, v in enumerate(steps) if type(v) is not int or abs(v) > _LARGEST)
        told = f"whole numbers of at most {_LARGEST} (see element {wrong})"
        node.fail(told)
    # no more than 1e6 * 2^31, which float32 holds without overflow
    return (np.cumsum(np.array(steps, dtype=np.int64)) * quantum).astype(np.float32)
