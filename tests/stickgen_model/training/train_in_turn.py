"""Trains a tiny model on a folder, alone or under torchrun; each process saves its weights.

Usage: `python train_in_turn.py DATASET OUT ACCUMULATION`.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

import torch
import torch.distributed as dist

from stickgen_model.data.clip_store import ClipStore
from stickgen_model.text.encoder import identity_of
from stickgen_model.text.hashing import HashEncoder
from stickgen_model.text.text_table import TextTable
from stickgen_model.training import trainer
from stickgen_model.training.config import pretrain_preset
from stickgen_model.training.preparation import TrainingData, prepare_model
from stickgen_model.training.training_run import TrainPlace

if __name__ == "__main__":
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    torch.set_num_threads(1)
    rank, world = int(os.environ.get("RANK", "0")), int(os.environ.get("WORLD_SIZE", "1"))
    if world > 1:
        dist.init_process_group("gloo")
    store, encoder = ClipStore.open(folder, split="train"), HashEncoder(64)
    texts = TextTable(identity_of(encoder))
    texts.add(store.sentences, encoder)
    models = []

    def prepare(*args, **options):
        models.append(prepare_model(*args, **options))
        return models[-1]

    trainer.prepare_model = prepare
    config = replace(
        pretrain_preset("tiny"),
        precision="fp32",
        batch_size=2,
        accumulation=int(sys.argv[3]),
        max_steps=3,
        validate_every=0,
        save_every=0,
    )
    place = TrainPlace(rank=rank, world=world)
    torch.manual_seed(rank)  # processes differ in all that is not told to them
    trainer.train(config, TrainingData(train=store, texts=texts), out=out, place=place)
    torch.save(models[0][0].state_dict(), out / f"weights-{rank}.pt")
    if world > 1:
        dist.destroy_process_group()
