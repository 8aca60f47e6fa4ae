"""AMASS: optical motion capture of many laboratories, fitted with SMPL bodies."""

from __future__ import annotations

from typing import Final

from datasets_spec.sources.spec import SourceSpec

__all__ = ["AMASS"]

AMASS: Final = SourceSpec(
    name="amass",
    title="AMASS: Archive of Motion Capture as Surface Shapes",
    licence="AMASS-noncommercial",
    redistributable=False,
    commercial=False,
    citation=(
        "Mahmood et al., AMASS: Archive of Motion Capture as Surface Shapes, ICCV 2019; labels: "
        "Punnakkal et al., BABEL, CVPR 2021; Guo et al., HumanML3D, CVPR 2022"
    ),
    url="https://amass.is.tue.mpg.de/",
    fps="60 to 250, read from each file; wrong rates are corrected by a file of overrides",
    axes="right-handed, z up; turned by (x, y, z) -> (x, z, -y)",
    unit="metre",
    notes=(
        "Points come from joints-only kinematics of the 22 body joints: with the model files of "
        "the user where given (body_model is then smplh_male or alike), with a generic body of "
        "1.70 m otherwise (body_model is generic).",
        "The head centre lies 0.10 m past the head joint, along neck to head.",
        "SMPL-H and SMPL-X copies of a clip share a performance id; in one folder only the SMPL-H "
        "copy is used, since the SMPL-X release states wrong frame rates for many clips.",
        "Clips often begin with a second of T-pose.",
    ),
)
