"""A few prompts of an evaluation with the clips of several rows, to look at side by side.

Letters of shapes: T frames.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from datasets_spec.skeleton import NUM_JOINTS
from stickgen_model.evaluate.evaluation import EvaluationError
from stickgen_model.export.whole_file import whole_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["EXAMPLES_FILE", "Example", "load_examples", "save_examples"]

EXAMPLES_FILE: Final = "examples.npz"
_FORMAT: Final = "stickgen-examples-1"
_ABOUT: Final = "about"
_MOST_FRAMES: Final = 10_000


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Example:
    """A prompt and what several rows of an evaluation made of it.

    Attributes:
        prompt: As it was asked; may hold anything.
        action: Word of the vocabulary, empty if it is not known.
        clips: Joints by name of the row, shape (T, 10, 2), H, float32, 25 fps.
    """

    prompt: str
    action: str
    clips: dict[str, NDArray[np.float32]] = field(default_factory=dict)


def save_examples(examples: Sequence[Example], path: Path) -> None:
    """Write the file, whole or not at all; the same examples give the same bytes.

    Args:
        examples: To keep.
        path: The file, `.npz`; an existing one is replaced.

    Raises:
        ValueError: If a clip is no (T, 10, 2) array of finite numbers.
        OutputError: If it cannot be written.
    """
    arrays: dict[str, NDArray[Any]] = {}
    told = []
    for number, example in enumerate(examples):
        for place, (row, joints) in enumerate(example.clips.items()):
            where = f"example {number}, row {row!r}"
            arrays[f"clip_{number}_{place}"] = _checked(np.asarray(joints), where)
        told.append(
            {"prompt": example.prompt, "action": example.action, "rows": list(example.clips)}
        )
    # as JSON in bytes: arrays of words would lose zeros at their end
    about = json.dumps({"format": _FORMAT, "examples": told}).encode("ascii")
    arrays[_ABOUT] = np.frombuffer(about, dtype=np.uint8)
    with whole_file(path) as part, part.open("wb") as file:
        # passed as keywords, whose types of the stub hold a flag as well
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]


def load_examples(path: Path) -> tuple[Example, ...]:
    """Read the file.

    Raises:
        EvaluationError: If it cannot be read, or holds no examples.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            about = json.loads(arrays[_ABOUT].tobytes())
            if about["format"] != _FORMAT:
                msg = f"expected format {_FORMAT!r}, got {about['format']!r}"
                raise ValueError(msg)
            return tuple(_example(one, n, arrays) for n, one in enumerate(about["examples"]))
    except (
        OSError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        EOFError,
        RecursionError,
        zipfile.BadZipFile,
        zlib.error,
    ) as error:
        what = f"{type(error).__name__}: {error}"
        msg = f"{path}: expected examples of an evaluation ({_FORMAT}), got {what[:300]}"
        raise EvaluationError(msg) from error


def _example(told: dict[str, Any], number: int, arrays: Any) -> Example:
    clips = {
        str(row): _checked(arrays[f"clip_{number}_{place}"], f"example {number}, row {row!r}")
        for place, row in enumerate(told["rows"])
    }
    return Example(prompt=str(told["prompt"]), action=str(told["action"]), clips=clips)


def _checked(joints: NDArray[Any], where: str) -> NDArray[np.float32]:
    """Joints as they are kept.

    Raises:
        ValueError: If they are something else.
    """
    good = joints.ndim == 3 and joints.shape[1:] == (NUM_JOINTS, 2)
    if not good or not 1 <= len(joints) <= _MOST_FRAMES or joints.dtype.kind != "f":
        msg = f"{where}: expected joints (T, {NUM_JOINTS}, 2), got {joints.shape} {joints.dtype}"
        raise ValueError(msg)
    if not np.isfinite(joints).all():
        msg = f"{where}: expected finite joints"
        raise ValueError(msg)
    return joints.astype(np.float32)
