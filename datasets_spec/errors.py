"""The errors of the project. Every one says what was expected, what came, where, what to do."""

from __future__ import annotations

from datasets_spec.rejection import RejectReason

__all__ = ["ConfigError", "GateError", "RejectError", "SchemaVersionError", "StickgenError"]


class StickgenError(Exception):
    """Base of all errors that a user can act on."""


class ConfigError(StickgenError, ValueError):
    """A flag, a config file or a folder cannot be used as asked."""


class SchemaVersionError(StickgenError):
    """A dataset folder was written under another schema version."""


class GateError(StickgenError):
    """A gate failed; nothing was published. The text names the rules and the offending rows."""


class RejectError(StickgenError):
    """One item (file, sequence or clip) cannot be used; it becomes one counted reject row.

    Args:
        reason: A word of the closed vocabulary `datasets_spec.rejection.RejectReason`.
        detail: One line: what was expected, what came, what to do.
    """

    def __init__(self, reason: RejectReason, detail: str) -> None:
        super().__init__(f"{reason.value}: {detail}")
        self.reason = reason
        self.detail = detail

    def __reduce__(self) -> tuple[type[RejectError], tuple[RejectReason, str]]:
        # the default would rebuild from the joined text and fail between worker processes
        return type(self), (self.reason, self.detail)
