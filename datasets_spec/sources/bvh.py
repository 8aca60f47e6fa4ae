"""Facts of BVH files that a user brings."""

from __future__ import annotations

from typing import Final

from datasets_spec.sources.spec import SourceSpec

__all__ = ["BVH"]

BVH: Final = SourceSpec(
    name="bvh",
    title="BVH files of known rigs",
    licence="user-supplied",
    redistributable=False,
    commercial=False,
    citation="As the owner of the files asks for.",
    url="",
    fps="as in each file (Frame Time)",
    axes="y up, or z up where the pose says so",
    unit="per rig: metres, centimetres, inches, or CMU's 0.056444 m",
    notes=(
        "The licence is that of the files; look it up before you publish anything made from them.",
        "CMU trials that come in several rigs are one performance and never straddle splits.",
        "A T-pose that a converter put before the motion is dropped.",
        "Captions come from a CSV with motion_id,description; words of the file name are the last "
        "resort and marked so.",
    ),
)
