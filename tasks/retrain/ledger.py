"""The ledger of a retraining: which stage is done for which inputs, and with what result.

It is one JSON file, replaced as a whole, so that a killed run leaves the last state of it. It
holds no times of day; entries are numbered in the order in which they were begun.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from datasets_spec.errors import StickgenError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

__all__ = ["LEDGER_FILE", "Entry", "Ledger", "LedgerError"]

LEDGER_FILE: Final = "ledger.json"
_FORMAT: Final = "stickgen-ledger-1"
_STATES: Final = ("begun", "failed", "done")


class LedgerError(StickgenError):
    """The ledger cannot be read or written."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A stage with its inputs.

    Attributes:
        stage: Its name.
        key: sha256 of its inputs.
        number: Place in the order of beginnings; the newest has the highest.
        state: `begun` (also of a killed run), `failed` or `done`.
        inputs: What the key was made of.
        plan: What was decided when it was begun and holds until it is done.
        result: What it made; empty before.
        attempts: How often it was begun.
        seconds: That the last attempt took.
        why: Reason of a failure.
    """

    stage: str
    key: str
    number: int
    state: Literal["begun", "failed", "done"]
    inputs: dict[str, Any]
    plan: dict[str, Any] = field(default_factory=dict)
    result: dict[str, Any] = field(default_factory=dict)
    attempts: int = 1
    seconds: float = 0.0
    why: str = ""

    def __post_init__(self) -> None:
        """Refuse what no ledger writes."""
        if self.state not in _STATES:
            msg = f"expected a state of {', '.join(_STATES)}, got {self.state!r}"
            raise ValueError(msg)


class Ledger:
    """The entries of a working folder; held by one process at a time."""

    def __init__(self, path: Path) -> None:
        """Read the file, if there is one.

        Raises:
            LedgerError: If it is none of this format.
        """
        self.path = path
        self._entries: dict[tuple[str, str], Entry] = {}
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            entries = _parsed(values)
        except FileNotFoundError:
            return
        except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
            msg = (
                f"{path}: expected a ledger ({_FORMAT}), got {type(error).__name__}: "
                f"{str(error)[:200]}; move it away and run again: trained runs are found and kept"
            )
            raise LedgerError(msg) from error
        self._entries = {(entry.stage, entry.key): entry for entry in entries}

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All, the oldest first."""
        return tuple(sorted(self._entries.values(), key=lambda entry: entry.number))

    def find(self, stage: str, key: str) -> Entry | None:
        """The entry of a stage with these inputs."""
        return self._entries.get((stage, key))

    def last_done(self, stage: str, fits: Callable[[Entry], bool]) -> Entry | None:
        """The newest finished entry of a stage among those that fit."""
        found = [e for e in self.entries if e.stage == stage and e.state == "done" and fits(e)]
        return found[-1] if found else None

    def begin(
        self, stage: str, key: str, *, inputs: Mapping[str, Any], plan: Mapping[str, Any]
    ) -> Entry:
        """Write down that a stage is begun; the plan of an unfinished one stays.

        Raises:
            LedgerError: If the file cannot be written.
        """
        old = self.find(stage, key)
        goes_on = old is not None and old.state != "done"
        number = 1 + max((entry.number for entry in self.entries), default=0)
        entry = Entry(
            stage=stage,
            key=key,
            number=number,
            state="begun",
            inputs=dict(inputs),
            plan=old.plan if old is not None and goes_on else dict(plan),
            attempts=1 if old is None else old.attempts + 1,
        )
        return self._put(entry)

    def finish(self, entry: Entry, result: Mapping[str, Any], *, seconds: float) -> Entry:
        """Write down that a stage is done.

        Raises:
            LedgerError: If the file cannot be written.
        """
        changed = replace(
            entry, state="done", result=dict(result), seconds=round(seconds, 3), why=""
        )
        return self._put(changed)

    def fail(self, entry: Entry, why: str, *, seconds: float) -> Entry:
        """Write down that a stage failed, and why.

        Raises:
            LedgerError: If the file cannot be written.
        """
        return self._put(replace(entry, state="failed", why=why[:2000], seconds=round(seconds, 3)))

    def forget(self, stage: str, key: str) -> None:
        """Remove an entry, if it is there.

        Raises:
            LedgerError: If the file cannot be written.
        """
        if self._entries.pop((stage, key), None) is not None:
            self._write()

    def _put(self, entry: Entry) -> Entry:
        self._entries[entry.stage, entry.key] = entry
        self._write()
        return entry

    def _write(self) -> None:
        values = {"format": _FORMAT, "entries": [asdict(entry) for entry in self.entries]}
        part = self.path.with_name(f".{self.path.name}.tmp")
        try:
            with part.open("w", encoding="utf-8") as file:
                json.dump(values, file, indent=2, allow_nan=False)
                file.write("\n")
                file.flush()
                os.fsync(file.fileno())
            part.replace(self.path)
        except OSError as error:
            msg = (
                f"{self.path}: expected a place to write the ledger ({error.strerror}); make room "
                "or mend the rights, then run the same command again"
            )
            raise LedgerError(msg) from error


def _parsed(values: Any) -> list[Entry]:
    if not isinstance(values, dict) or values.get("format") != _FORMAT:
        found = values.get("format") if isinstance(values, dict) else type(values).__name__
        msg = f"format {found!r}"
        raise ValueError(msg)
    return [Entry(**entry) for entry in values["entries"]]
