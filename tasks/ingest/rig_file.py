"""A user's own rig: which joints of an unknown BVH skeleton are the points of the body.

YAML or JSON:

    name: my_rig
    unit_m: 0.01          # metres a file unit; leave out to have it found from the body's size
    up: y                 # or z; leave out to have it found from the pose
    points:               # all of skeleton.BODY_POINTS; toes may be left out
      head: {joint: Head, toward_end: 0.5}
      l_shoulder: LeftArm
      ...
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import yaml

from datasets_spec.errors import ConfigError
from datasets_spec.skeleton import BODY_POINTS
from datasets_spec.sources.rig import PointRule, RigPreset

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["load_rig"]

_MAX_BYTES: Final = 1 << 16
_KEYS: Final = ("name", "unit_m", "up", "points", "family")
_OPTIONAL: Final = ("l_toe", "r_toe")
_TOE_SHARE: Final = 0.8


def load_rig(path: Path) -> RigPreset:
    """Read a rig file.

    Args:
        path: JSON or YAML, at most 64 KiB.

    Returns:
        The rig; `unit_m` and `up`, if given, are taken as they are, else found from the motion.

    Raises:
        ConfigError: If the file cannot be read or is wrong; all faults are listed.
    """
    data = _read_mapping(path)
    faults = [f"unknown key {key!r}" for key in data if key not in _KEYS]
    unit_m = _read_unit(data.get("unit_m"), faults)
    up = data.get("up")
    if up not in (None, "y", "z"):
        faults.append(f"up: expected y or z, got {up!r}")
    texts = {}
    for key, default in (("name", path.stem), ("family", "")):
        texts[key] = data.get(key, default)
        if not isinstance(texts[key], str):
            faults.append(f"{key}: expected text, got {texts[key]!r}")
    points = _read_points(data.get("points"), faults)
    if faults:
        msg = (
            f"rig file {path}: {len(faults)} faults: {'; '.join(faults)}; expected "
            "{name, unit_m, up, points: {head: {joint: Head, toward_end: 0.5}, "
            f"l_shoulder: LeftArm, ...}}}} with the points {', '.join(BODY_POINTS)}"
        )
        raise ConfigError(msg)
    return RigPreset(
        name=texts["name"],
        points=points,
        family=texts["family"],
        unit_m=unit_m,
        up="z" if up == "z" else "y",
        certain=frozenset(
            word for word, given in (("unit", unit_m), ("up", up)) if given is not None
        ),
    )


def _read_mapping(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _MAX_BYTES:
            msg = f"rig file {path}: expected at most {_MAX_BYTES} bytes; is this the right file?"
            raise ConfigError(msg)
        data = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        msg = f"rig file {path}: cannot be read: {error.strerror}; correct the path"
        raise ConfigError(msg) from error
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError, ValueError) as error:
        if isinstance(error, ConfigError):
            raise
        first = str(error).partition("\n")[0]
        msg = f"rig file {path}: expected JSON or YAML in UTF-8: {first}"
        raise ConfigError(msg) from error
    if not isinstance(data, dict):
        msg = f"rig file {path}: expected a mapping with the key points, got {type(data).__name__}"
        raise ConfigError(msg)
    return data


def _read_unit(value: object, faults: list[str]) -> float | None:
    if value is None:
        return None
    if _is_number(value) and float(value) > 0:  # type: ignore[arg-type]
        return float(value)  # type: ignore[arg-type]
    faults.append(f"unit_m: expected metres a file unit, above 0, got {value!r}")
    return None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _read_points(value: object, faults: list[str]) -> dict[str, tuple[PointRule, ...]]:
    if not isinstance(value, dict):
        faults.append(f"points: expected a mapping of body points to joints, got {value!r}")
        return {}
    faults.extend(f"points: unknown point {key!r}" for key in value if key not in BODY_POINTS)
    points: dict[str, tuple[PointRule, ...]] = {}
    for point in BODY_POINTS:
        if point in value:
            rule = _read_rule(point, value[point], faults)
            if rule is not None:
                points[point] = (rule,)
        elif point not in _OPTIONAL:
            faults.append(f"points: {point} is missing")
    for toe in _OPTIONAL:
        foot = points.get(toe.replace("toe", "foot"))
        if toe not in value and foot is not None:
            # without a toe joint the tip of the foot serves, or the ankle itself
            points[toe] = (PointRule(joint=foot[0].joint, tip_share=_TOE_SHARE),)
    return points


def _read_rule(point: str, value: object, faults: list[str]) -> PointRule | None:
    entry = {"joint": value} if isinstance(value, str) else value
    if not isinstance(entry, dict) or not isinstance(entry.get("joint"), str) or not entry["joint"]:
        faults.append(
            f"points: {point}: expected a joint name or {{joint: ..., toward_end: ...}}, "
            f"got {value!r}"
        )
        return None
    share = entry.get("toward_end", 0.0)
    unknown = [key for key in entry if key not in ("joint", "toward_end")]
    if unknown or not (_is_number(share) and -2.0 <= share <= 2.0):
        faults.append(
            f"points: {point}: expected toward_end in -2..2 and no other key, got {value!r}"
        )
        return None
    return PointRule(joint=entry["joint"], tip_share=float(share))
