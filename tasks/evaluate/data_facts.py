"""What an evaluation tells of the data that it was made on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from datasets_spec.errors import StickgenError
from datasets_spec.schema import CLIP_FPS

if TYPE_CHECKING:
    from pathlib import Path

    from stickgen_model.evaluate.held_out import HeldOutSet
    from tasks.evaluate.trial import Trial

__all__ = ["data_facts", "read_fingerprint"]

_MANIFEST: Final = "manifest.json"
_STATISTICS: Final = "statistics.json"


def read_fingerprint(data: Path) -> str:
    """The fingerprint of a dataset folder.

    Raises:
        StickgenError: If there is none.
    """
    found = _read(data / _MANIFEST).get("fingerprint")
    if not isinstance(found, str) or not found:
        msg = f"{data / _MANIFEST}: expected a fingerprint, got {found!r}; build the dataset again"
        raise StickgenError(msg)
    return found


def data_facts(data: Path, *, split: str, found: HeldOutSet, trial: Trial) -> dict[str, Any]:
    """Facts of a dataset and of what was taken from it, as plain values.

    Args:
        data: Dataset folder.
        split: That was taken.
        found: All that it holds.
        trial: What was drawn.

    Raises:
        StickgenError: If manifest or statistics cannot be read.
    """
    statistics = _read(data / _STATISTICS)
    try:
        return {
            "path": str(data),
            "name": data.resolve().name,
            "fingerprint": read_fingerprint(data),
            "split": split,
            "clips": int(statistics["totals"]["clips"]),
            "clips_by_split": {k: int(v["clips"]) for k, v in statistics["splits"].items()},
            "licences": {k: int(v["clips"]) for k, v in statistics["licences"].items()},
            "sources": {k: int(v["clips"]) for k, v in statistics["sources"].items()},
            "held_out": len(found.clips),
            "prompts": len(trial.items),
            "prompts_of_recorded_motion": sum(item.real for item in trial.items),
            "actions": len({item.action for item in trial.items}),
            "compared_with": len(trial.pool),
            "scripts": len(trial.scripts),
            "mean_seconds": round(
                sum(len(item.joints) for item in trial.items) / len(trial.items) / CLIP_FPS, 3
            ),
        }
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        msg = f"{data / _STATISTICS}: expected the statistics of a dataset; {error!r}"
        raise StickgenError(msg) from error


def _read(path: Path) -> dict[str, Any]:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        msg = f"{path}: cannot be read: {error}; build the dataset again, or name its folder"
        raise StickgenError(msg) from error
    if not isinstance(values, dict):
        msg = f"{path}: expected a JSON object, got {type(values).__name__}"
        raise StickgenError(msg)
    return values
