"""The HIERARCHY part of a BVH file: joints, offsets, channels."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Final

from datasets_spec.errors import RejectError
from datasets_spec.rejection import RejectReason

__all__ = ["BvhNode", "Skeleton", "parse_hierarchy"]

MAX_NODES: Final = 2048
"""Joints and end sites; hands, faces and skirts of game characters stay far below."""
_MAX_NAME_CHARS: Final = 200
_CHANNEL: Final = re.compile(r"^([xyz])_?(position|rotation|scale|translation)$", re.IGNORECASE)
_KEYWORDS: Final = frozenset(
    {"HIERARCHY", "ROOT", "JOINT", "END", "ENDSITE", "OFFSET", "CHANNELS", "{", "}"}
)
_COMMENT: Final = re.compile(r"(^|\s)(#|//).*")


@dataclass(frozen=True, kw_only=True, slots=True)
class BvhNode:
    """A joint, or the end site that only marks the tip of one."""

    name: str
    """As in the file; empty for an end site."""
    parent: int
    """Index of the parent node, -1 for the root."""
    offset: tuple[float, float, float]
    """Position in the parent's frame, file units."""
    channels: tuple[str, ...]
    """Two letters a channel, in file order: axis `XYZ`, then kind `p`osition, `r`otation,
    `s`cale."""
    first_column: int
    """Column of the first channel in a line of motion."""
    is_end: bool

    @property
    def order(self) -> str:
        """Axes of the rotation channels in file order, e.g. `ZXY`; may be shorter than three."""
        return "".join(channel[0] for channel in self.channels if channel[1] == "r")

    def columns(self, kind: str) -> tuple[int, ...]:
        """Columns of all channels of a kind (`p`, `r`, `s`), in file order."""
        return tuple(
            self.first_column + place
            for place, channel in enumerate(self.channels)
            if channel[1] == kind
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Skeleton:
    """All nodes; parents come before children."""

    nodes: tuple[BvhNode, ...]

    @property
    def num_columns(self) -> int:
        """Values in a line of motion."""
        return sum(len(node.channels) for node in self.nodes)

    @property
    def joint_names(self) -> tuple[str, ...]:
        """Names of the joints in file order, end sites left out."""
        return tuple(node.name for node in self.nodes if not node.is_end)

    def children(self, index: int) -> tuple[int, ...]:
        """Indices of the nodes that hang on a node."""
        return tuple(place for place, node in enumerate(self.nodes) if node.parent == index)


@dataclass(slots=True)
class _Draft:
    name: str
    parent: int
    is_end: bool
    line: int
    offset: tuple[float, float, float] | None = None
    channels: tuple[str, ...] | None = None


@dataclass(slots=True)
class _Builder:
    nodes: list[_Draft] = field(default_factory=list)
    open: list[int] = field(default_factory=list)
    waiting: bool = False
    """A joint was named and its brace has not come yet."""

    def start(self, name: str, line: int, *, is_end: bool, is_root: bool) -> None:
        if is_root == bool(self.nodes) or (not is_root and not self.open) or self.waiting:
            what = "one ROOT, before all joints" if is_root else "a joint inside braces"
            raise _malformed(line, what, name or "End Site")
        if len(self.nodes) >= MAX_NODES:
            detail = f"line {line}: expected at most {MAX_NODES} joints; is this one skeleton?"
            raise RejectError(RejectReason.TOO_LARGE, detail)
        if not name and not is_end:
            raise _malformed(line, "a joint name", "nothing")
        parent = self.open[-1] if self.open else -1
        self.nodes.append(_Draft(name[:_MAX_NAME_CHARS], parent, is_end, line))
        self.waiting = True

    def brace(self, line: int, *, opens: bool) -> None:
        if opens:
            if not self.waiting:
                raise _malformed(line, "a joint before {", "{")
            self.open.append(len(self.nodes) - 1)
            self.waiting = False
        elif not self.open or self.waiting:
            raise _malformed(line, "as many { as }", "}")
        else:
            self.open.pop()

    def current(self, line: int, word: str) -> _Draft:
        if not self.open or self.waiting:
            raise _malformed(line, f"{word} inside the braces of a joint", word)
        return self.nodes[self.open[-1]]


def _malformed(line: int, expected: str, got: str) -> RejectError:
    detail = f"line {line}: expected {expected}, got {got[:60]!r}"
    return RejectError(RejectReason.MALFORMED, detail)


def parse_hierarchy(text: str) -> Skeleton:
    """Read the text before MOTION.

    Any indentation, tabs, line ends and upper or lower case of keywords; braces on the same line
    as other words; lines that go on in the next; `#` and `//` comments; names with blanks.

    Args:
        text: From the start of the file up to, without, the word MOTION.

    Returns:
        The skeleton.

    Raises:
        RejectError: MALFORMED, NON_FINITE or TOO_LARGE, with the line.
    """
    builder = _Builder()
    seen_header = False
    for line, words in _statements(text):
        keyword = words[0].upper()
        if keyword == "HIERARCHY" and not builder.nodes:
            seen_header = True
        elif not seen_header:
            raise _malformed(line, "HIERARCHY as the first word", " ".join(words))
        else:
            _apply(builder, line, keyword, words)
    if not builder.nodes:
        raise RejectError(RejectReason.MALFORMED, "expected a ROOT after HIERARCHY, got none")
    if builder.open or builder.waiting:
        detail = f"expected }} to close {len(builder.open) or 1} joints before MOTION, got none"
        raise RejectError(RejectReason.MALFORMED, detail)
    return _finish(builder)


def _apply(builder: _Builder, line: int, keyword: str, words: list[str]) -> None:
    if keyword in {"ROOT", "JOINT"}:
        builder.start(" ".join(words[1:]), line, is_end=False, is_root=keyword == "ROOT")
    elif keyword in {"END", "ENDSITE"}:
        builder.start("", line, is_end=True, is_root=False)
    elif keyword in {"{", "}"}:
        builder.brace(line, opens=keyword == "{")
    elif keyword == "OFFSET":
        builder.current(line, "OFFSET").offset = _parse_offset(line, words[1:])
    elif keyword == "CHANNELS":
        builder.current(line, "CHANNELS").channels = _parse_channels(line, words[1:])
    else:
        raise _malformed(line, f"one of {', '.join(sorted(_KEYWORDS))}", " ".join(words))


def _statements(text: str) -> list[tuple[int, list[str]]]:
    """Line number and words of each statement; lines without a keyword go on with the last."""
    statements: list[tuple[int, list[str]]] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        line = _COMMENT.sub("", raw)
        for piece in re.split(r"([{}])", line):
            words = piece.split()
            if not words:
                continue
            if (
                statements
                and words[0].upper() not in _KEYWORDS
                and statements[-1][1][0] not in "{}"
            ):
                statements[-1][1].extend(words)
            else:
                statements.append((number, words))
    return statements


def _parse_offset(line: int, words: list[str]) -> tuple[float, float, float]:
    joined = " ".join(words)
    if "," in joined:
        # "1.5, 0, 2" separates by commas, "1,5 0 2" uses them as decimal points
        words = (
            joined.replace(",", ".").split()
            if len(words) == 3 and "." not in joined
            else (joined.replace(",", " ").split())
        )
    if len(words) != 3:
        raise _malformed(line, "OFFSET and three numbers", " ".join(words))
    try:
        x, y, z = (float(word) for word in words)
    except ValueError as error:
        raise _malformed(line, "OFFSET and three numbers", " ".join(words)) from error
    if not all(math.isfinite(value) for value in (x, y, z)):
        detail = f"line {line}: expected a finite OFFSET, got {' '.join(words)[:60]}"
        raise RejectError(RejectReason.NON_FINITE, detail)
    return x, y, z


def _parse_channels(line: int, words: list[str]) -> tuple[str, ...]:
    # compared as text: int() of thousands of digits raises
    if not words or words[0].lstrip("0") != str(len(words) - 1).lstrip("0"):
        raise _malformed(line, "CHANNELS, a count and as many names", " ".join(words))
    channels = []
    for word in words[1:]:
        found = _CHANNEL.match(word)
        if found is None:
            raise _malformed(line, "a channel such as Xposition or Zrotation", word)
        kind = found[2].lower()
        channels.append(found[1].upper() + ("p" if kind == "translation" else kind[0]))
    moved = [channel for channel in channels if channel[1] == "p"]
    if len(set(moved)) != len(moved) or sum(channel[1] == "r" for channel in channels) > 3:
        raise _malformed(line, "each position once and at most 3 rotations", " ".join(words))
    return tuple(channels)


def _finish(builder: _Builder) -> Skeleton:
    nodes = []
    column = 0
    for draft in builder.nodes:
        if draft.offset is None:
            raise _malformed(draft.line, "an OFFSET in every joint", draft.name or "End Site")
        channels = draft.channels or ()
        nodes.append(
            BvhNode(
                name=draft.name,
                parent=draft.parent,
                offset=draft.offset,
                channels=channels,
                first_column=column,
                is_end=draft.is_end,
            )
        )
        column += len(channels)
    return Skeleton(nodes=tuple(nodes))
