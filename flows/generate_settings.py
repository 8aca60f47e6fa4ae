"""What `stickgen generate` is asked for: flags over a file of settings, checked without a model."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from datasets_spec.errors import ConfigError
from datasets_spec.schema import CLIP_FPS, MAX_FRAMES
from datasets_spec.vocabulary import ACTIONS, EXPRESSIONS
from flows.draw_flags import check_camera, draw_readers, draw_settings
from flows.model_place import ENGINE
from flows.output_files import plan_outputs
from flows.setting_fields import (
    as_flag,
    as_number,
    as_text,
    as_texts,
    as_word,
    check_settings,
    read_settings_file,
)
from stickgen_model.limits import MAX_ACTORS, MAX_LONG_FRAMES, MAX_SEED, MIN_FRAMES
from stickgen_model.motion_styles import STYLE_WORDING, style_word
from stickgen_model.near_words import near_words
from stickgen_model.prompts import check_prompt
from stickgen_model.script import parse_script

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flows.setting_fields import Reader
    from stickgen_model.render.config import RenderConfig
    from stickgen_model.script import ScriptPart

__all__ = ["GenerateJob", "make_job"]

_LARGEST_BATCH: Final = 10_000_000
_MOST_PROMPTS: Final = 10_000


@dataclass(frozen=True, kw_only=True, slots=True)
class GenerateJob:
    """Everything that one call makes.

    Attributes:
        prompts: One scene each; empty where there is a script.
        script: Parts of the one scene, or none.
        seconds: Length of every scene.
        files: For every scene the files to write.
        form: Their format; None = by the suffix.
        config: Fields of `GenerateConfig`.
        scene: Arguments of `StickGen.animate`: style, action, expression.
        picture: How scenes are drawn.
        model: As typed; None = to be found.
        adapters: Files with weights.
        device: Where to compute.
        remarks: What the user should know, a line each.
    """

    prompts: tuple[str, ...]
    script: tuple[ScriptPart, ...]
    seconds: float
    files: list[list[Path]]
    form: str | None
    config: dict[str, Any]
    scene: dict[str, Any]
    picture: RenderConfig
    model: str | None
    adapters: tuple[tuple[Path, float], ...]
    device: str
    remarks: tuple[str, ...]


def _readers() -> dict[str, Reader]:
    return {
        "prompt": as_texts,
        "batch": as_text,
        "script": as_text,
        "model": as_text,
        "seconds": as_number(MIN_FRAMES / CLIP_FPS, MAX_LONG_FRAMES / CLIP_FPS),
        "seed": as_number(0, MAX_SEED, whole=True),
        "steps": as_number(1, 1000, whole=True),
        "one_step": as_flag,
        "guidance": as_number(0, 100),
        "smooth": as_number(0, 10),
        "actors": as_number(1, MAX_ACTORS, whole=True),
        "spacing": as_number(0, 20),
        "action": as_word(ACTIONS),
        "expression": as_word(EXPRESSIONS),
        "style": as_text,
        "adapter": as_texts,
        "device": as_text,
        "out": as_texts,
        "format": as_text,
        **draw_readers(),
    }


def make_job(flags: Mapping[str, Any]) -> GenerateJob:
    """What flags ask for, over the settings of the file they name.

    Args:
        flags: By the names of settings, None where not given; `settings_file` names the file.

    Raises:
        ConfigError: If something is wrong; the text lists the faults.
    """
    given = dict(flags)
    name = given.pop("settings_file", None)
    readers = _readers()
    values: dict[str, Any] = {}
    if name is not None:
        values = check_settings(read_settings_file(name), readers, where=f"--from {name}")
        if any(given.get(key) for key in ("prompt", "batch", "script")):
            for key in ("prompt", "batch", "script"):
                values.pop(key, None)  # what the flags ask for takes the place of all of it
    values |= check_settings(given, readers, where="")
    _apply_style(values)
    script, prompts, remarks = _texts(values)
    seconds = sum(part.seconds for part in script) or values.get("seconds", 4.0)
    _check_people(values, seconds)
    if "camera" in values:
        # without a length the engine takes what its actions need, which drawing looks at; it plays
        # no longer than a clip
        unknown = values.get("model") == ENGINE and not script and "seconds" not in values
        check_camera(values["camera"], MAX_FRAMES / CLIP_FPS if unknown else seconds)
    names = ["; ".join(part.text for part in script)] if script else list(prompts)
    named = [name or values.get("action", "") for name in names]
    return GenerateJob(
        prompts=prompts,
        script=script,
        seconds=seconds,
        picture=draw_settings(values),
        adapters=tuple(_adapter(text) for text in values.get("adapter", [])),
        files=plan_outputs(values.get("out", []), named, values.get("format")),
        form=values.get("format"),
        config=_config(values),
        scene={k: values[k] for k in ("style", "action", "expression") if k in values},
        model=values.get("model"),
        device=values.get("device", "cpu"),
        remarks=remarks,
    )


def _apply_style(values: dict[str, Any]) -> None:
    """A style is a manner of moving, or else the name of a look."""
    from stickgen_model.render.looks import LOOK_NAMES  # noqa: PLC0415

    name = values.get("style")
    if name is None:
        return
    word = style_word(name)
    if word is not None:
        values["style"] = word
        return
    del values["style"]
    if name.lower() in LOOK_NAMES:
        values.setdefault("look", name.lower())
        return
    near = near_words(name, (*STYLE_WORDING, *LOOK_NAMES))
    meant = f"; did you mean {' or '.join(near)}?" if near else ""
    msg = (
        f"--style: got {name[:40]!r}, which is neither a manner of moving "
        f"({', '.join(STYLE_WORDING)}) nor a look ({', '.join(LOOK_NAMES)}){meant}"
    )
    raise ConfigError(msg)


def _texts(
    values: Mapping[str, Any],
) -> tuple[tuple[ScriptPart, ...], tuple[str, ...], tuple[str, ...]]:
    """Script, prompts and remarks; the texts stay as typed, they are cleaned with the scene."""
    prompts = [*values.get("prompt", [])]
    if "batch" in values:
        prompts += _read_batch(values["batch"])
    if "script" in values and prompts:
        msg = "expected prompts or a --script, got both"
        raise ConfigError(msg)
    action = values.get("action")
    if "script" in values:
        script = parse_script(values["script"], seconds=values.get("seconds"))
        return script, (), _remarks([part.text for part in script], empty=False)
    if not prompts and action is None:
        msg = (
            "expected a prompt, such as stickgen generate 'a man waves' -o hello.mp4; or --script, "
            "--batch or --action"
        )
        raise ConfigError(msg)
    prompts = prompts or [""]
    return (), tuple(prompts), _remarks(prompts, empty=action is not None)


def _remarks(texts: list[str], *, empty: bool) -> tuple[str, ...]:
    several = len(texts) > 1
    return tuple(
        f"prompt {number}: {remark}" if several else remark
        for number, text in enumerate(texts, start=1)
        for remark in check_prompt(text, empty=empty).remarks
    )


def _read_batch(name: str) -> list[str]:
    path = Path(name).expanduser()
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_BATCH + 1)
        text = data.decode("utf-8-sig")
    except (OSError, ValueError) as error:
        msg = f"--batch {name}: cannot be read as text: {error}"
        raise ConfigError(msg) from error
    lines = [line.strip() for line in text.splitlines()]
    prompts = [line for line in lines if line and not line.startswith("#")]
    if not prompts or len(prompts) > _MOST_PROMPTS or len(data) > _LARGEST_BATCH:
        msg = (
            f"--batch {name}: expected 1..{_MOST_PROMPTS:,} prompts, one a line, in at most 10 MB; "
            f"got {len(prompts):,}"
        )
        raise ConfigError(msg)
    return prompts


def _check_people(values: Mapping[str, Any], seconds: float) -> None:
    longest = MAX_FRAMES / CLIP_FPS
    if values.get("actors", 1) > 1 and seconds > longest:
        msg = f"--actors: expected at most {longest:g} s for several people, got {seconds:g} s"
        raise ConfigError(msg)


def _config(values: Mapping[str, Any]) -> dict[str, Any]:
    names = ("seed", "steps", "guidance", "spacing", "smooth")
    fields = {k: values[k] for k in names if k in values}
    if "seconds" in values and "script" not in values:
        fields["seconds"] = values["seconds"]
    if "actors" in values:
        fields["num_actors"] = values["actors"]
    if values.get("one_step"):
        fields["method"] = "one_step"
    return fields


def _adapter(text: str) -> tuple[Path, float]:
    """`PATH` or `PATH:weight`."""
    name, separator, number = text.rpartition(":")
    if separator and not Path(text).expanduser().exists():
        try:
            return _adapter_file(name), as_number(-10, 10)(number)
        except ValueError as error:
            msg = f"--adapter {text}: weight after the colon: {error}"
            raise ConfigError(msg) from error
    return _adapter_file(text), 1.0


def _adapter_file(name: str) -> Path:
    path = Path(name).expanduser()
    if not path.is_file():
        msg = f"--adapter {name}: expected a file of a LoRA adapter, found none"
        raise ConfigError(msg)
    return path
