"""Given frames and joints come out where they were given, in H."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from datasets_spec.skeleton import JOINTS
from stickgen_model.codec import MotionCodec
from stickgen_model.diffusion.editing import decode_known, joint_mask, known_from_joints
from stickgen_model.diffusion.sampler import SamplerConfig, SampleRequest, sample
from stickgen_model.diffusion.schedule import make_schedule

CODEC = MotionCodec(torch.linspace(-0.2, 0.2, 20), torch.linspace(0.05, 0.4, 20))
FRAMES = 40
LEGS = ("pelvis", "l_knee", "l_foot", "r_knee", "r_foot")


def make_clips(count=2):
    rng = np.random.default_rng(0)
    points = rng.normal(0, 0.3, (count, FRAMES, 10, 2)).cumsum(axis=1) * 0.1 + [0.0, 1.0]
    points[..., 0] += 3.0 + 0.04 * np.arange(FRAMES)[:, None]
    return torch.from_numpy(points.reshape(count, FRAMES, 20)).float()


def denoise(x, t, conditions):
    """Ideal for independent N(0, 1) numbers."""
    schedule = make_schedule("cosine")
    return schedule.alpha(t)[:, None, None] * x


def edit(clips, mask, **config):
    known = known_from_joints(CODEC, clips, mask_BTJ=mask)
    request = SampleRequest(lengths=(FRAMES,) * len(clips), seeds=(1, 2), known=known)
    states = sample(
        denoise, request, schedule=make_schedule("cosine"), config=SamplerConfig(**config)
    )
    return states, decode_known(CODEC, states, joints_BTP=clips, mask_BTJ=mask)


@pytest.mark.parametrize(
    "mask",
    [
        joint_mask(FRAMES, frames=slice(0, 8)),
        joint_mask(FRAMES, frames=slice(0, 5)) | joint_mask(FRAMES, frames=slice(30, 40)),
        joint_mask(FRAMES, frames=slice(0, 1))
        | joint_mask(FRAMES, frames=slice(17, 18))
        | joint_mask(FRAMES, frames=slice(39, 40)),
        joint_mask(FRAMES, joints=LEGS),
        joint_mask(FRAMES, frames=slice(10, 20)),
    ],
    ids=["first frames", "in between", "key frames", "legs", "the middle"],
)
@pytest.mark.parametrize("steer", [0, 3])
def test_what_is_given_comes_out_where_it_was(mask, steer):
    clips = make_clips()
    given = torch.where(mask.repeat_interleave(2, dim=1), clips, 0.0)
    states, found = edit(given, mask.repeat(2, 1, 1), steer=steer)
    gap = (found - clips).reshape(2, FRAMES, 10, 2)[:, mask]
    assert gap.abs().max() < 2e-5
    free = (~mask).any(dim=1)
    assert (found - clips)[:, free].abs().max() > 0.05, "the rest is made anew"
    assert torch.isfinite(states).all()


def test_joints_without_a_pelvis_are_kept_relative_to_it():
    clips = make_clips()
    mask = joint_mask(FRAMES, joints=["l_hand"]).repeat(2, 1, 1)
    _, found = edit(clips, mask)
    hand, pelvis = JOINTS.index("l_hand"), JOINTS.index("pelvis")

    def arm(x):
        points = x.reshape(2, FRAMES, 10, 2)
        return points[:, :, hand] - points[:, :, pelvis]

    assert torch.allclose(arm(found), arm(clips), atol=1e-5)
    assert (found[:, 0, 2] == 0.0).all()


def test_a_mask_or_a_number_that_does_not_fit_is_refused():
    clips = make_clips()
    with pytest.raises(ValueError, match="expected joints"):
        known_from_joints(CODEC, clips, mask_BTJ=joint_mask(FRAMES)[None])
    clips[0, 3] = torch.nan
    with pytest.raises(ValueError, match="expected finite numbers"):
        known_from_joints(CODEC, clips, mask_BTJ=joint_mask(FRAMES).repeat(2, 1, 1))
    with pytest.raises(ValueError, match="expected a joint"):
        joint_mask(FRAMES, joints=["tail"])


def test_unknown_places_may_hold_nothing():
    clips = make_clips()
    mask = joint_mask(FRAMES, frames=slice(0, 8)).repeat(2, 1, 1)
    clips[:, 8:] = torch.nan
    _, found = edit(clips, mask)
    assert torch.isfinite(found).all()
    assert torch.allclose(found[:, :8], clips[:, :8], atol=1e-5)
