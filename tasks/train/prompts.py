"""Sentences that a model is tried with, and their vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stickgen_model.text.encoder import identity_of
from stickgen_model.text.loading import load_encoder_by_name
from stickgen_model.text.text_table import TextTable, TextTableError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

__all__ = ["GATE_PROMPTS", "SAMPLE_PROMPTS", "TableEncoder", "prompt_vectors"]

SAMPLE_PROMPTS: Final = (
    "a person walks forward",
    "a man waves with his right hand",
    "somebody jumps up high",
    "a woman runs and then stops",
    "a person sits down on a chair",
    "someone kicks a ball",
    "a dancer turns around",
    "a tired person crawls on the floor",
)

GATE_PROMPTS: Final = {
    "walk": "a person walks forward",
    "walk_backward": "a man walks backward",
    "run": "someone runs",
    "sprint": "a woman sprints as fast as she can",
    "march": "a soldier marches",
    "hop": "a child hops on one leg",
    "limp": "a person limps",
    "jump": "somebody jumps up",
    "crawl": "a person crawls on hands and knees",
    "climb": "a man climbs up a ladder",
    "cartwheel": "a girl turns a cartwheel",
    "fall": "someone falls to the ground",
    "get_up": "a person gets up from the floor",
    "sit_down": "a woman sits down",
    "wave": "a man waves",
    "clap": "somebody claps hands",
    "bow": "a person bows",
    "throw": "someone throws a ball",
    "kick": "a player kicks a ball",
    "punch": "a boxer punches",
    "swim": "a person swims",
    "dance": "a woman dances",
    "celebrate": "somebody celebrates with raised arms",
    "stretch": "a person stretches",
}
"""One sentence an action: what the result gate looks at."""


class TableEncoder:
    """Gives the vectors of a table, so that the encoder need not stay in memory.

    Args:
        table: Vectors of all sentences that will be asked for.
    """

    def __init__(self, table: TextTable) -> None:
        self._table = table

    @property
    def name(self) -> str:
        """Of the encoder that made the vectors."""
        return self._table.identity.name

    @property
    def dim(self) -> int:
        """Width."""
        return self._table.identity.dim

    def encode(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of sentences, shape (N, D).

        Raises:
            TextTableError: If one is not in the table.
        """
        return self._table.look_up(sentences, dim=self.dim)


def prompt_vectors(path: Path, prompts: Sequence[str], name: str, *, device: str) -> TextTable:
    """The vectors of prompts, from a file where they are there, else made and kept.

    Args:
        path: The file.
        prompts: Sentences.
        name: Of the encoder.
        device: Where it computes, if it has to.

    Raises:
        EncoderUnavailableError: If the encoder is needed and cannot be had.
    """
    kept = _kept(path, name)
    if kept is not None and all(prompt in kept for prompt in prompts):
        return kept
    encoder = load_encoder_by_name(name, device=device)
    table = TextTable(identity_of(encoder))
    table.add(prompts, encoder)
    table.save(path)
    return table


def _kept(path: Path, name: str) -> TextTable | None:
    if not path.is_file():
        return None
    try:
        table = TextTable.load(path)
    except TextTableError:
        return None  # damaged: made again
    return table if table.identity.name == name else None
