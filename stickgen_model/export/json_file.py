"""A scene as readable JSON: every number in plain sight, for other programs and people.

`joints[actor][frame][joint]` is (x, y), `depth[actor][frame][joint]` a number, both in H to six
decimals; words are told by runs (first frame, word), as in `.motion`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from datasets_spec.schema import CAMERA_DIM
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
    caption_list,
    read_captions,
    read_facts,
    read_words,
    word_runs,
)
from stickgen_model.export.whole_file import OutputError, whole_file

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from stickgen_model.export.document import Node

__all__ = ["JSON_FORMAT", "JSON_VERSION", "read_json", "write_json"]

JSON_FORMAT: Final = "stickgen-json"
JSON_VERSION: Final = 1
_DECIMALS: Final = 6
_NEEDED: Final = (
    "format",
    "version",
    "title",
    "fps",
    "unit",
    "joint_names",
    "captions",
    "facts",
    "actions",
    "joints",
)
_OPTIONAL: Final = ("depth", "camera", "expressions", "speech")


def write_json(animation: Animation, path: Path, config: object = None) -> None:
    """Write a scene as readable JSON.

    Args:
        animation: The scene.
        path: The file; an existing one is replaced.
        config: How to draw; not needed here.

    Raises:
        OutputError: If it cannot be written or would be too large to be read again.
        FormatError: If facts or captions hold what is no plain value.
    """
    del config
    document: dict[str, Any] = {
        "format": JSON_FORMAT,
        "version": JSON_VERSION,
        "title": animation.title,
        "fps": animation.fps,
        "unit": "H",
        "joint_names": list(JOINTS),
        "captions": caption_list(animation),
        "facts": dict(animation.facts),
    }
    for name in WORDS:
        ids = getattr(animation, name)
        if ids is not None:
            document[name] = [word_runs(name, row) for row in ids]
    for name in ("camera", "joints", "depth"):
        numbers = getattr(animation, name)
        if numbers is not None:
            document[name] = np.round(numbers.astype(np.float64), _DECIMALS).tolist()
    # a line a field, so that the head of the file can be read by eye
    lines = [f"{document_text(name)}: {document_text(value)}" for name, value in document.items()]
    text = "{\n" + ",\n".join(lines) + "\n}\n"
    if len(text) > MAX_FILE_BYTES:
        msg = f"{path}: expected a scene of at most {MAX_FILE_BYTES >> 20} MiB; write .npz instead"
        raise OutputError(msg)
    with whole_file(path) as part:
        part.write_text(text, encoding="ascii", newline="\n")


def read_json(path: Path) -> Animation:
    """Read what `write_json` has written.

    Args:
        path: The file.

    Returns:
        The scene; places to six decimals.

    Raises:
        FormatError: If the file cannot be read, is too large, truncated, of another version, or
            holds something unexpected; the text names the field.
    """
    node = load_document(path)
    found = node.value if isinstance(node.value, dict) else {}
    if found.get("format") != JSON_FORMAT:
        node.fail(f'a scene as JSON ("format": "{JSON_FORMAT}")')
    fields = node.mapping(_NEEDED, _OPTIONAL)
    fields["version"].whole(JSON_VERSION, JSON_VERSION)
    fields["unit"].word(("H",))
    if fields["joint_names"].value != list(JOINTS):
        fields["joint_names"].fail("the joints " + ", ".join(JOINTS))
    joints = _numbers(fields["joints"], (-1, -1, NUM_JOINTS, 2))
    values: dict[str, Any] = {"joints": joints}
    people = joints.shape[:2]
    if "depth" in fields:
        values["depth"] = _numbers(fields["depth"], (*people, NUM_JOINTS))
    if "camera" in fields:
        values["camera"] = _numbers(fields["camera"], (people[1], CAMERA_DIM))
    for name in WORDS:
        if name in fields:
            rows = fields[name].items(least=people[0], most=people[0])
            values[name] = np.stack([read_words(name, row, people[1]) for row in rows])
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


def _numbers(node: Node, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Nested lists as an array; -1 stands for any length."""
    told = " x ".join("n" if side < 0 else str(side) for side in shape)
    try:
        array = np.array(node.value)
    except (ValueError, OverflowError):
        node.fail(f"numbers in nested arrays of {told}, all of one length")
    fits = array.ndim == len(shape) and all(
        want in {-1, got} for want, got in zip(shape, array.shape, strict=True)
    )
    if not fits or array.dtype.kind not in "if":
        node.fail(f"numbers in nested arrays of {told}")
    if array.shape[0] > max(MAX_SCENE_ACTORS, MAX_FRAMES) or not (np.abs(array) <= 1e30).all():
        node.fail("fewer and smaller numbers")
    return array.astype(np.float32)
