"""Where the model of a user lies: a path, MLflow's registry, or the newest run."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from datasets_spec.errors import ConfigError, StickgenError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ENGINE", "MODEL_VARIABLE", "ModelPlace", "found_model"]

ENGINE: Final = "engine"
"""Name of the procedural engine in the place of a model."""

MODEL_VARIABLE: Final = "STICKGEN_MODEL"
_REGISTRY: Final = "models:/"
_CHAMPION: Final = ("stickgen", "champion")
_RUNS: Final = "runs"
_ARTIFACT: Final = "checkpoint"
"""Of a registered model, as `tasks.serve` names it."""
_HOW: Final = "train one with stickgen train --data DATASET --out runs/mine"


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelPlace:
    """A model on this machine.

    Attributes:
        path: Checkpoint, run or ONNX file.
        told: Which it is and why, one line.
    """

    path: Path
    told: str


@contextmanager
def found_model(name: str | None) -> Iterator[ModelPlace]:
    """The model to use; what came from a registry is there inside the block only.

    Args:
        name: Path, or models:/NAME@ALIAS or models:/NAME/VERSION; None = the environment variable
            STICKGEN_MODEL, the registry's stickgen@champion, or the newest run in ./runs.

    Raises:
        ConfigError: If there is none, or it is no model.
        StickgenError: If the registry cannot be used.
    """
    chosen, why = _choice(name)
    if chosen.startswith(_REGISTRY):
        with TemporaryDirectory(prefix="stickgen-model-") as folder:
            yield ModelPlace(path=_from_registry(chosen, folder), told=f"{chosen} ({why})")
        return
    path = Path(chosen).expanduser()
    yield ModelPlace(path=_checked(path), told=f"{_shown(path)} ({why})")


def _choice(name: str | None) -> tuple[str, str]:
    if name is not None:
        return name, "--model"
    variable = os.environ.get(MODEL_VARIABLE, "").strip()
    if variable:
        return variable, MODEL_VARIABLE
    if _has_champion():
        return f"{_REGISTRY}{_CHAMPION[0]}@{_CHAMPION[1]}", "the registry's"
    run = _newest_run(Path(_RUNS))
    if run is not None:
        return str(run), "newest run"
    msg = (
        f"expected a model: --model, the variable {MODEL_VARIABLE}, {_CHAMPION[0]}@{_CHAMPION[1]} "
        f"in the registry, or a run in ./{_RUNS}; found none; {_HOW}, or take --model engine, "
        "which plays known actions without training"
    )
    raise ConfigError(msg)


def _newest_run(runs: Path) -> Path | None:
    """The run whose checkpoint was written last."""
    found = sorted(runs.glob("*/checkpoints/step-*/config.json"), key=_written)
    return found[-1].parents[2] if found else None


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # gone meanwhile
        return 0.0


def _shown(path: Path) -> str:
    from stickgen_model.training.checkpoint import best_checkpoint  # noqa: PLC0415

    if (path / "config.json").is_file():
        return str(path)
    return str(best_checkpoint(path) or path)


def _checked(path: Path) -> Path:
    """Refuse what is plainly no model, and say what it is."""
    from stickgen_model.export_model.place import onnx_file  # noqa: PLC0415
    from stickgen_model.training.checkpoint import best_checkpoint  # noqa: PLC0415

    try:
        is_file, is_folder = path.is_file(), path.is_dir()
    except (OSError, ValueError) as error:
        msg = f"--model {str(path)[:60]!r}...: cannot be a path: {type(error).__name__}"
        raise ConfigError(msg) from error
    what = ""
    if is_file and onnx_file(path) is None:
        what = "a file; name its folder"
    elif not is_file and not is_folder:
        what = "nothing there"
    elif is_folder and (path / "clips").is_dir():
        what = f"the folder of a dataset; {_HOW.replace('DATASET', str(path))}"
    elif is_folder and onnx_file(path) is None and not (path / "config.json").is_file():
        what = "" if best_checkpoint(path) else "a folder without"
    if what:
        shown = repr(str(path))[1:-1]
        msg = (
            f"--model {shown}: expected a checkpoint, the folder of a run or an .onnx file; {what}"
        )
        raise ConfigError(msg)
    return path


def _local_store() -> Path | None:
    """The file of the tracking store, None where it is a server or a folder."""
    from urllib.parse import unquote, urlparse  # noqa: PLC0415

    uri = os.environ.get("MLFLOW_TRACKING_URI", "").strip()
    if not uri:
        return Path("mlflow.db")
    parsed = urlparse(uri)
    return Path(unquote(parsed.path)[1:]) if parsed.scheme == "sqlite" else None


def _has_champion() -> bool:
    """Whether the tracking store knows the alias, without loading mlflow where it need not be."""
    file = _local_store()
    if file is None or not file.is_file():
        return False  # asking a server at every call would be slow: name it with --model
    query = "SELECT 1 FROM registered_model_aliases WHERE name = ? AND alias = ?"
    try:
        address = f"{file.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, timeout=2.0)) as base:
            return base.execute(query, _CHAMPION).fetchone() is not None
    except sqlite3.Error:
        return False  # another kind of file, or a store that holds no models


def _from_registry(uri: str, folder: str) -> Path:
    """The checkpoint of a registered model, copied into a folder."""
    file = _local_store()
    if file is not None and not file.is_file():
        msg = (
            f"--model {uri}: expected a registry in {file.absolute()}, found no such file; set "
            "MLFLOW_TRACKING_URI, or see stickgen register"
        )
        raise ConfigError(msg)
    # read by mlflow when it is first imported
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "20")
    from mlflow.artifacts import download_artifacts  # noqa: PLC0415
    from mlflow.exceptions import MlflowException  # noqa: PLC0415

    from tasks.track.task import tracking_uri  # noqa: PLC0415

    store = tracking_uri()
    try:
        # named for this call: set for the process, it would hold for all later clients
        found = download_artifacts(
            artifact_uri=f"{uri}/artifacts/{_ARTIFACT}",
            dst_path=folder,
            tracking_uri=store,
            registry_uri=store,
        )
    except (MlflowException, OSError) as error:
        first = (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
        msg = (
            f"--model {uri}: expected a model of the registry in {store}, it answered: {first}; "
            "see stickgen register"
        )
        raise StickgenError(msg) from error
    return Path(found)
