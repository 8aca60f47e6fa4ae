"""Facts of 100STYLE."""

from __future__ import annotations

from typing import Final

from datasets_spec.sources.spec import SourceSpec

__all__ = ["GAITS", "STYLE100", "TRANSITIONS"]

STYLE100: Final = SourceSpec(
    name="100style",
    title="100STYLE",
    licence="CC BY 4.0",
    redistributable=True,
    commercial=True,
    citation=(
        "Mason, Starke, Komura: Real-Time Style Modelling of Human Locomotion via Feature-Wise "
        "Transformations and Local Motion Phases. Proc. ACM Comput. Graph. Interact. Tech. 5(1), "
        "2022. doi:10.1145/3522618"
    ),
    url="https://zenodo.org/records/8127870",
    fps="60",
    axes="y up, right-handed, T-pose faces +z, left = +x",
    unit="centimetres",
    notes=(
        "One performer: splits go by recording, not by subject.",
        "Frame_Cuts.csv gives the part of each file to use, [start, stop) in source frames.",
        "Symmetric in Dataset_List.csv says whether left and right may be exchanged.",
    ),
)

GAITS: Final = {
    "FW": "walking forward",
    "FR": "running forward",
    "BW": "walking backward",
    "BR": "running backward",
    "SW": "sidestepping at a walk",
    "SR": "sidestepping at a run",
    "ID": "standing idle",
}
"""What each gait code of a file name means, in words for a caption."""

TRANSITIONS: Final = "moving with changes of gait"
"""TR, TR1, TR2, TR3: transitions between gaits (no turns)."""
