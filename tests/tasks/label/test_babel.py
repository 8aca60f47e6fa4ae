from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets_spec.errors import ConfigError
from tasks.label.babel import BabelIndex
from tasks.label.resolve import frame_actions

KEY = "BMLrub/rub055/0020_lifting_heavy2"
FEAT = "BMLrub/BioMotionLab_NTroje/rub055/0020_lifting_heavy2_poses.npz"


def _label(text: object, cats: object, **times: object) -> dict:
    return {"raw_label": text, "proc_label": text, "act_cat": cats, "seg_id": "x", **times}


def _ann(*labels: object, mul_act: bool = False) -> dict:
    return {"babel_lid": "l", "anntr_id": "a", "mul_act": mul_act, "labels": list(labels)}


def _entry(**extra: object) -> dict:
    return {"babel_sid": 1, "url": "", "feat_p": FEAT, "dur": 4.0, **extra}


def _load(tmp_path: Path, **files: object) -> BabelIndex:
    for name, content in files.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    return BabelIndex.load(tmp_path)


def test_dense_and_extra_files(tmp_path: Path) -> None:
    spans = _ann(
        _label("walk forward", ["walk"], start_t=2, end_t=4.2),
        _label("transition", ["transition"], start_t=1.5, end_t=2.5),
        _label("wave right hand", ["wave"], start_t=0, end_t=1.5),
    )
    index = _load(
        tmp_path,
        train={
            "1": _entry(seq_ann=_ann(_label("wave and walk", ["wave", "walk"])), frame_ann=spans)
        },
        extra_val={"9": {**_entry(seq_anns=[_ann(_label("stroll", ["walk"]))], frame_anns=None)}},
        test={"3": {**_entry(seq_ann=_ann(_label(None, None)), frame_ann=None), "feat_p": "A/B/c"}},
    )
    assert index.keys == ("A/B/c", KEY)
    assert index.warnings == ()
    assert index.duration_s(KEY) == 4.0
    assert index.duration_s("nobody") is None
    assert index.labels("A/B/c") == ()
    labels = index.labels(KEY)
    assert [(x.text, x.start_s, x.end_s) for x in labels] == [
        ("wave right hand", 0.0, 1.5),
        ("stroll", 0.0, None),
        ("wave and walk", 0.0, None),
        ("transition", 1.5, 2.5),
        ("walk forward", 2.0, 4.0),
    ]
    assert {x.vocabulary for x in labels} == {"babel"}
    assert {x.caption_source for x in labels} == {"human"}
    assert [x.is_caption for x in labels] == [True, True, True, False, True]


def test_one_of_several_sequence_labels_names_no_frame(tmp_path: Path) -> None:
    both = _ann(_label("walk", ["walk"]), _label("jump", ["jump"]), mul_act=True)
    index = _load(tmp_path, val={"1": _entry(seq_ann=both, frame_ann=None)})
    assert [x.text for x in index.labels(KEY)] == ["jump", "walk"]
    assert set(frame_actions(index.labels(KEY), actor=0, num_frames=5).tolist()) == {255}


@pytest.mark.parametrize(
    "entry",
    [
        None,
        [],
        3,
        {},
        {"feat_p": 3},
        {"feat_p": ""},
        _entry(dur="long"),
        _entry(dur=-1),
        _entry(dur=float("nan")),
        _entry(dur=10**400),
        _entry(seq_ann=[1]),
        _entry(seq_ann={"labels": "walk"}),
        _entry(frame_ann={"labels": [None, 1, "x"]}),
        _entry(frame_ann=_ann(_label("walk", ["walk"]))),
        _entry(frame_ann=_ann(_label("walk", ["walk"], start_t="0", end_t=1))),
        _entry(frame_ann=_ann(_label("walk", ["walk"], start_t=1, end_t=1))),
        _entry(frame_ann=_ann(_label("walk", ["walk"], start_t=9, end_t=12))),
        _entry(frame_ann=_ann(_label("walk", ["walk"], start_t=True, end_t=2))),
    ],
)
def test_a_bad_entry_is_a_warning(tmp_path: Path, entry: object) -> None:
    good = _entry(seq_ann=_ann(_label("sit", ["sit"])))
    index = _load(tmp_path, train={"0": {**good, "feat_p": "x/y/z"}, "1": entry})
    assert len(index.warnings) >= 1
    assert "train.json" in index.warnings[0]
    assert [x.text for x in index.labels("x/y/z")] == ["sit"]
    assert index.labels(KEY) == ()


def test_swapped_negative_and_long_times_are_put_right(tmp_path: Path) -> None:
    spans = _ann(
        _label("a", ["walk"], start_t=3, end_t=1),
        _label("b", "run", start_t=-1, end_t=1),
        _label("c", None, start_t=2, end_t=99),
    )
    found = _load(tmp_path, val={"1": _entry(frame_ann=spans)}).labels(KEY)
    assert [(x.text, x.start_s, x.end_s, x.categories) for x in found] == [
        ("b", 0.0, 1.0, ("run",)),
        ("a", 1.0, 3.0, ("walk",)),
        ("c", 2.0, 4.0, ()),
    ]
    assert found[2].vocabulary == "text"


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b"3", b"\xff\xfe", b"[" * 100_000, b'{"1": {"a": 1}}', b"null"]
)
def test_a_broken_file_is_named(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "val.json").write_bytes(raw)
    with pytest.raises(ConfigError, match=r"val\.json"):
        BabelIndex.load(tmp_path)


def test_no_file_at_all(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"train\.json"):
        BabelIndex.load(tmp_path)
    with pytest.raises(ConfigError, match=r"train\.json"):
        BabelIndex.load(tmp_path / "absent")


def test_release_folder_and_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "babel_v1.0_release").mkdir()
    path = tmp_path / "babel_v1.0_release" / "train.json"
    path.write_text(json.dumps({"1": _entry(seq_ann=None)}), encoding="utf-8-sig")
    assert BabelIndex.load(tmp_path).keys == (KEY,)


def test_warnings_are_bounded(tmp_path: Path) -> None:
    content = {str(n): None for n in range(500)} | {"x": _entry()}
    assert len(_load(tmp_path, train=content).warnings) == 51


KEYS = (
    *("labels", "seq_ann", "frame_ann", "frame_anns", "raw_label", "act_cat"),
    *("start_t", "end_t", "feat_p", "dur"),
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.text(max_size=4), JSON, max_size=4))
def test_any_json_loads_or_is_refused(tmp_path_factory: pytest.TempPathFactory, content) -> None:
    folder = tmp_path_factory.mktemp("babel")
    content["good"] = _entry(seq_ann=_ann(_label("sit", ["sit"])))
    index = _load(folder, train=content)
    assert "sit" in [x.text for x in index.labels(KEY)]
