"""A build's run is found again with everything that was logged, and says why it failed."""

from __future__ import annotations

import pytest
from mlflow import MlflowClient

from datasets_spec.errors import StickgenError
from tasks.track.task import flatten_params, track_build, tracking_uri


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A folder with a fresh default store; made once, it takes seconds."""
    folder = tmp_path_factory.mktemp("mlflow")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        yield folder


@pytest.mark.filterwarnings("ignore")
def test_everything_is_found_again(store):
    (store / "card.md").write_text("hello")
    with track_build("exp", params={"a": {"b": 1}}) as tracker:
        tracker.log_metrics({"clips": 7, "seconds/bvh": 1.5}, time_ms=5)
        tracker.log_tags({"fingerprint": "abc"})
        tracker.log_files([store / "card.md", store / "absent.md"], "dataset")
        tracker.log_dataset(store, name="data", digest="f" * 64, context="build")
    client = MlflowClient(tracking_uri())
    run = client.get_run(tracker.run_id)
    assert run.info.status == "FINISHED"
    assert run.data.params == {"a.b": "1"}
    assert run.data.metrics == {"clips": 7.0, "seconds/bvh": 1.5}
    assert run.data.tags["fingerprint"] == "abc"
    assert [f.path for f in client.list_artifacts(run.info.run_id, "dataset")] == [
        "dataset/card.md"
    ]
    (entry,) = run.inputs.dataset_inputs
    assert (entry.dataset.name, entry.dataset.digest) == ("data", "f" * 36)
    assert str(store) in entry.dataset.source


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("error", "status"), [(ValueError("bad gate"), "FAILED"), (KeyboardInterrupt("x"), "KILLED")]
)
def test_a_failure_is_recorded_and_passed_on(store, error, status):
    with pytest.raises(type(error)), track_build("exp", params={}) as tracker:
        raise error
    run = MlflowClient(tracking_uri()).get_run(tracker.run_id)
    assert run.info.status == status
    assert run.data.tags["failure"] == str(error)


@pytest.mark.filterwarnings("ignore")
def test_a_server_that_is_down(monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with (
        pytest.raises(StickgenError, match=r"http://127.0.0.1:9.*MLFLOW_TRACKING_URI"),
        track_build("exp", params={}),
    ):
        pass


def test_flatten_params():
    flat = flatten_params({"a": 1, "s": [{"p": "x"}, {"p": "y"}], "e": [], "long": "z" * 900})
    assert flat["s.1.p"] == "y"
    assert flat["e"] == "[]"
    assert len(flat["long"]) == 500
