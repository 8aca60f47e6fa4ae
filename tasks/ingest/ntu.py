"""Reader of NTU RGB+D 60 and 120 skeletons."""

from __future__ import annotations

import hashlib
import logging
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final

from datasets_spec.errors import ConfigError, RejectError
from datasets_spec.motion import ActorMotion, Label, MotionSequence, Origin
from datasets_spec.rejection import RejectReason
from datasets_spec.sources.ntu import NTU, NTU_FPS, ntu_missing_skeletons
from datasets_spec.sources.ntu_actions import ntu_class
from tasks.ingest.ntu_bodies import find_performers
from tasks.ingest.ntu_file import parse_skeleton
from tasks.ingest.ntu_folder import find_samples, parse_sample_name
from tasks.ingest.ntu_text import MAX_FILE_BYTES

if TYPE_CHECKING:
    from datasets_spec.sources.ntu_actions import NtuClass
    from datasets_spec.sources.spec import SourceSpec
    from tasks.config import SourceConfig
    from tasks.ingest.contract import Discovery, SourceItem
    from tasks.ingest.ntu_bodies import Part
    from tasks.ingest.ntu_folder import SampleName

__all__ = ["NtuReader"]

_LOGGER = logging.getLogger(__name__)
_MAX_LIST_BYTES: Final = 16 * 2**20


class NtuReader:
    """Reads `.skeleton` files into sequences of one or two persons.

    Args:
        config: The source's folder; `missing_list` may name a file of further ids to leave out,
            one a line, with or without extension; lines without an id are taken as its header.

    Raises:
        ConfigError: If the list cannot be read or has no id in it.
    """

    def __init__(self, config: SourceConfig) -> None:
        self._listed_bad = ntu_missing_skeletons()
        if config.missing_list:
            self._listed_bad |= _read_list(Path(config.missing_list))

    @property
    def spec(self) -> SourceSpec:
        """Facts of the source."""
        return NTU

    def discover(self, root: Path) -> Discovery:
        """List the samples under `root`, those on the lists of bad samples as rejects.

        Raises:
            ConfigError: If the folder is absent, unreadable, or has no `.skeleton` file.
        """
        return find_samples(root, listed_bad=self._listed_bad)

    def read(self, root: Path, item: SourceItem) -> tuple[MotionSequence, ...]:
        """Read one sample.

        Returns:
            One sequence, or one for each stretch between long gaps (`<sample>/p1`, `/p2`, ...).

        Raises:
            RejectError: If the file breaks its grammar or has no usable person.
        """
        path = item.paths[0]
        name = parse_sample_name(item.key)
        if name is None:
            msg = f"{path}: expected a sample's name, got {item.key!r}"
            raise RejectError(RejectReason.MALFORMED, msg)
        data = _read_bytes(root, path)
        action = ntu_class(name.action)
        try:
            found = find_performers(
                parse_skeleton(data), num_expected=2 if action.two_person else 1
            )
        except RejectError as error:
            raise RejectError(error.reason, f"{path}: {error.detail}") from error
        sha256 = hashlib.sha256(data).hexdigest()
        several = len(found.parts) > 1
        return tuple(
            _sequence(
                part,
                name=name,
                action=action,
                sequence_id=f"{item.key}/p{number}" if several else item.key,
                origin=Origin(path=path, sha256=sha256, first_frame=part.persons[0].first_frame),
                warnings=found.warnings,
            )
            for number, part in enumerate(found.parts, start=1)
        )


def _sequence(
    part: Part,
    *,
    name: SampleName,
    action: NtuClass,
    sequence_id: str,
    origin: Origin,
    warnings: tuple[str, ...],
) -> MotionSequence:
    subjects = (name.subject, f"{name.subject}-partner")
    actors = tuple(
        ActorMotion(points=person.points, subject_id=subject, tracked=person.tracked)
        for person, subject in zip(part.persons, subjects, strict=False)
    )
    label = Label(
        text=action.text,
        categories=(action.code,),
        vocabulary="ntu",
        caption_source="catalogue",
    )
    return MotionSequence(
        source=NTU.name,
        sequence_id=sequence_id,
        performance_id=name.performance,
        fps=NTU_FPS,
        actors=actors,
        origin=origin,
        labels=(label,),
        body_model="sensor",
        approximate_vertical=True,
        locomotion=action.locomotion,
        warnings=warnings,
    )


def _read_bytes(root: Path, path: str) -> bytes:
    place = root / path
    try:
        if not place.resolve().is_relative_to(root.resolve()):
            msg = f"{path}: expected a file inside the source folder, the path leads out of it"
            raise RejectError(RejectReason.UNSAFE, msg)
        facts = place.stat()
        if not stat.S_ISREG(facts.st_mode):
            msg = f"{path}: expected a file, found a folder, device or pipe"
            raise RejectError(RejectReason.UNREADABLE, msg)
        size = facts.st_size
        if size > MAX_FILE_BYTES:
            msg = f"{path}: expected at most {MAX_FILE_BYTES} bytes, got {size}"
            raise RejectError(RejectReason.TOO_LARGE, msg)
        return place.read_bytes()
    except (OSError, RuntimeError, ValueError) as error:
        # RuntimeError: links in a ring; ValueError: a zero byte in the path
        msg = f"{path}: the file cannot be read: {error}"
        raise RejectError(RejectReason.UNREADABLE, msg) from error


def _read_list(path: Path) -> frozenset[str]:
    try:
        if path.stat().st_size > _MAX_LIST_BYTES:
            msg = f"{path}: expected a list of at most {_MAX_LIST_BYTES} bytes"
            raise ConfigError(msg)
        lines = path.read_bytes().decode("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{path}: expected a UTF-8 list of sample ids, one a line: {error}"
        raise ConfigError(msg) from error
    words = [line.strip().removesuffix(".skeleton") for line in lines]
    ids = frozenset(word for word in words if parse_sample_name(word) is not None)
    if not ids:
        msg = f"{path}: expected sample ids such as S001C002P005R002A008, one a line; found none"
        raise ConfigError(msg)
    num_other = sum(1 for word in words if word and word not in ids)
    if num_other:
        _LOGGER.info("%s: %d ids, %d other lines taken as a header", path, len(ids), num_other)
    return ids
