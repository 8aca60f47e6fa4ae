"""The ONNX file, run by onnxruntime: against torch, and against a decoder of its own in numpy."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from datasets_spec.errors import ConfigError
from datasets_spec.skeleton import JOINTS
from datasets_spec.vocabulary import UNLABELLED
from stickgen_model.config import variant_config
from stickgen_model.diffusion.editing import joint_mask
from stickgen_model.export_model.export import export_model
from stickgen_model.export_model.facts import OnnxFileError
from stickgen_model.export_model.graph import INPUTS, OUTPUT
from stickgen_model.export_model.onnx_denoiser import OnnxDenoiser
from stickgen_model.export_model.onnx_generate import OnnxStickGen
from stickgen_model.generate import StickGen
from stickgen_model.given_motion import GivenMotion
from stickgen_model.model.denoiser import PoseDenoiser
from stickgen_model.model.multimodal import build_model
from stickgen_model.text.encoder import EncoderMismatchError
from stickgen_model.text.hashing import HashEncoder

PROMPTS = ["a person walks", "a wave", ""]


@pytest.fixture(scope="module")
def file(exported):
    return exported("onnx", "fp32").file


@pytest.fixture(scope="module")
def denoise(file):
    return OnnxDenoiser(file, threads=1)


@pytest.fixture(scope="module")
def both(checkpoint, file):
    return StickGen.from_pretrained(checkpoint), StickGen.from_pretrained(file)


def random_case(seed, lengths, *, given_names):
    generator = torch.Generator().manual_seed(seed)
    shape = (len(lengths), max(lengths))
    every = {
        "text": torch.randn(shape[0], 1024, generator=generator),
        "action": torch.randint(0, 64, shape, generator=generator),
        "partner": torch.randn(*shape, 20, generator=generator),
        "camera": torch.randn(*shape, 3, generator=generator),
        "mask": torch.arange(shape[1]) < torch.tensor(lengths)[:, None],
    }
    conditions = {name: value for name, value in every.items() if name in given_names}
    # padding may hold anything, and must not be seen
    states = torch.randn(*shape, 20, generator=generator)
    if "mask" in conditions:
        states[~every["mask"]] = 1e6
    return states, torch.rand(shape[0], generator=generator), conditions


@given(
    seed=st.integers(0, 10_000),
    lengths=st.lists(st.integers(1, 60), min_size=1, max_size=4),
    names=st.sets(st.sampled_from(INPUTS[2:])),
)
def test_it_answers_as_the_model_does(both, denoise, seed, lengths, names):
    case = random_case(seed, lengths, given_names=names)
    with torch.no_grad():
        expected = PoseDenoiser(both[0].model)(*case)
    assert torch.allclose(denoise(*case), expected, rtol=1e-5, atol=2e-5)


def test_the_longest_window(both, denoise):
    case = random_case(0, [250, 249], given_names=INPUTS[2:])
    with torch.no_grad():
        expected = PoseDenoiser(both[0].model)(*case)
    assert torch.allclose(denoise(*case), expected, rtol=1e-5, atol=2e-5)


@pytest.mark.parametrize(
    "settings",
    [
        {"method": "one_step"},
        {"steps": 3},
        {"steps": 3, "method": "ddim", "guidance": 1.0},
        {"steps": 2, "num_actors": 3},
        {"steps": 2, "batch_size": 1},
    ],
)
def test_scenes_are_those_of_the_checkpoint(both, settings):
    own, other = (
        model.generate(
            PROMPTS, lengths=[30, 11, 25], actions=[None, "wave", None], seed=3, **settings
        )
        for model in both
    )
    assert np.abs(own.joints - other.joints).max() < 2e-4
    assert own.seeds == other.seeds


def test_long_clips_are_those_of_the_checkpoint(both):
    own, other = (m.generate(["a walk"], lengths=[300], steps=2).joints for m in both)
    # 300 steps are summed
    assert np.abs(own - other).max() < 2e-3


def test_given_frames_are_kept_without_a_gradient(both):
    model = both[1]
    joints = np.zeros((1, 30, 20), np.float32) + both[0].codec.mean_P.numpy()
    mask = joint_mask(30, frames=slice(5)).numpy()[None]
    given = GivenMotion(joints=joints.reshape(1, 30, 10, 2), mask=mask)
    found = model.generate(["a walk"], lengths=[30], steps=2, given=given).clip(0)
    assert np.abs(found[:5] - joints.reshape(30, 10, 2)[:5]).max() < 1e-4
    assert np.isfinite(found).all()


def test_scripts_and_scenes_are_made_too(both):
    joints = [m.generate_script("walks 2s; waves 2s", steps=2).joints for m in both]
    assert np.abs(joints[0] - joints[1]).max() < 1e-3
    scene = both[1].animate("a man waves", seconds=0.6, steps=2)
    assert scene.num_frames == 15
    assert (scene.actions == UNLABELLED).all()  # a graph has no head for actions


def test_it_is_enough_to_generate_without_torch(both, file):
    """Sampler of one step and decoder written from the table and the notes in the file alone."""
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    facts = session.get_modelmeta().custom_metadata_map
    codec = json.loads(facts["stickgen.codec"])
    assert json.loads(facts["stickgen.joints"]) == list(JOINTS)
    assert json.loads(facts["stickgen.checkpoint"])["encoder"]["name"] == "hash-64"
    frames = 20
    text = np.zeros((1, 1024), np.float32)
    text[0, :64] = HashEncoder(64).encode(["a walk"])[0]
    noise = _first_noise(both[0], frames)
    (clean,) = session.run(
        ["clean"],
        {
            "states": noise,
            "level": np.ones(1, np.float32),
            "text": text,
            "action": np.full((1, frames), 255, np.int64),
            "partner": np.zeros((1, frames, 20), np.float32),
            "camera": np.zeros((1, frames, 3), np.float32),
            "mask": np.ones((1, frames), np.bool_),
        },
    )
    states = clean[0].astype(np.float64) * codec["std"] + codec["mean"]
    joints = states.reshape(frames, 10, 2)
    pelvis = JOINTS.index("pelvis")
    place = joints[:, pelvis].copy()
    place[:, 0] = np.cumsum(place[:, 0]) - place[0, 0]
    joints = joints + place[:, None]
    joints[:, pelvis] = place
    model = both[0].generate(
        ["a walk"], lengths=[frames], method="one_step", guidance=1.0, smooth=0
    )
    assert np.abs(model.clip(0) - joints).max() < 1e-4


def _first_noise(model, frames):
    """What the sampler starts from, caught on its way into the denoiser."""
    caught = []

    class Spy(StickGen):
        def _denoiser(self):
            inner = super()._denoiser()

            def denoise(x, t, conditions):
                caught.append(x.numpy().copy())
                return inner(x, t, conditions)

            return denoise

    spy = Spy(model.model, codec=model.codec, info=model.info, encoder=HashEncoder(64))
    spy.generate(["a walk"], lengths=[frames], method="one_step", guidance=1.0, smooth=0)
    return caught[0]


def test_names_and_shapes_are_those_of_the_table(file):
    graph = onnx.load(file).graph

    def shapes(values):
        return {
            one.name: [d.dim_param or d.dim_value for d in one.type.tensor_type.shape.dim]
            for one in values
        }

    frames = ["batch", "frames"]
    assert shapes(graph.input) == {
        "states": [*frames, 20],
        "level": ["batch"],
        "text": ["batch", 1024],
        "action": frames,
        "partner": [*frames, 20],
        "camera": [*frames, 3],
        "mask": frames,
    }
    assert shapes(graph.output) == {OUTPUT: [*frames, 20]}


def test_only_standard_operators(exported):
    for precision in ("fp32", "fp16", "int8"):
        model = onnx.load(exported("onnx", precision).file)
        assert {node.domain for node in model.graph.node} == {""}


def test_int8_multiplies_in_integers(exported):
    model = onnx.load(exported("onnx", "int8").file)
    kinds = [node.op_type for node in model.graph.node]
    # 2 layers of 7 products and what goes into and out of them
    assert kinds.count("MatMulInteger") >= 2 * 7 + 6


def test_calls_from_several_threads(both):
    model = both[1]
    alone = [model.generate([p], seconds=0.6, steps=2).joints for p in PROMPTS]
    with ThreadPoolExecutor(4) as pool:
        together = list(
            pool.map(lambda p: model.generate([p], seconds=0.6, steps=2).joints, PROMPTS * 4)
        )
    for number, joints in enumerate(together):
        assert np.array_equal(joints, alone[number % len(PROMPTS)])


def test_a_multimodal_model_is_taken_without_pictures(save_checkpoint, tmp_path):
    torch.manual_seed(1)
    config = variant_config("tiny", multimodal=True)
    folder = save_checkpoint(tmp_path / "step-00000001", build_model(config), model=config)
    export_model(folder, tmp_path / "out")
    own, other = (StickGen.from_pretrained(path) for path in (folder, tmp_path / "out"))
    joints = [m.generate(["a walk"], seconds=0.6, steps=2).joints for m in (own, other)]
    assert np.abs(joints[0] - joints[1]).max() < 2e-4
    with pytest.raises(ConfigError, match="an ONNX file knows none"):
        other.generate(["a walk"], images=np.zeros((1, 3, 256, 256), np.uint8) + 9, seconds=0.6)


def test_another_encoder_is_refused(file):
    with pytest.raises(EncoderMismatchError, match="hash-64"):
        StickGen.from_pretrained(file, HashEncoder(32))


def test_what_an_onnx_file_cannot_do(file, tmp_path):
    with pytest.raises(ConfigError, match="device cpu"):
        OnnxStickGen.from_pretrained(file, device="cuda")
    with pytest.raises(ConfigError, match="no adapter"):
        OnnxStickGen.from_pretrained(file, adapter=tmp_path / "a.safetensors")


@pytest.mark.parametrize("content", [b"", b"no onnx", b"\x08\x09" * 500])
def test_other_files_are_refused(tmp_path, content):
    (tmp_path / "a.onnx").write_bytes(content)
    with pytest.raises(OnnxFileError, match=r"a\.onnx"):
        OnnxDenoiser(tmp_path / "a.onnx")


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(OnnxFileError, match="No such file"):
        StickGen.from_pretrained(tmp_path / "a.onnx")


@pytest.mark.parametrize(
    ("changed", "match"),
    [
        ({"stickgen.format": "other"}, "expected a file of format"),
        ({"stickgen.codec": "{"}, "expected the facts"),
        ({"stickgen.codec": '{"mean": [1], "std": [1]}'}, "expected the facts"),
        ({"stickgen.checkpoint": '{"format": "x"}'}, "expected the facts"),
    ],
)
def test_damaged_facts_are_refused(file, changed, match):
    model = onnx.load(file)
    for entry in model.metadata_props:
        entry.value = changed.get(entry.key, entry.value)
    with pytest.raises(OnnxFileError, match=match):
        OnnxDenoiser(model.SerializeToString())


def test_another_graph_is_refused(file):
    model = onnx.load(file)
    value = onnx.helper.make_tensor_value_info("a", onnx.TensorProto.FLOAT, [1])
    answer = onnx.helper.make_tensor_value_info("b", onnx.TensorProto.FLOAT, [1])
    node = onnx.helper.make_node("Relu", ["a"], ["b"])
    other = onnx.helper.make_model(
        onnx.helper.make_graph([node], "g", [value], [answer]),
        opset_imports=[onnx.helper.make_opsetid("", 20)],
        ir_version=9,
    )
    other.metadata_props.extend(model.metadata_props)
    with pytest.raises(OnnxFileError, match="expected the inputs states"):
        OnnxDenoiser(other.SerializeToString())
