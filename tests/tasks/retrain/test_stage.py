"""A stage is made once for its inputs, again if its result is gone, and a fault is explained."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets_spec.errors import StickgenError
from tasks.retrain.keys import stage_key
from tasks.retrain.ledger import Ledger
from tasks.retrain.signals import watch_stages
from tasks.retrain.stage import RetrainError, Stage, Stages

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False, width=32),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(), part, max_size=3),
    max_leaves=8,
).filter(lambda value: "Infinity" not in repr(value) and "inf" not in repr(value))


def stages(tmp_path, **changed):
    return Stages(
        ledger=Ledger(tmp_path / "ledger.json"), unharmed=lambda: "all is as it was", **changed
    )


def stage(inputs, make, fault=lambda _: "", **changed):
    parts = {"name": "sft", "told": lambda result: f"made {result['n']}", **changed}
    return Stage(inputs=inputs, make=make, fault=fault, **parts)


@given(st.dictionaries(st.text(), JSON, max_size=4))
def test_a_key_does_not_know_the_order_of_names(inputs):
    turned = dict(reversed(inputs.items()))
    assert stage_key("sft", inputs) == stage_key("sft", turned)
    assert stage_key("sft", inputs) != stage_key("pretrain", inputs)
    assert stage_key("sft", inputs) != stage_key("sft", {**inputs, "one more": 1})


def test_what_has_not_changed_is_skipped(tmp_path):
    numbers = itertools.count()

    def make(_):
        return {"n": next(numbers)}

    assert stages(tmp_path).run(stage({"a": 1}, make)) == {"n": 0}
    again = stages(tmp_path)
    assert again.run(stage({"a": 1}, make)) == {"n": 0}
    assert again.run(stage({"a": 2}, make)) == {"n": 1}
    assert again.run(stage({"a": 1}, make)) == {"n": 0}  # back to the first
    assert [outcome.skipped for outcome in again.outcomes] == [True, False, True]
    assert again.outcomes[0].told == "made 0"


def test_a_result_that_is_gone_is_made_again(tmp_path):
    numbers, told = itertools.count(), []

    class Sink:
        def stage_news(self, name, text):
            told.append(text)

    def make(_):
        return {"n": next(numbers)}

    stages(tmp_path).run(stage({}, make))
    with watch_stages(Sink()):
        made = stages(tmp_path).run(stage({}, make, fault=lambda result: f"{result['n']} is lost"))
    assert made == {"n": 1}
    assert told[0] == "sft: again, since 0 is lost"
    assert stages(tmp_path, again=("sft",)).run(stage({}, make)) == {"n": 2}
    assert stages(tmp_path, again=("embed",)).run(stage({}, make)) == {"n": 2}


@pytest.mark.parametrize(
    ("error", "why"),
    [(StickgenError("no room"), "no room"), (ZeroDivisionError("by 0"), "ZeroDivisionError: by 0")],
)
def test_a_fault_names_stage_reason_and_remedy(tmp_path, error, why):
    def broken(_):
        raise error

    chain = stages(tmp_path)
    chain.run(stage({}, lambda _: {"n": 0}, name="embed"))
    with pytest.raises(RetrainError) as caught:
        chain.run(stage({"a": 1}, broken))
    text = str(caught.value)
    assert text.startswith(f"stage sft failed: {why}")
    assert "all is as it was" in text
    assert "goes on with stage sft (embed need not be done again)" in text
    assert caught.value.__cause__ is error
    (entry,) = [e for e in Ledger(tmp_path / "ledger.json").entries if e.stage == "sft"]
    assert (entry.state, entry.why) == ("failed", why)


def test_an_interrupted_stage_goes_on_with_its_plan(tmp_path):
    starts = itertools.count()

    def stopped(_):
        raise KeyboardInterrupt

    def plan():
        return {"start": next(starts)}

    with pytest.raises(KeyboardInterrupt):
        stages(tmp_path).run(stage({}, stopped, plan=plan))
    assert Ledger(tmp_path / "ledger.json").entries[0].state == "begun"
    made = stages(tmp_path).run(stage({}, lambda found: {"n": found["start"]}, plan=plan))
    assert made == {"n": 0}
