"""NTU RGB+D 60 and 120: Kinect v2 skeletons of 120 action classes."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

from datasets_spec.sources.spec import SourceSpec

__all__ = ["NTU", "NTU_FPS", "ntu_missing_skeletons"]

NTU_FPS: Final = 30.0
"""Nominal; files have no time stamps, so frames that the sensor dropped cannot be seen."""

NTU: Final = SourceSpec(
    name="ntu",
    title="NTU RGB+D and NTU RGB+D 120 skeletons",
    licence="NTU-RGBD-academic",
    redistributable=False,
    commercial=False,
    citation=(
        "Shahroudy et al., NTU RGB+D: A Large Scale Dataset for 3D Human Activity Analysis, CVPR "
        "2016; Liu et al., NTU RGB+D 120: A Large-Scale Benchmark for 3D Human Activity "
        "Understanding, TPAMI 2019"
    ),
    url="https://rose1.ntu.edu.sg/dataset/actionRecognition/",
    fps="30 nominal, no time stamps",
    axes="right-handed, y up, z away from the sensor, x to the sensor's left; read as it is",
    unit="metre",
    notes=(
        "The sensor's pitch is not recorded, so y is only roughly vertical: it is not corrected "
        "(feet and trunk cannot tell a tilted sensor from a bent or lying body), and every "
        "sequence says so with approximate_vertical. The floor is at unknown y.",
        "Three sensors film each performance: they share a performance id.",
        "A file name has one performer; the second person of a pair is called P001-partner.",
        "Points are noisy by 1-3 cm, feet and hands more; body_model is sensor.",
    ),
)

_LIST_FILE: Final = "ntu_missing_skeletons.txt"


def ntu_missing_skeletons() -> frozenset[str]:
    """Ids of the 535 samples published as having missing or incomplete skeletons."""
    text = (files("datasets_spec.sources") / "data" / _LIST_FILE).read_text("ascii")
    return frozenset(line for line in text.split("\n") if line and not line.startswith("#"))
