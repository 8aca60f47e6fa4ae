"""The reader of BVH files whose rig is a named preset or described by a user's file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from datasets_spec.motion import ActorMotion, Label, MotionSequence, Origin
from datasets_spec.sources.bvh import BVH
from datasets_spec.sources.rig import CMU_FAMILY
from tasks.ingest.bvh_folder import find_bvh_files
from tasks.ingest.bvh_recording import read_recording
from tasks.ingest.contract import Discovery
from tasks.ingest.rig_file import load_rig
from tasks.ingest.sided_words import labels_are_symmetric
from tasks.label.captions_csv import find_caption, fold_captions, load_captions
from tasks.label.filename import filename_label

if TYPE_CHECKING:
    from datasets_spec.sources.spec import SourceSpec
    from tasks.config import SourceConfig
    from tasks.ingest.contract import SourceItem

__all__ = ["BvhReader"]

CAPTIONS_FILE: Final = "captions.csv"
_TRIAL: Final = re.compile(r"^(\d{1,4})_(\d{1,4})$")


class BvhReader:
    """Reads a folder of BVH files; `SourceReader` says the contract.

    Args:
        config: `captions` and `rig` are used.

    Raises:
        ConfigError: If the captions or the rig file cannot be used.
    """

    def __init__(self, config: SourceConfig) -> None:
        self._rig = load_rig(Path(config.rig)) if config.rig else None
        beside = Path(config.path) / CAPTIONS_FILE
        self._captions: dict[str, str] = {}
        self._captions_path = config.captions
        if config.captions or beside.is_file():
            path = Path(config.captions) if config.captions else beside
            self._captions_path = str(path)
            self._captions = load_captions(path)
        self._folded = fold_captions(self._captions)

    @property
    def spec(self) -> SourceSpec:
        """Facts of the source."""
        return BVH

    def discover(self, root: Path) -> Discovery:
        """List the BVH files below `root`.

        Raises:
            ConfigError: If the folder is absent or unreadable.
        """
        found = find_bvh_files(root)
        captioned = sum(self._caption(item.paths[0]) is not None for item in found.items)
        if not self._captions_path or captioned or not found.items:
            return found
        warning = (
            f"{self._captions_path}: none of {len(self._captions)} captions names one of "
            f"{len(found.items)} files; motion_id must be the file name without .bvh"
        )
        return Discovery(
            items=found.items, rejects=found.rejects, warnings=(*found.warnings, warning)
        )

    def read(self, root: Path, item: SourceItem) -> tuple[MotionSequence, ...]:
        """Read one file.

        Raises:
            RejectError: If it cannot be used.
        """
        path = item.paths[0]
        recording = read_recording(root, path, user_rig=self._rig)
        subject, performance = _identify(path, item.key, recording.preset.family)
        labels = self._labels(path)
        sequence = MotionSequence(
            source=BVH.name,
            sequence_id=item.key,
            performance_id=performance,
            fps=recording.fps,
            actors=(ActorMotion(points=recording.body.points, subject_id=subject),),
            origin=Origin(
                path=path, sha256=recording.sha256, first_frame=recording.body.first_frame
            ),
            labels=labels,
            symmetric=labels_are_symmetric(labels),
            warnings=recording.warnings,
        )
        return (sequence,)

    def _caption(self, path: str) -> str | None:
        inside = path.rpartition(".")[0]
        return find_caption(self._captions, self._folded, inside, inside.rpartition("/")[2])

    def _labels(self, path: str) -> tuple[Label, ...]:
        caption = self._caption(path)
        if caption is not None:
            return (Label(text=caption, caption_source="human"),)
        words = filename_label(Path(path).stem)
        return (words,) if words is not None else ()


def _identify(path: str, key: str, family: str) -> tuple[str, str]:
    """Subject and performance of a file.

    CMU names files `subject_trial`; the same trial in several CMU rigs is one performance.
    """
    trial = _TRIAL.match(Path(path).stem)
    if trial is not None:
        subject = f"{int(trial[1]):02d}"
        if family == CMU_FAMILY:
            return f"{family}/{subject}", f"{family}/{subject}_{int(trial[2]):02d}"
        return subject, key
    folder, _, stem = key.rpartition("/")
    return folder.rpartition("/")[2] or stem, key
