"""Side files of AMASS: labels by clip, and corrected frame rates."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from datasets_spec.errors import ConfigError
from stickgen_model.motion.resampling import snap_fps
from tasks.label.amass_key import canonical_clip_key
from tasks.label.babel import BabelIndex
from tasks.label.filename import filename_label
from tasks.label.files import read_table
from tasks.label.humanml3d import HumanML3DIndex

if TYPE_CHECKING:
    from collections.abc import Collection

    from datasets_spec.motion import Label
    from tasks.config import SourceConfig

__all__ = ["AmassLabels", "read_fps_overrides"]

_COLUMNS: Final = ("clip_key", "fps")
_MAX_DURATION_GAP_S: Final = 0.25
"""BABEL's durations are N / fps of the SMPL-H files; a right rate never differs by more."""


def read_fps_overrides(path: Path) -> dict[str, float]:
    """Frame rates by canonical clip key, from a CSV with the columns clip_key and fps.

    Raises:
        ConfigError: If the file cannot be read, or a line holds no usable rate, or two lines
            disagree.
    """
    rates: dict[str, float] = {}
    for line, row in read_table(path, _COLUMNS):
        key = canonical_clip_key(row["clip_key"].strip())
        try:
            fps = snap_fps(float(row["fps"]))
        except ValueError as error:
            msg = f"{path}: line {line}: expected clip_key,fps with fps > 0, got {row['fps']!r}"
            raise ConfigError(msg) from error
        if not key or rates.setdefault(key, fps) != fps:
            msg = f"{path}: line {line}: expected one rate a clip, {key!r} has another one above"
            raise ConfigError(msg)
    return rates


@dataclass(frozen=True, kw_only=True, slots=True)
class AmassLabels:
    """What is known about clips beside their motion."""

    babel: BabelIndex | None
    humanml3d: HumanML3DIndex | None
    fps_overrides: dict[str, float]

    @classmethod
    def load(cls, config: SourceConfig) -> AmassLabels:
        """Read the side files that the configuration names.

        Raises:
            ConfigError: If one cannot be used.
        """
        return cls(
            babel=BabelIndex.load(Path(config.babel)) if config.babel else None,
            humanml3d=HumanML3DIndex.load(Path(config.humanml3d)) if config.humanml3d else None,
            fps_overrides=(
                read_fps_overrides(Path(config.fps_overrides)) if config.fps_overrides else {}
            ),
        )

    def labels(self, key: str, *, fps: float) -> tuple[Label, ...]:
        """Labels of a clip; words of its file name only if nobody described it."""
        found: list[Label] = []
        if self.babel is not None:
            found.extend(self.babel.labels(key))
        if self.humanml3d is not None:
            found.extend(self.humanml3d.labels(key, fps=fps))
        if not found:
            words = filename_label(key.rpartition("/")[2])
            found = [words] if words is not None else []
        return tuple(found)

    def duration_warnings(self, key: str, *, duration_s: float) -> tuple[str, ...]:
        """A warning if BABEL saw the clip at another length: the frame rate is then doubtful."""
        known_s = self.babel.duration_s(key) if self.babel is not None else None
        if known_s is None or abs(known_s - duration_s) <= _MAX_DURATION_GAP_S:
            return ()
        text = (
            f"BABEL says {known_s:.2f} s, frames and rate give {duration_s:.2f} s: the frame rate "
            f"is doubtful; the right one can be given as {key},<fps> in the fps_overrides file"
        )
        return (text,)

    def folder_warnings(self, keys: Collection[str]) -> tuple[str, ...]:
        """What a user should know about side files that do not fit the folder."""
        notes: list[str] = []
        for name, index in (("BABEL", self.babel), ("HumanML3D", self.humanml3d)):
            if index is None:
                continue
            notes.extend(f"{name}: {text}" for text in index.warnings)
            named = set(index.keys)
            if keys and named.isdisjoint(keys):
                notes.append(f"{name}: none of its {len(named)} clips is in the folder")
        unknown = sorted(set(self.fps_overrides).difference(keys))
        if unknown:
            notes.append(f"fps_overrides: {len(unknown)} clips not found, such as {unknown[0]}")
        return tuple(notes)
