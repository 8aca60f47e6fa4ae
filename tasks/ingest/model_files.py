"""SMPL, SMPL-H and SMPL-X model files in every folder shape that people have."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from datasets_spec.errors import ConfigError, RejectError
from datasets_spec.rejection import RejectReason
from tasks.ingest.body_model import GENERIC_BODY, MODEL_ARRAYS, RestBody, reduce_model
from tasks.ingest.npz_file import open_npz
from tasks.ingest.pickle_values import plain_array
from tasks.ingest.restricted_pickle import load_pickle

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["BodyLibrary", "ChosenBody"]

_FAMILIES: Final = {"smpl": 24, "smplh": 52, "smplx": 55}
"""Number of joints of the whole model."""
_SAME_SHAPE_SPACE: Final = {"smpl": ("smplh",), "smplh": ("smpl",), "smplx": ()}
"""SMPL-H took its shape space from SMPL; SMPL-X learned another one."""
_GENDERS: Final = ("neutral", "male", "female")
_SUFFIXES: Final = (".npz", ".pkl")
"""In order of preference: an npz holds no code."""
_GENDER_WORD: Final = re.compile(r"(?<![a-z])(neutral|female|male|n|f|m)(?![a-z])")
_FAMILY_WORD: Final = re.compile(r"(?<![a-z])(smplx|smplh|smpl|basicmodel)(?![a-z])")
_OTHER_MODELS: Final = re.compile(
    r"(?<![a-z])(mano|flame|dmpls?|smal|star|to|uv|segmentation|kid)(?![a-z])"
)
_MAX_FILES: Final = 2_000


@dataclass(frozen=True, kw_only=True, slots=True)
class ChosenBody:
    """The body for a clip."""

    body: RestBody
    uses_betas: bool
    """False: the clip's shape coefficients belong to another shape space, or there are none."""
    warnings: tuple[str, ...] = ()


@dataclass(slots=True, eq=False)
class BodyLibrary:
    """Bodies by family and gender; files are found at once and loaded when first needed."""

    folder: Path | None
    files: dict[tuple[str, str], Path] = field(default_factory=dict)
    _loaded: dict[Path, RestBody] = field(default_factory=dict)

    @classmethod
    def open(cls, folder: Path | None) -> BodyLibrary:
        """Find the model files of a folder.

        Args:
            folder: Holds model files at any depth, or is one; None for the generic body only.

        Raises:
            ConfigError: If the folder cannot be read or holds no model.
        """
        library = cls(folder=folder)
        if folder is None:
            return library
        paths = _list_files(folder)
        for path in paths:
            family, gender = _guess_family(path, folder), _guess_gender(path)
            if family is not None and gender is not None:
                library.files.setdefault((family, gender), path)
        if not library.files:
            msg = (
                f"{folder}: expected model files such as smplh/male/model.npz, SMPLX_NEUTRAL.npz "
                f"or basicModel_m_*.pkl, found {[path.name for path in paths][:8]}"
            )
            raise ConfigError(msg)
        return library

    def load_all(self) -> None:
        """Load every file now, so that a bad one stops the build before it starts.

        Raises:
            ConfigError: If one cannot be used.
        """
        for family, gender in sorted(self.files):
            self._load(family, gender)

    def choose(self, family: str, gender: str) -> ChosenBody:
        """The body that fits a clip best.

        The family comes before the gender: its own, then one with the same shape space, then any
        (average shape); the gender: its own, then neutral, male, female.

        Raises:
            ConfigError: If the file cannot be used.
        """
        if not self.files:
            return ChosenBody(body=GENERIC_BODY, uses_betas=False)
        near = (family, *_SAME_SHAPE_SPACE.get(family, ()))
        genders = (gender, *(other for other in _GENDERS if other != gender))
        for other_family in dict.fromkeys((*near, *_FAMILIES)):
            for other_gender in genders:
                if (other_family, other_gender) in self.files:
                    found = (other_family, other_gender)
                    warnings: tuple[str, ...] = ()
                    if found != (family, gender):
                        text = f"no {family} {gender} body model: used {' '.join(found)}"
                        warnings = (text,)
                    return ChosenBody(
                        body=self._load(*found),
                        uses_betas=other_family in near,
                        warnings=warnings,
                    )
        return ChosenBody(body=GENERIC_BODY, uses_betas=False)

    def _load(self, family: str, gender: str) -> RestBody:
        path = self.files[family, gender]
        if path not in self._loaded:
            try:
                arrays = _load_arrays(path)
                body = reduce_model(arrays, name=f"{family}_{gender}")
            except RejectError as error:
                msg = f"body model {path}: {error.detail}; fetch the file again or leave it out"
                raise ConfigError(msg) from error
            num_joints = arrays["J_regressor"].shape[0]
            if num_joints != _FAMILIES[family]:
                msg = (
                    f"body model {path}: expected {_FAMILIES[family]} joints of {family}, "
                    f"got {num_joints}; name the file or its folder after its family"
                )
                raise ConfigError(msg)
            self._loaded[path] = body
        return self._loaded[path]


def _list_files(folder: Path) -> list[Path]:
    if folder.is_file():
        return [folder]
    faults: list[OSError] = []
    found: list[Path] = []
    for place, folders, names in os.walk(folder, onerror=faults.append, followlinks=False):
        folders.sort()
        base = Path(place)
        found += [base / name for name in sorted(names) if _is_candidate(base / name, folder)]
        if len(found) > _MAX_FILES:
            msg = f"{folder}: expected a folder of body models, found over {_MAX_FILES} files"
            raise ConfigError(msg)
    if faults or not folder.is_dir():
        why = (faults[0].strerror or str(faults[0])) if faults else "no such folder"
        msg = f"{folder}: expected a readable folder of body models ({why})"
        raise ConfigError(msg)
    order = {suffix: number for number, suffix in enumerate(_SUFFIXES)}
    return sorted(
        found, key=lambda path: (order[path.suffix.lower()], len(path.parts), path.as_posix())
    )


def _is_candidate(path: Path, folder: Path) -> bool:
    name = path.relative_to(folder).as_posix().lower()
    hidden = path.name.startswith(".")
    return path.suffix.lower() in _SUFFIXES and not hidden and not _OTHER_MODELS.search(name)


def _words(path: Path) -> str:
    # letters only between separators, so that "basicModel_m_lbs" and "SMPL_MALE" fall apart
    return re.sub(r"[^a-z]+", " ", path.stem.lower())


def _guess_gender(path: Path) -> str | None:
    for name in (_words(path), path.parent.name.lower()):
        found = _GENDER_WORD.findall(name)
        if found:
            word = str(found[0])
            return next(gender for gender in _GENDERS if gender.startswith(word))
    return None


def _guess_family(path: Path, folder: Path) -> str | None:
    base = folder if folder.is_dir() else folder.parent
    inside = path.relative_to(base).parent.parts
    for name in (_words(path), *(part.lower() for part in reversed(inside)), base.name.lower()):
        found = _FAMILY_WORD.findall(re.sub(r"[^a-z]+", " ", name.replace("+", "")))
        if found:
            return {"basicmodel": "smpl"}.get(found[0], str(found[0]))
    return _peek_family(path) if path.stem.lower() == "model" else None


def _peek_family(path: Path) -> str | None:
    """Family by the number of joints, for `<gender>/model.npz` in a folder of any name."""
    if path.suffix.lower() != ".npz":
        return None
    try:
        with open_npz(path, where=path.name) as file:
            num_joints = file.shape("J_regressor")[0]
    except (RejectError, IndexError):
        return None
    return next((name for name, count in _FAMILIES.items() if count == num_joints), None)


def _load_arrays(path: Path) -> dict[str, NDArray[np.floating[Any]]]:
    if path.suffix.lower() == ".npz":
        with open_npz(path, where=path.name) as file:
            return {key: file.numbers(key) for key in MODEL_ARRAYS}
    content = load_pickle(path, where=path.name)
    if not isinstance(content, dict) or any(key not in content for key in MODEL_ARRAYS):
        found = sorted(map(str, content))[:20] if isinstance(content, dict) else type(content)
        detail = f"{path.name}: expected a dict with {', '.join(MODEL_ARRAYS)}, got {found}"
        raise RejectError(RejectReason.MISSING_FIELD, detail)
    return {key: plain_array(content[key]) for key in MODEL_ARRAYS}
