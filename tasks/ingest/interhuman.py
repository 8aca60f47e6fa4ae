"""Reader of InterHuman folders: both people of a clip in one sequence."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from datasets_spec.motion import ActorMotion, MotionSequence, Origin
from datasets_spec.sources.interhuman import INTERHUMAN, INTERHUMAN_NPY_FPS
from tasks.ingest.folder_scan import checked_path
from tasks.ingest.interhuman_clip import PairMotion, cut_to_shorter, read_joints, read_parameters
from tasks.ingest.interhuman_folder import find_pairs, read_captions
from tasks.ingest.model_files import BodyLibrary
from tasks.ingest.sided_words import labels_are_symmetric

if TYPE_CHECKING:
    from datasets_spec.sources.spec import SourceSpec
    from tasks.config import SourceConfig
    from tasks.ingest.contract import Discovery, SourceItem

__all__ = ["InterHumanReader"]

_CHUNK: Final = 1 << 20


class InterHumanReader:
    """Clips of two people.

    Args:
        config: The source.

    Raises:
        ConfigError: If the folder of body models cannot be used.
    """

    def __init__(self, config: SourceConfig) -> None:
        self._read_pickles = config.read_pickles
        # joint files need no body: the models are then not even looked at
        wanted = config.read_pickles and bool(config.body_model)
        self._bodies = BodyLibrary.open(Path(config.body_model) if wanted else None)

    @property
    def spec(self) -> SourceSpec:
        """Facts of InterHuman."""
        return INTERHUMAN

    def discover(self, root: Path) -> Discovery:
        """List the clips; see `contract.SourceReader`.

        Raises:
            ConfigError: If the folder holds no clip, or a body model cannot be used.
        """
        self._bodies.load_all()
        return find_pairs(root, read_pickles=self._read_pickles)

    def read(self, root: Path, item: SourceItem) -> tuple[MotionSequence, ...]:
        """Read one clip; see `contract.SourceReader`.

        Raises:
            RejectError: If the clip cannot be used.
        """
        files = [checked_path(root, path)[0] for path in item.paths]
        if len(files) == 1:
            motion = read_parameters(files[0], where=item.paths[0], bodies=self._bodies)
        else:
            people = tuple(
                read_joints(file, where=path) for file, path in zip(files, item.paths, strict=True)
            )
            points, warnings = cut_to_shorter(people, where=item.paths[0])
            motion = PairMotion(
                points=points, fps=INTERHUMAN_NPY_FPS, body_model="joints", warnings=warnings
            )
        captions = read_captions(root, item.paths[0], item.key)
        actors = tuple(
            ActorMotion(points=person, subject_id=f"pair-{item.key}-{number}")
            for number, person in enumerate(motion.points, start=1)
        )
        sequence = MotionSequence(
            source=INTERHUMAN.name,
            sequence_id=item.key,
            performance_id=item.key,
            fps=motion.fps,
            actors=actors,
            origin=Origin(path=item.paths[0], sha256=_joint_sha256(files)),
            labels=captions.labels,
            body_model=motion.body_model,
            symmetric=labels_are_symmetric(captions.labels),
            warnings=(*motion.warnings, *captions.warnings),
        )
        return (sequence,)


def _joint_sha256(files: list[Path]) -> str:
    """Hash of the bytes of all files, one after the other."""
    digest = hashlib.sha256()
    for path in files:
        with path.open("rb") as file:
            while piece := file.read(_CHUNK):
                digest.update(piece)
    return digest.hexdigest()
