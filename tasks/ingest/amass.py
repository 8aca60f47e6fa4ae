"""Reader of AMASS folders."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from datasets_spec.errors import RejectError
from datasets_spec.motion import ActorMotion, MotionSequence, Origin
from datasets_spec.rejection import RejectReason
from datasets_spec.sources.amass import AMASS
from stickgen_model.motion.resampling import snap_fps
from tasks.ingest.amass_clip import BodyShape, clip_prefixes, read_clip, read_shape
from tasks.ingest.amass_folder import clip_key, find_clips, performance_of, subject_of
from tasks.ingest.amass_labels import AmassLabels
from tasks.ingest.body_model import pose_points
from tasks.ingest.contract import Discovery
from tasks.ingest.folder_scan import checked_path, safe_words
from tasks.ingest.model_files import BodyLibrary
from tasks.ingest.npz_file import open_npz
from tasks.ingest.sided_words import labels_are_symmetric
from tasks.store.shard import file_sha256

if TYPE_CHECKING:
    from datasets_spec.sources.spec import SourceSpec
    from tasks.config import SourceConfig
    from tasks.ingest.amass_clip import AmassClip
    from tasks.ingest.contract import SourceItem
    from tasks.ingest.npz_file import NpzFile

__all__ = ["AmassReader"]


class AmassReader:
    """Clips of SMPL+H, SMPL-X and their re-exports.

    Args:
        config: The source; its side files are read here.

    Raises:
        ConfigError: If a side file or the folder of body models cannot be used.
    """

    def __init__(self, config: SourceConfig) -> None:
        self._bodies = BodyLibrary.open(Path(config.body_model) if config.body_model else None)
        self._side = AmassLabels.load(config)

    @property
    def spec(self) -> SourceSpec:
        """Facts of AMASS."""
        return AMASS

    def discover(self, root: Path) -> Discovery:
        """List the clips; see `contract.SourceReader`.

        Raises:
            ConfigError: If the folder holds no npz file, or a body model cannot be used.
        """
        self._bodies.load_all()
        found = find_clips(root, with_shapes=bool(self._bodies.files))
        keys = {clip_key(root, item.paths[0]) for item in found.items}
        return Discovery(
            items=found.items,
            rejects=found.rejects,
            warnings=(*found.warnings, *self._side.folder_warnings(keys)),
        )

    def read(self, root: Path, item: SourceItem) -> tuple[MotionSequence, ...]:
        """Read one file; see `contract.SourceReader`.

        Raises:
            RejectError: If the file cannot be used.
        """
        path = item.paths[0]
        real, _ = checked_path(root, path)
        with open_npz(real, where=path) as file:
            prefixes = clip_prefixes(file)
            if not prefixes:
                detail = (
                    f"{path}: expected trans with poses (or root_orient and pose_body), found "
                    f"only {', '.join(file.keys)[:160] or 'no arrays'}"
                )
                raise RejectError(RejectReason.DECOY, detail)
            origin = Origin(path=path, sha256=file_sha256(real))
            return tuple(
                self._sequence(root, item, file=file, prefix=prefix, origin=origin)
                for prefix in prefixes
            )

    def _sequence(
        self, root: Path, item: SourceItem, *, file: NpzFile, prefix: str, origin: Origin
    ) -> MotionSequence:
        where = f"{origin.path}: {prefix.rstrip('/')}" if prefix else origin.path
        trial = f"/{prefix.rstrip('/')}" if prefix else ""
        key = clip_key(root, origin.path) + trial
        clip = read_clip(file, prefix, where=where)
        fps = self._fps(clip, key=key, where=where)
        shape = self._shape(root, item, file=file, prefix=prefix)
        chosen = self._bodies.choose(clip.family, shape.gender or "neutral")
        rest = chosen.body.joints(shape.betas if chosen.uses_betas else None)
        points = pose_points(clip.poses, clip.trans, rest, where=where)
        labels = self._side.labels(key, fps=fps)
        duration_s = len(points) / fps
        sequence_id = item.key + (f"/{safe_words(trial[1:])}" if trial else "")
        return MotionSequence(
            source=AMASS.name,
            sequence_id=sequence_id,
            performance_id=performance_of(sequence_id),
            fps=fps,
            actors=(ActorMotion(points=points, subject_id=subject_of(item.key)),),
            origin=origin,
            labels=labels,
            body_model=chosen.body.name,
            symmetric=labels_are_symmetric(labels),
            warnings=(
                *shape.warnings,
                *chosen.warnings,
                *self._side.duration_warnings(key, duration_s=duration_s),
            ),
        )

    def _fps(self, clip: AmassClip, *, key: str, where: str) -> float:
        override = self._side.fps_overrides.get(key)
        if override is not None:
            return override
        if clip.fps is None:
            detail = (
                f"{where}: expected a frame rate of 5..1000 per second, found {clip.fps_fault}; "
                f"give it as the line {key},<fps> in the CSV file named by fps_overrides"
            )
            raise RejectError(RejectReason.BAD_FRAME_RATE, detail)
        return snap_fps(clip.fps)

    def _shape(self, root: Path, item: SourceItem, *, file: NpzFile, prefix: str) -> BodyShape:
        if not self._bodies.files:  # the generic body has one shape only
            return BodyShape()
        shape = read_shape(file, prefix)
        if len(item.paths) == 1 or (shape.gender is not None and shape.betas is not None):
            return shape
        try:
            real, _ = checked_path(root, item.paths[1])
            with open_npz(real, where=item.paths[1]) as sibling:
                other = read_shape(sibling)
        except RejectError as error:
            text = f"shape of the subject left out: {error.detail}"
            return BodyShape(
                gender=shape.gender, betas=shape.betas, warnings=(*shape.warnings, text)
            )
        return BodyShape(
            gender=other.gender if shape.gender is None else shape.gender,
            betas=other.betas if shape.betas is None else shape.betas,
            warnings=shape.warnings,
        )
