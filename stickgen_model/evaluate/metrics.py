"""The metrics of an evaluation: what each says, its unit, its source and which way is better.

The table of the docs, the reports and the rules of promotion all read it here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["METRICS", "Better", "MetricSpec", "metric"]

Better = Literal["higher", "lower", "real"]

_STILL: Final = 0.01
"""Share of the real value below which less makes no difference; keeps the logarithm finite."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MetricSpec:
    """One metric.

    Attributes:
        name: In evaluations, MLflow and cards.
        title: In tables.
        definition: One or two sentences.
        unit: `1` for shares and ratios.
        source: Where the definition comes from.
        better: `higher`, `lower`, or `real`: nearest to the value of real motion.
    """

    name: str
    title: str
    definition: str
    unit: str
    source: str
    better: Better

    def loss(self, value: float, real: float | None = None) -> float:
        """How bad a value is: of two, the less is the better one.

        For `real` it is the size of log(value / real), so that a figure that stands still is far
        off, not merely as far off as one that moves twice as much.

        Args:
            value: Of what is judged.
            real: Of real motion; needed where `better` is `real`.

        Raises:
            ValueError: If it is needed and absent, or not above 0, or a value is negative.
        """
        if self.better != "real":
            return -value if self.better == "higher" else value
        if real is None or not real > 0.0 or value < 0.0:
            msg = f"{self.name}: expected a value of 0 or more and a real one above 0"
            msg += f", got {value} and {real}"
            raise ValueError(msg)
        floor = _STILL * real
        return abs(math.log((value + floor) / (real + floor)))


_GUO: Final = "Guo et al. 2022, Generating Diverse and Natural 3D Human Motions from Text"
_OWN: Final = "defined here"
_AMONG: Final = {1: "the nearest", 2: "one of the two nearest", 3: "one of the three nearest"}

METRICS: Final[tuple[MetricSpec, ...]] = (
    MetricSpec(
        name="pose_mse",
        title="Pose MSE",
        definition="Mean squared difference of the 20 numbers of a frame from the held-out clip of "
        "the same sentence, x measured from the pelvis of the frame. Averaged poses do well in it: "
        "read it beside the row of the mean pose.",
        unit="H^2",
        source="mean squared error",
        better="lower",
    ),
    MetricSpec(
        name="temporal_consistency",
        title="Temporal consistency",
        definition="Likeness of the distributions of speed, acceleration and jerk of clips to "
        "those of real ones: the smaller over the larger of equal quantiles, mean over quantiles, "
        "geometric mean over the three. 1 = moves like real motion, near 0 = still or noise.",
        unit="1",
        source=_OWN,
        better="higher",
    ),
    MetricSpec(
        name="action_accuracy",
        title="Action accuracy",
        definition="Share of clips in which an independent classifier of joints sees the action "
        "of the sentence.",
        unit="1",
        source="Guo et al. 2020, Action2Motion; Tevet et al. 2023, MDM",
        better="higher",
    ),
    MetricSpec(
        name="action_accuracy_top3",
        title="Action accuracy, top 3",
        definition="Share of clips whose action is among the first three answers of the "
        "classifier.",
        unit="1",
        source="as action accuracy",
        better="higher",
    ),
    MetricSpec(
        name="robustness",
        title="Robustness",
        definition="Score with changed prompts over the score with the prompts as they were, same "
        "seeds, at most 1 each; mean over the ways of changing them.",
        unit="1",
        source=_OWN + "; perturbed prompts as in Chen et al. 2024, SATO",
        better="higher",
    ),
    MetricSpec(
        name="fid",
        title="FID",
        definition="Frechet distance of two Gaussians with the means and full covariances of the "
        "motion vectors of the clips and of real ones. Too few clips make it larger: compare rows "
        "of equally many.",
        unit="1",
        source="Heusel et al. 2017, GANs Trained by a Two Time-Scale Update Rule",
        better="lower",
    ),
    MetricSpec(
        name="kid",
        title="KID",
        definition="Squared maximum mean discrepancy between the motion vectors of the clips and "
        "of real ones, kernel (x y / D + 1)^3, unbiased: it does not depend on the number of clips "
        "and may fall below 0.",
        unit="1",
        source="Binkowski et al. 2018, Demystifying MMD GANs",
        better="lower",
    ),
    *(
        MetricSpec(
            name=f"r_precision_{k}",
            title=f"R-precision, top {k} of 32",
            definition=f"Share of clips whose sentence is {_AMONG[k]} of 32: its own and 31 "
            "different ones drawn at random. Ties count as drawn by lot.",
            unit="1",
            source=_GUO,
            better="higher",
        )
        for k in (1, 2, 3)
    ),
    *(
        MetricSpec(
            name=f"retrieval_{k}",
            title=f"Retrieval, top {k} of all",
            definition=f"Share of clips whose sentence is {_AMONG[k]} of all different sentences "
            "of the set.",
            unit="1",
            source="Petrovich et al. 2023, TMR",
            better="higher",
        )
        for k in (1, 2, 3)
    ),
    MetricSpec(
        name="mm_distance",
        title="MM-distance",
        definition="Mean distance between the vector of a sentence and that of its clip.",
        unit="1",
        source=_GUO,
        better="lower",
    ),
    MetricSpec(
        name="diversity",
        title="Diversity",
        definition="Mean distance between the motion vectors of 300 pairs of clips drawn at "
        "random.",
        unit="1",
        source=_GUO,
        better="real",
    ),
    MetricSpec(
        name="multimodality",
        title="Multimodality",
        definition="Mean distance between the motion vectors of two clips of the same sentence, "
        "over all pairs. For real motion: clips that share a sentence.",
        unit="1",
        source=_GUO,
        better="real",
    ),
    MetricSpec(
        name="foot_skating",
        title="Foot skating",
        definition="Share of steps in which a foot below 0.05 H in two adjacent frames moves "
        "faster than 0.5 m/s along x.",
        unit="1",
        source="Karunratanakul et al. 2023, Guided Motion Diffusion",
        better="real",
    ),
    MetricSpec(
        name="jitter",
        title="Jitter",
        definition="Mean size of the third derivative of the joints.",
        unit="H/s^3",
        source="Yi et al. 2022, Physical Inertial Poser",
        better="real",
    ),
    MetricSpec(
        name="switch_jerk",
        title="Peak jerk at switches",
        definition="Greatest jerk, mean over joints, within 0.4 s of a change of action; mean "
        "over the changes.",
        unit="H/s^3",
        source="Barquero et al. 2024, FlowMDM",
        better="real",
    ),
    MetricSpec(
        name="bone_variation",
        title="Bone-length variation",
        definition="Deviation of the length of a bone in the picture over its mean, mean over "
        "bones. Bones that turn towards the viewer become shorter, so real motion has some.",
        unit="1",
        source=_OWN,
        better="real",
    ),
    MetricSpec(
        name="floor_penetration",
        title="Floor penetration",
        definition="Mean depth below the floor of the lowest joint, as far as it is deeper than "
        "0.03 H.",
        unit="H",
        source="Yuan et al. 2023, PhysDiff; tolerance as in the quality score of the data",
        better="lower",
    ),
    MetricSpec(
        name="copy_distance",
        title="Distance to the nearest training clip",
        definition="Root mean square distance of the joints from the nearest two seconds of the "
        "training split, mirrored ones too; mean over the two-second parts of a clip, then over "
        "clips.",
        unit="H",
        source=_OWN,
        better="real",
    ),
    MetricSpec(
        name="copy_share",
        title="Copies",
        definition="Share of clips that are nearer to training motion than 0.015 H.",
        unit="1",
        source=_OWN,
        better="lower",
    ),
    MetricSpec(
        name="quality",
        title="Quality score",
        definition="Mean of the quality score that the dataset gives its clips, from what a "
        "figure shows.",
        unit="1",
        source="quality measures of the dataset",
        better="higher",
    ),
)

_BY_NAME: Final = {spec.name: spec for spec in METRICS}


def metric(name: str) -> MetricSpec:
    """The metric of a name.

    Raises:
        KeyError: If there is none.
    """
    if name not in _BY_NAME:
        msg = f"expected one of {', '.join(_BY_NAME)}; got {name!r}"
        raise KeyError(msg)
    return _BY_NAME[name]
