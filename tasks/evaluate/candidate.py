"""A model that is evaluated: what generates, and facts about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from stickgen_model.generate import StickGen
from tasks.register.digest import folder_digest
from tasks.register.package import find_model

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from stickgen_model.scenes import GenerateConfig, Motions
    from stickgen_model.script import ScriptPart

__all__ = ["Candidate", "Generator", "open_candidate"]

_NUMBERS: Final = ("parameters", "step")


class Generator(Protocol):
    """What an evaluation needs of a model; `StickGen` is one."""

    def generate(
        self,
        prompts: Sequence[str],
        config: GenerateConfig,
        /,
        *,
        actions: Sequence[str | None] | None = None,
        lengths: Sequence[int] | None = None,
    ) -> Motions:
        """A clip for each prompt."""
        ...

    def generate_script(self, script: Sequence[ScriptPart], config: GenerateConfig, /) -> Motions:
        """One clip of several parts."""
        ...


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Candidate:
    """A model, ready to generate.

    Attributes:
        generator: The model.
        facts: Plain values: path, digest, variant, parameters, step, stage, encoder, ...
    """

    generator: Generator
    facts: dict[str, Any]

    @property
    def told(self) -> str:
        """What it is, one line."""
        known = [str(self.facts[name]) for name in ("variant", "stage") if name in self.facts]
        step = f"step {self.facts['step']}" if "step" in self.facts else ""
        return ", ".join(part for part in (*known, step, str(self.facts.get("path", ""))) if part)


def open_candidate(path: Path, *, device: str = "cpu", name: str = "") -> Candidate:
    """Load a model and collect what is known of it.

    Args:
        path: Checkpoint, the folder of a run (then its best), or an export.
        device: Where to compute.
        name: How to call it in place of the path, such as models:/stickgen/3.

    Raises:
        CheckpointError: If there is none.
        OnnxFileError: If it is a damaged export.
        EncoderUnavailableError: If its text encoder cannot be loaded.
    """
    package = find_model(path)
    tags: dict[str, Any] = {**package.tags}
    tags |= {key: int(tags[key]) for key in _NUMBERS if key in tags}
    return Candidate(
        generator=StickGen.from_pretrained(package.folder, device=device),
        facts={
            "path": name or str(package.folder),
            "digest": folder_digest(package.folder),
            "device": device,
            **tags,
        },
    )
