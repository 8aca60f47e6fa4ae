"""InterHuman: two people at a time, captured without markers, with three captions a clip."""

from __future__ import annotations

from typing import Final

from datasets_spec.sources.spec import SourceSpec

__all__ = ["INTERHUMAN", "INTERHUMAN_NPY_FPS", "INTERHUMAN_PICKLE_FPS"]

INTERHUMAN_NPY_FPS: Final = 30.0
"""The npy files hold every second frame of the capture and state no rate."""

INTERHUMAN_PICKLE_FPS: Final = 60000 / 1001
"""Rate of the raw parameters, stated in the files as 59.94."""

INTERHUMAN: Final = SourceSpec(
    name="interhuman",
    title="InterHuman (InterGen)",
    licence="CC-BY-NC-SA-4.0",
    redistributable=False,
    commercial=False,
    citation=(
        "Liang et al., InterGen: Diffusion-based Multi-human Motion Generation under Complex "
        "Interactions, IJCV 2024"
    ),
    url="https://github.com/tr3e/InterGen",
    fps="30 (joint files), 59.94 (raw parameters)",
    axes="right-handed, z up, both people in one world; turned by (x, y, z) -> (x, z, -y)",
    unit="metre",
    notes=(
        "The licence is CC BY-NC-SA 4.0, and the publishers prohibit redistribution.",
        "Joint files are read first (body_model is joints); raw parameters only on request.",
        "The head centre lies 0.10 m past the head joint, along neck to head.",
        "Performers are not named: each person of each clip counts as a subject of their own.",
    ),
)
