"""Clips and a trained tiny model, shared by the tests of training."""

from __future__ import annotations

import pytest

from stickgen_model.data.clip_store import ClipStore
from stickgen_model.training.preparation import TrainingData


@pytest.fixture(scope="package")
def data(mixed_folder, texts_of):
    stores = [ClipStore.open(mixed_folder, split=split) for split in ("train", "val")]
    return TrainingData(train=stores[0], val=stores[1], texts=texts_of(*stores))
