"""Where something is published to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from datasets_spec.errors import ConfigError

if TYPE_CHECKING:
    from tasks.release.package import Content

__all__ = ["Target", "parse_target"]

_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_KEY: Final = re.compile(r"[A-Za-z0-9!_.*'()/-]*")
_HUB_PART: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9])?")
_HUB_TYPES: Final[dict[str, Content]] = {"datasets": "dataset", "models": "model"}
_FORMS: Final = "a folder, s3://BUCKET/PREFIX or hf://ORGANISATION/NAME"


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """A place that can be published to.

    Attributes:
        kind: Which way of publishing.
        root: Folder, bucket, or organisation/name.
        prefix: Of the keys in a bucket, without slashes at its ends.
        content: What a hub repository is for, where the address says so.
    """

    kind: Literal["folder", "s3", "hub"]
    root: str
    prefix: str = ""
    content: Content | None = None

    @property
    def told(self) -> str:
        """The address, as a user would write it; holds no credentials."""
        if self.kind == "folder":
            return self.root
        if self.kind == "s3":
            return f"s3://{self.root}/{self.prefix}".rstrip("/")
        return f"hf://{self.root}"


def parse_target(text: str) -> Target:
    """Read an address.

    Args:
        text: A folder, s3://bucket/prefix, hf://organisation/name, or with datasets/ or models/
            before the organisation.

    Raises:
        ConfigError: If it is none of these; a text with credentials is not repeated.
    """
    scheme, separator, rest = text.partition("://")
    if separator and "@" in rest.partition("/")[0]:
        msg = (
            f"--to {scheme}://...: expected an address without credentials; set them in the "
            "environment or in the configuration of the service"
        )
        raise ConfigError(msg)
    if not separator:
        return _folder(text)
    if scheme == "s3":
        return _bucket(rest, text)
    if scheme == "hf":
        return _repository(rest, text)
    msg = f"--to: expected {_FORMS}; got {text!r}"
    raise ConfigError(msg)


def _folder(text: str) -> Target:
    if not text.strip() or "\0" in text:
        msg = f"--to: expected {_FORMS}; got {text!r}"
        raise ConfigError(msg)
    return Target(kind="folder", root=str(Path(text).expanduser()))


def _bucket(rest: str, text: str) -> Target:
    bucket, _, key = rest.partition("/")
    prefix = key.strip("/")
    plain = _KEY.fullmatch(prefix) and not {"", ".", ".."} & set(
        prefix.split("/") if prefix else ()
    )
    if not _BUCKET.fullmatch(bucket) or not plain:
        msg = (
            "--to: expected s3://BUCKET/PREFIX, the prefix of letters, digits and !_.*'()- ; "
            f"got {text!r}"
        )
        raise ConfigError(msg)
    return Target(kind="s3", root=bucket, prefix=prefix)


def _repository(rest: str, text: str) -> Target:
    parts = rest.strip("/").split("/")
    content = _HUB_TYPES.get(parts[0]) if len(parts) == 3 else None
    names = parts[1:] if content else parts
    plain = all(_HUB_PART.fullmatch(p) and "--" not in p and ".." not in p for p in names)
    if len(names) != 2 or not plain or names[1].endswith(".git"):
        msg = f"--to: expected hf://ORGANISATION/NAME as the hub allows them; got {text!r}"
        raise ConfigError(msg)
    return Target(kind="hub", root="/".join(names), content=content)
