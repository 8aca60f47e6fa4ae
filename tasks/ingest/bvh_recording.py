"""Read one BVH file of a source folder: bytes, grammar, rig, body."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from datasets_spec.errors import RejectError
from tasks.ingest.bvh_body import BodyMotion, place_body
from tasks.ingest.bvh_file import parse_bvh
from tasks.ingest.bvh_folder import read_bytes
from tasks.ingest.bvh_rig import match_rig

if TYPE_CHECKING:
    from pathlib import Path

    from datasets_spec.sources.rig import RigPreset

__all__ = ["Recording", "read_recording"]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Recording:
    """One file."""

    body: BodyMotion
    preset: RigPreset
    fps: float
    sha256: str
    warnings: tuple[str, ...]


def read_recording(
    root: Path, path: str, *, user_rig: RigPreset | None = None, keep_lead_in: bool = False
) -> Recording:
    """Read a file.

    Args:
        root: Source folder.
        path: Of the file, relative to it, forward slashes.
        user_rig: Tried before the presets.
        keep_lead_in: Keep a T-pose that was put before the motion.

    Raises:
        RejectError: With the path in front of the detail.
    """
    try:
        data, sha256 = read_bytes(root, path)
        file = parse_bvh(data)
        del data
        rig = match_rig(file.skeleton, user_rig)
        body = place_body(file, rig, keep_lead_in=keep_lead_in)
    except RejectError as error:
        raise RejectError(error.reason, f"{path}: {error.detail}") from error
    return Recording(
        body=body,
        preset=rig.preset,
        fps=file.fps,
        sha256=sha256,
        warnings=(*file.warnings, *body.warnings),
    )
