"""Windows made all at once: they cover a clip, fade into each other, and leave no seam."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from stickgen_model.diffusion.joined import JoinedDenoiser, plan_stretches, stretch_weights
from stickgen_model.diffusion.sampler import SamplerConfig, SampleRequest, sample
from stickgen_model.diffusion.schedule import make_schedule
from stickgen_model.diffusion.windows import WindowConfig, sample_long

SHARED = WindowConfig(frames=40, overlap=10, join="shared")


@given(st.lists(st.integers(10, 200), min_size=1, max_size=8), st.integers(40, 250))
def test_windows_cover_every_frame_and_share_it(sections, frames):
    stretches = plan_stretches(sections, frames=frames, overlap=frames // 4)
    total = sum(sections)
    weights = stretch_weights(stretches, total)
    assert torch.isfinite(weights).all()
    assert torch.allclose(weights.sum(dim=0), torch.ones(total), atol=1e-5)
    assert all(0 <= one.start < one.stop <= total for one in stretches)
    assert all(one.stop - one.start <= frames for one in stretches)
    assert [one.sentence for one in stretches] == sorted(one.sentence for one in stretches)
    assert {one.sentence for one in stretches} == set(range(len(sections)))
    # the middle of a section is that of its own sentence
    middle = sections[0] // 2
    own = [row for row, one in enumerate(stretches) if one.sentence == 0]
    assert weights[own, middle].sum() > 0.5


@given(st.lists(st.integers(40, 200), min_size=2, max_size=5))
def test_shares_change_smoothly(sections):
    weights = stretch_weights(plan_stretches(sections, frames=100, overlap=25), sum(sections))
    assert weights.diff(dim=1).abs().max() <= 0.125


class Pull:
    """Predicts a fixed clip whatever comes in; counts how often it is asked."""

    def __init__(self):
        self.calls = 0

    def __call__(self, x, t, conditions):
        self.calls += 1
        level = conditions["text"][:, :1] if "text" in conditions else torch.zeros(len(x), 1)
        clean = level[:, None].expand(-1, x.shape[1], x.shape[2]) + conditions.get(
            "action", torch.zeros(x.shape[:2])
        )[..., None].to(x.dtype)
        return torch.where(conditions["mask"][..., None], clean, float("nan"))


def test_every_window_is_under_its_own_sentence():
    text = torch.tensor([[[1.0], [5.0]]])
    joined = JoinedDenoiser(Pull(), plan_stretches([60, 60], frames=100, overlap=25), total=120)
    found = joined(torch.zeros(1, 120, 3), torch.ones(1), {"text": text})
    assert torch.allclose(found[0, :42], torch.tensor(1.0))
    assert torch.allclose(found[0, 78:], torch.tensor(5.0))
    between = found[0, 42:78, 0]
    assert (between.diff() > 0).all()
    assert between.diff().max() < 0.2


def test_conditions_by_frame_are_cut():
    action = torch.arange(120)[None]
    joined = JoinedDenoiser(Pull(), plan_stretches([120], frames=40, overlap=10), total=120)
    found = joined(torch.zeros(1, 120, 2), torch.ones(1), {"action": action})
    assert torch.allclose(found[0, :, 0], torch.arange(120.0))


def test_a_partner_is_where_he_is_beside_somebody_who_goes_the_same_way():
    seen = []

    def denoise(x, t, conditions):
        seen.append(conditions["partner"][..., 2])
        return x

    partner = torch.zeros(1, 120, 20)
    partner[..., 2] = 0.8 + 0.01 * torch.arange(120)
    joined = JoinedDenoiser(denoise, plan_stretches([120], frames=40, overlap=10), total=120)
    joined(torch.zeros(1, 120, 20), torch.ones(1), {"partner": partner})
    assert torch.allclose(torch.cat(seen)[:, 0], torch.tensor(0.8))


def run(denoise, lengths, *, seeds, sections=(), text=None, method="dpm"):
    conditions = {} if text is None else {"text": text}
    request = SampleRequest(lengths=lengths, seeds=seeds, conditions=conditions, dim=4)
    config = SamplerConfig(method=method, steps=4)
    return sample_long(
        denoise,
        request,
        schedule=make_schedule("cosine"),
        config=config,
        window=SHARED,
        sections=sections,
    )


def averages(x, t, conditions):
    """A denoiser that looks at neighbours, as a model does."""
    padded = torch.nn.functional.pad(x.transpose(1, 2), (2, 2), mode="replicate")
    return torch.nn.functional.avg_pool1d(padded, 5, stride=1).transpose(1, 2)


def test_a_clip_of_one_window_is_what_sample_gives():
    request = SampleRequest(lengths=(30,), seeds=(3,), dim=4)
    config = SamplerConfig(method="dpm", steps=4)
    plain = sample(averages, request, schedule=make_schedule("cosine"), config=config)
    assert torch.equal(run(averages, (30,), seeds=(3,)), plain)
    one = run(averages, (30,), seeds=(3,), sections=(30,), text=torch.zeros(1, 1, 2))
    assert torch.allclose(one, plain, atol=1e-6)


def test_long_clips_do_not_depend_on_their_batch():
    both = run(averages, (100, 130), seeds=(3, 4))
    for row, length in enumerate((100, 130)):
        alone = run(averages, (length,), seeds=(3 + row,))
        assert torch.allclose(both[row, :length], alone[0], atol=1e-6)
    assert not both[0, 100:].any()


def test_there_is_no_seam():
    """A denoiser that makes smooth clips makes smooth long clips: no jump at any join."""
    long = run(averages, (400,), seeds=(1,))[0]
    steps = long.diff(dim=0).norm(dim=-1)
    joins = [one.start for one in plan_stretches([400], frames=40, overlap=10)][1:]
    around = torch.stack([steps[join : join + 10].max() for join in joins])
    assert around.median() <= 1.5 * steps.unfold(0, 10, 10).max(dim=1).values.median()


def test_sections_are_as_long_as_the_clip():
    with pytest.raises(ValueError, match="expected clips of 70 frames, as the sections are"):
        run(averages, (60,), seeds=(1,), sections=(30, 40))
    with pytest.raises(ValueError, match="expected a join of"):
        WindowConfig(join="glue")
