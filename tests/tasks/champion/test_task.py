"""Champions of a real store: promoted, rolled back, moved by another hand, cut off half-way."""

from __future__ import annotations

import pytest
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from datasets_spec.errors import ConfigError, StickgenError
from tasks.champion.task import champion_of, move_champion, promote_version, rollback
from tasks.registry.task import open_registry, versions_of
from tasks.track.task import tracking_uri

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A fresh default store; made once, it takes seconds."""
    folder = tmp_path_factory.mktemp("mlflow")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        yield open_registry(tracking_uri())


@pytest.fixture
def model(store, request):
    """A registered model with four versions that passed their evaluation, and one that did not."""
    name = f"it's \"{request.node.name}"[:60].replace("/", "-").replace(":", "-")
    store.create_registered_model(name)
    for number in range(1, 6):
        decision = "refused" if number == 5 else "promoted"
        tags = {"decision": decision, "reason": "fid is worse\nquality is low"}
        store.create_model_version(name, f"file:///nowhere/{number}", tags=tags)
    return name


def aliases(store, name):
    return {key: int(value) for key, value in store.get_registered_model(name).aliases.items()}


def test_promotions_and_the_way_back(store, model):
    assert champion_of(model) is None
    for number in (1, 2, 4):
        crowned = promote_version(model, number)
    assert (crowned.version, crowned.before, crowned.uri) == (4, 2, f"models:/{model}@champion")
    assert aliases(store, model) == {"champion": 4, "previous": 2}
    assert champion_of(model) == f"models:/{model}/4"
    assert (rollback(model).version, aliases(store, model)) == (2, {"champion": 2, "previous": 1})
    assert (rollback(model).version, aliases(store, model)) == (1, {"champion": 1})
    with pytest.raises(ConfigError, match="expected an earlier champion; there are: none"):
        rollback(model)
    assert aliases(store, model) == {"champion": 1}
    notes = {one.version: one.tags.get("rolled_back") for one in versions_of(model)}
    assert notes == {5: None, 4: "to version 2", 3: None, 2: "to version 1", 1: None}
    promote_version(model, 4)
    assert "rolled_back" not in store.get_model_version(model, "4").tags


def test_the_same_again_changes_nothing(store, model):
    for _ in range(2):
        promote_version(model, 1)
    for _ in range(2):
        promote_version(model, 3)
    assert rollback(model, to=3).before == 3
    assert store.get_registered_model(model).tags["champions"] == "1 3"


def test_a_rollback_to_a_version(store, model):
    for number in (1, 2, 3, 4):
        promote_version(model, number)
    assert rollback(model, to=2).version == 2
    assert aliases(store, model) == {"champion": 2, "previous": 1}
    with pytest.raises(ConfigError, match="got version 4; there are: 1; stickgen promote"):
        rollback(model, to=4)


def test_what_was_refused_needs_force(store, model):
    with pytest.raises(ConfigError, match="but fid is worse; quality is low; --force"):
        promote_version(model, 5)
    assert aliases(store, model) == {}
    promote_version(model, 5, force=True)
    assert aliases(store, model) == {"champion": 5}
    store.create_model_version(model, "file:///nowhere/6")
    with pytest.raises(ConfigError, match="but it was never evaluated"):
        promote_version(model, 6)


def test_a_champion_that_another_hand_moved(store, model):
    promote_version(model, 1)
    store.set_registered_model_alias(model, "champion", "3")
    promote_version(model, 2)
    assert aliases(store, model) == {"champion": 2, "previous": 3}
    assert rollback(model).version == 3
    assert rollback(model).version == 1


def test_champions_that_were_deleted_are_passed_over(store, model):
    for number in (1, 2, 3):
        promote_version(model, number)
    store.delete_model_version(model, "2")
    assert rollback(model).version == 1
    promote_version(model, 4)
    store.delete_model_version(model, "4")  # takes its alias with it
    assert champion_of(model) is None
    with pytest.raises(ConfigError, match="expected a champion to roll back"):
        rollback(model)
    promote_version(model, 1)
    assert aliases(store, model) == {"champion": 1}


class Cut(MlflowClient):
    """A client whose process ends after some writes."""

    left = 0

    def _count(self):
        if self.left == 0:
            raise KeyboardInterrupt
        self.left -= 1

    def set_registered_model_alias(self, *args):
        self._count()
        super().set_registered_model_alias(*args)

    def set_registered_model_tag(self, *args):
        self._count()
        super().set_registered_model_tag(*args)


@pytest.mark.parametrize("writes", [0, 1, 2])
def test_a_promotion_that_was_cut_off_is_done_or_not(store, model, writes):
    for number in (1, 2):
        promote_version(model, number)
    client = Cut(tracking_uri())
    client.left = writes
    with pytest.raises(KeyboardInterrupt):
        move_champion(client, model, 3)
    assert champion_of(model) == f"models:/{model}/{2 if writes == 0 else 3}"
    promote_version(model, 3)
    assert aliases(store, model) == {"champion": 3, "previous": 2}
    assert store.get_registered_model(model).tags["champions"] == "1 2 3"


@pytest.mark.parametrize("writes", [0, 1, 2])
def test_a_rollback_that_was_cut_off_is_done_or_not(store, model, monkeypatch, writes):
    for number in (1, 2, 3):
        promote_version(model, number)
    client = Cut(tracking_uri())
    client.left = writes
    with monkeypatch.context() as patch:
        patch.setattr("tasks.champion.task.open_registry", lambda _: client)
        with pytest.raises(KeyboardInterrupt):
            rollback(model)
    done = writes == 2
    assert champion_of(model) == f"models:/{model}/{2 if done else 3}"
    assert rollback(model).version == (1 if done else 2)


def test_names_that_are_not_there(store, model):
    assert champion_of("nobody") is None
    for call in (rollback, versions_of, lambda name: promote_version(name, 1)):
        with pytest.raises(ConfigError, match=r"none named 'nobody'; there are: .*cut_off"):
            call("nobody")
    with pytest.raises(ConfigError, match=r"expected one of the versions \[1, 2, 3, 4, 5\], got 9"):
        promote_version(model, 9)
    with pytest.raises(ConfigError, match="expected a champion to roll back"):
        rollback(model)
    with pytest.raises(StickgenError):
        champion_of("")


def test_looking_makes_no_store(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    assert champion_of("stickgen") is None
    for call in (rollback, versions_of, lambda name: promote_version(name, 1)):
        with pytest.raises(ConfigError, match="found no such file"):
            call("stickgen")
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_is_down_is_one_line(monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with pytest.raises(StickgenError, match=r"expected a registry at http://127\.0\.0\.1:9"):
        champion_of("stickgen")


def test_a_store_that_is_none(tmp_path, monkeypatch):
    (tmp_path / "mlflow.db").write_text("not a database, whatever its name says " * 50)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    with pytest.raises((StickgenError, MlflowException), match="registry"):
        champion_of("stickgen")
