"""What `prefect deploy` reads: entrypoints that import, typed parameters, sane schedules."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest
import yaml
from prefect.flows import load_flow_from_entrypoint
from prefect.utilities.callables import parameter_schema

import flows
import tasks
from flows.build_dataset import build_dataset

ROOT = Path(__file__).parents[2]
DEPLOYMENTS = yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"]


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda d: d["name"])
def test_entrypoint_imports(deployment, monkeypatch):
    monkeypatch.chdir(ROOT)
    # a deployment of a flow that cannot be imported succeeds and fails at night
    flow = load_flow_from_entrypoint(deployment["entrypoint"], use_placeholder_flow=False)
    assert flow.name == deployment["name"]
    wanted = set(inspect.signature(flow.fn).parameters)
    assert set(deployment.get("parameters", {})) <= wanted
    flow.validate_parameters(deployment.get("parameters", {}))


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda d: d["name"])
def test_schedules_are_inactive_until_wanted(deployment):
    for schedule in deployment["schedules"]:
        assert schedule["active"] is False
        assert re.fullmatch(r"[\d*/,-]+( [\d*/,-]+){4}", schedule["cron"])
        assert schedule["timezone"]
    assert deployment["concurrency_limit"]["collision_strategy"] == "CANCEL_NEW"


def test_the_ui_gets_a_typed_form():
    schema = parameter_schema(build_dataset).model_dump()
    definitions = schema["definitions"]
    source = definitions["SourceConfig"]
    assert source["properties"]["name"]["enum"] == ["amass", "100style", "interhuman", "ntu", "bvh"]
    assert source["required"] == ["name", "path"]
    seed = definitions["BuildConfig"]["properties"]["seed"]
    assert (seed["type"], seed["minimum"]) == ("integer", 0)
    assert definitions["RetargetConfig"]["properties"]["num_views"]["maximum"] == 8
    assert definitions["BuildConfig"]["properties"]["runner"]["enum"] == ["process", "thread"]


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ({"sample": True, "seed": -1}, "seed"),
        ({"sample": True, "typo": 1}, "typo"),
        ({"sources": [{"name": "vicon", "path": "x"}]}, "name"),
        ({}, "at least one source"),
    ],
)
def test_bad_parameters_are_refused(config, told):
    with pytest.raises(Exception, match=told):
        build_dataset.validate_parameters({"config": config})


def test_our_packages_are_not_the_ones_on_pypi():
    assert Path(tasks.__file__).is_relative_to(ROOT)
    assert Path(flows.__file__).is_relative_to(ROOT)
