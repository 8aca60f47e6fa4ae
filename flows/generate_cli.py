"""The command `stickgen generate`."""

from __future__ import annotations

import argparse
from typing import Final

from flows.draw_flags import DRAW_SETTINGS, add_draw_flags

__all__ = ["add_generate"]

_EPILOG: Final = """\
examples:
  stickgen generate "a man walks in and waves" -o hello.mp4 --model engine
  stickgen generate "a robot dances" --style robot --look neon --camera orbit -o dance.gif
  stickgen generate --script "walks 3s; waves 2s; sits down 4s" -o long.html
  stickgen generate "she claps" "he bows" -o "clip-{n}.svg" -o "{name}.motion"
  stickgen generate --batch prompts.txt --seconds 3 -o clips/

model: --model, else the environment variable STICKGEN_MODEL, else models:/stickgen@champion if the
tracking store (MLFLOW_TRACKING_URI, or mlflow.db here) has it, else the newest run in ./runs. The
first line of output says which it is.

files: a name may hold {n} (number of the scene) and {name} (its first words); several scenes
without them get -1, -2, ... A folder gets mp4 files. Files that are there are replaced.

--from: a JSON object whose names are those of the flags (prompt, seconds, one_step, size, captions,
...; prompt, adapter and out may be lists; captions, faces, ground and shadow are true or false).
Flags win over it.

texts: control characters are left out, markup is text like any other. Emoji and other languages
work, with a remark, but the model was trained on English. Long texts: the encoder reads about 180
words.

exit status: 0 done, 1 some output failed, 2 wrong usage.
"""
_TEXT_SETTINGS: Final = (
    "prompt",
    "batch",
    "script",
    "model",
    "seconds",
    "seed",
    "steps",
    "one_step",
    "guidance",
    "smooth",
    "actors",
    "spacing",
    "action",
    "expression",
    "style",
    "adapter",
    "device",
    "out",
    "format",
)


def add_generate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    generate = commands.add_parser(
        "generate",
        help="make animations from sentences",
        description="Make animations of stick figures from sentences, with a trained model.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    generate.add_argument("prompt", nargs="*", metavar="PROMPT", help="a sentence; a scene each")
    generate.add_argument(
        "-o",
        "--out",
        action="append",
        metavar="FILE",
        help="what to write, by its suffix: .mp4 .webm .gif .webp .svg .html .png .sheet.png .zip "
        ".motion .bvh .json .npz .parquet; repeatable",
    )
    generate.add_argument(
        "--format", metavar="NAME", help="in place of the suffix; frames = a folder of PNG files"
    )
    generate.add_argument("--batch", metavar="FILE", help="prompts, one a line; # = a remark")
    generate.add_argument(
        "--script", metavar="TEXT", help="one scene of several parts: 'walks 3s; waves 2s'"
    )
    generate.add_argument("--from", dest="settings_file", metavar="FILE", help="JSON of settings")
    _add_motion(generate)
    add_draw_flags(generate)
    place = generate.add_argument_group("model")
    place.add_argument(
        "--model",
        metavar="PATH",
        help="checkpoint, run, ONNX file, models:/NAME@ALIAS; or engine: no training needed",
    )
    place.add_argument(
        "--adapter",
        action="append",
        metavar="FILE[:WEIGHT]",
        help="LoRA adapter (default weight: 1); repeatable",
    )
    place.add_argument("--device", metavar="NAME", help="cpu, cuda, ... (default: cpu)")
    generate.set_defaults(run=_generate)


def _add_motion(generate: argparse.ArgumentParser) -> None:
    motion = generate.add_argument_group("motion")
    motion.add_argument(
        "--seconds", metavar="S", help="length, 0.4..120 (default: 4); of a script: all of it"
    )
    motion.add_argument("--seed", metavar="N", help="another one gives another motion (default: 0)")
    motion.add_argument("--actors", metavar="N", help="people, 1..8 (default: 1)")
    motion.add_argument("--spacing", metavar="H", help="between people, body heights: 0.8")
    motion.add_argument("--action", metavar="WORD", help="lead the motion by a known action")
    motion.add_argument(
        "--expression", metavar="WORD", help="face throughout: happy, sad, ... (default: by action)"
    )
    motion.add_argument(
        "--style", metavar="WORD", help="manner, such as zombie or robot; or the name of a look"
    )
    motion.add_argument("--steps", metavar="N", help="of the sampler (default: 10)")
    motion.add_argument("--one-step", action="store_const", const=True, help="fastest: one step")
    motion.add_argument(
        "--guidance", metavar="W", help="how closely to follow the text (default: 2.5)"
    )
    motion.add_argument(
        "--smooth", metavar="FRAMES", help="against trembling (default: by steps; 0 = none)"
    )


def _generate(arguments: argparse.Namespace) -> int:
    from flows.generate_settings import make_job  # noqa: PLC0415

    names = (*_TEXT_SETTINGS, *DRAW_SETTINGS, "settings_file")
    flags = {name: getattr(arguments, name) for name in names}
    flags["prompt"] = flags["prompt"] or None
    job = make_job(flags)
    # what is wrong is told before a model and its libraries are loaded
    from flows.generate_run import generate_files  # noqa: PLC0415

    return generate_files(job)
