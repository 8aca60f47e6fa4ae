"""One stage of a retraining: skipped if its result is there, else made, and written down."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from datasets_spec.errors import StickgenError
from tasks.retrain.keys import stage_key
from tasks.retrain.signals import report_stage

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from tasks.retrain.ledger import Entry, Ledger

__all__ = ["RetrainError", "Stage", "StageOutcome", "Stages"]

Values = dict[str, Any]


class RetrainError(StickgenError):
    """A stage of a retraining failed.

    Attributes:
        stage: Which.
        why: Its own error.
        resume: What to do.
    """

    def __init__(self, stage: str, why: str, resume: str) -> None:
        super().__init__(f"stage {stage} failed: {why}\n{resume}")
        self.stage, self.why, self.resume = stage, why, resume


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage:
    """What a stage is made of.

    Attributes:
        name: Of the stage.
        inputs: Everything that decides its result, as plain values.
        make: Makes the result from the plan.
        fault: Why a result of an earlier run cannot be taken; empty if it can.
        told: A line about a result.
        plan: Decides once what holds until the stage is done; its values are no inputs.
    """

    name: str
    inputs: Values
    make: Callable[[Values], Values]
    fault: Callable[[Values], str]
    told: Callable[[Values], str]
    plan: Callable[[], Values] = dict

    @property
    def key(self) -> str:
        """sha256 of the inputs."""
        return stage_key(self.name, self.inputs)


@dataclass(frozen=True, kw_only=True, slots=True)
class StageOutcome:
    """How a stage went.

    Attributes:
        name: Of the stage.
        key: Of its inputs.
        skipped: Whether the result was there.
        seconds: That it took now.
        told: A line about the result.
    """

    name: str
    key: str
    skipped: bool
    seconds: float
    told: str


@dataclass(eq=False, kw_only=True, slots=True)
class Stages:
    """Runs stages one after another.

    Attributes:
        ledger: What is done.
        unharmed: Says which dataset and champion are in place, for errors.
        again: Stages that are done although their result is there.
        outcomes: Of the stages so far.
    """

    ledger: Ledger
    unharmed: Callable[[], str]
    again: tuple[str, ...] = ()
    outcomes: list[StageOutcome] = field(default_factory=list)

    def run(self, stage: Stage) -> Values:
        """The result of a stage, of an earlier run if it still holds.

        Raises:
            RetrainError: If it fails; the ledger says so, and the same call goes on.
        """
        started = time.perf_counter()
        entry = self.ledger.find(stage.name, stage.key)
        if entry is not None and entry.state == "done":
            wanted = "it is wanted" if stage.name in self.again else ""
            fault = wanted or stage.fault(entry.result)
            if not fault:
                self.tell(stage, f"nothing changed, {stage.told(entry.result)}")
                self._note(stage, started, entry.result, skipped=True)
                return entry.result
            self.tell(stage, f"again, since {fault}")
        with _Attempt(self, stage, started) as attempt:
            result = stage.make(attempt.entry.plan)
        seconds = time.perf_counter() - started
        self.ledger.finish(attempt.entry, result, seconds=seconds)
        self.tell(stage, f"{stage.told(result)} ({seconds:.1f} s)")
        self._note(stage, started, result, skipped=False)
        return result

    def tell(self, stage: Stage, text: str) -> None:
        """Show a line about a stage to whoever watches."""
        report_stage(stage.name, f"{stage.name}: {text}")

    def _note(self, stage: Stage, started: float, result: Values, *, skipped: bool) -> None:
        self.outcomes.append(
            StageOutcome(
                name=stage.name,
                key=stage.key,
                skipped=skipped,
                seconds=round(time.perf_counter() - started, 2),
                told=stage.told(result),
            )
        )


class _Attempt:
    """Writes down that a stage is begun, and why it failed."""

    def __init__(self, stages: Stages, stage: Stage, started: float) -> None:
        self._stages, self._stage, self._started = stages, stage, started
        old = stages.ledger.find(stage.name, stage.key)
        goes_on = old is not None and old.state != "done"
        stages.tell(stage, "goes on" if goes_on else "begins")
        self.entry: Entry = stages.ledger.begin(
            stage.name, stage.key, inputs=stage.inputs, plan=stage.plan()
        )

    def __enter__(self) -> _Attempt:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not isinstance(error, Exception):
            return  # done, or stopped by somebody: it stays begun
        own = isinstance(error, StickgenError)
        why = str(error) if own else f"{type(error).__name__}: {error}"
        seconds = time.perf_counter() - self._started
        done = [o.name for o in self._stages.outcomes]
        resume = (
            f"{self._stages.unharmed()}; mend it and run the same command again: it goes on with "
            f"stage {self._stage.name}"
            + (f" ({', '.join(done)} need not be done again)" if done else "")
        )
        self._stages.ledger.fail(self.entry, why, seconds=seconds)
        raise RetrainError(self._stage.name, why, resume) from error
