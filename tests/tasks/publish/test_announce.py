"""The event that tells of a published dataset fits the trigger of the deployment."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tasks.publish import task

ROOT = Path(__file__).parents[3]
DEPLOYMENTS = yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"]


@given(st.text())
def test_any_name_makes_an_event_that_the_deployment_waits_for(name):
    sent = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(task, "emit_event", lambda event, **parts: sent.append((event, parts)))
        task.announce_dataset(name, fingerprint="f" * 64, place="/data", version="v1")
    ((event, parts),) = sent
    (trigger,) = next(d for d in DEPLOYMENTS if d["name"] == "retrain")["triggers"]
    resource = parts["resource"]["prefect.resource.id"]
    assert event in trigger["expect"]
    assert fnmatchcase(resource, trigger["match"]["prefect.resource.id"])
    assert resource.isascii()
    assert len(resource) > len(task.RESOURCE_PREFIX)
    assert parts["payload"] == {"fingerprint": "f" * 64, "version": "v1", "place": "/data"}
