"""The built-in sample: small raw folders in every source's on-disk form, from our own motion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.config import SourceConfig
from tasks.sample.write_amass import write_amass
from tasks.sample.write_bvh import write_bvh
from tasks.sample.write_interhuman import write_interhuman
from tasks.sample.write_ntu import write_ntu
from tasks.sample.write_style100 import write_style100

if TYPE_CHECKING:
    from pathlib import Path

    from tasks.sample.truth import SampleTruth

__all__ = ["sample_bodies", "sample_sources", "write_sample"]


def sample_sources(root: Path) -> tuple[SourceConfig, ...]:
    """Where the folders of a sample lie under its root."""
    return (
        SourceConfig(
            name="amass",
            path=str(root / "amass"),
            babel=str(root / "babel"),
            humanml3d=str(root / "humanml3d"),
        ),
        SourceConfig(name="100style", path=str(root / "100STYLE")),
        SourceConfig(name="interhuman", path=str(root / "interhuman"), read_pickles=True),
        SourceConfig(name="ntu", path=str(root / "ntu")),
        SourceConfig(
            name="bvh", path=str(root / "bvh"), captions=str(root / "bvh" / "captions.csv")
        ),
    )


def write_sample(root: Path, *, seed: int) -> tuple[SourceConfig, ...]:
    """Write the sample; the same seed writes the same bytes.

    Args:
        root: Folder to write into, made if absent.
        seed: Fixes all chance, >= 0.

    Returns:
        One source a dataset form, in the order of `SourceName`.
    """
    sample_bodies(root, seed=seed)
    return sample_sources(root)


def sample_bodies(root: Path, *, seed: int) -> tuple[SampleTruth, ...]:
    """Write the sample and tell what a reader should find in it.

    Args:
        root: Folder to write into, made if absent.
        seed: As in `write_sample`.

    Returns:
        The truth of every good sequence, in the order of the sources.
    """
    return (
        *write_amass(root, amass="amass", babel="babel", humanml3d="humanml3d", seed=seed),
        *write_style100(root / "100STYLE", seed=seed),
        *write_interhuman(root / "interhuman", seed=seed),
        *write_ntu(root / "ntu", seed=seed),
        *write_bvh(root / "bvh", seed=seed),
    )
