"""The encoder that made vectors, by its identity."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from stickgen_model.text.hashing import HashEncoder
from stickgen_model.text.sentence import SentenceEncoder

if TYPE_CHECKING:
    from stickgen_model.text.encoder import EncoderIdentity, TextEncoder

__all__ = ["load_encoder"]

_HASH_NAME: Final = re.compile(r"hash-(\d+)")


def load_encoder(identity: EncoderIdentity, *, device: str = "cpu") -> TextEncoder:
    """Load an encoder again.

    Args:
        identity: As a table or a checkpoint names it.
        device: Where it computes.

    Raises:
        EncoderUnavailableError: If its weights cannot be loaded.
    """
    hashed = _HASH_NAME.fullmatch(identity.name)
    if hashed:
        return HashEncoder(int(hashed.group(1)))
    return SentenceEncoder(identity.name, device=device)
