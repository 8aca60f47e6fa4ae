"""Low-rank adapters: inject, train, save, load, switch, mix, merge."""

from stickgen_model.lora.adapters import (
    DEFAULT_TARGETS,
    add_lora_adapter,
    inject_lora_adapters,
    lora_adapter_names,
    lora_layers,
    remove_lora_adapters,
    set_lora_mix,
)
from stickgen_model.lora.layer import AdapterSpec, LoraLinear
from stickgen_model.lora.merge import LoraMerge, merge_lora_weights, unmerge_lora_weights
from stickgen_model.lora.storage import (
    load_lora_file,
    load_lora_state_dict,
    lora_state_dict,
    save_lora_file,
)

__all__ = [
    "DEFAULT_TARGETS",
    "AdapterSpec",
    "LoraLinear",
    "LoraMerge",
    "add_lora_adapter",
    "inject_lora_adapters",
    "load_lora_file",
    "load_lora_state_dict",
    "lora_adapter_names",
    "lora_layers",
    "lora_state_dict",
    "merge_lora_weights",
    "remove_lora_adapters",
    "save_lora_file",
    "set_lora_mix",
    "unmerge_lora_weights",
]
