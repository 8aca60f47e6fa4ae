"""What is told about the end of a retraining, and to which program."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from datasets_spec.errors import StickgenError
from tasks.retrain.config import NotifyConfig
from tasks.retrain.outcome import RetrainSummary, retrain_markdown
from tasks.retrain.stage import RetrainError

__all__ = ["News", "NotifyError", "notify_config", "retrain_news", "run_command"]

_SHOWN = 300


class NotifyError(StickgenError):
    """The news could not be delivered."""


@dataclass(frozen=True, kw_only=True, slots=True)
class News:
    """The end of a run.

    Attributes:
        event: `failure` or `completion`.
        run: Name of the flow run.
        subject: One line.
        body: All that is known, as text.
        stage: That failed; empty if none did.
        why: Of a failure.
        resume: What to do about it.
        promoted: Whether there is a new champion; None if no candidate was judged.
    """

    event: Literal["failure", "completion"]
    run: str
    subject: str
    body: str
    stage: str = ""
    why: str = ""
    resume: str = ""
    promoted: bool | None = None

    def as_json(self) -> str:
        """One line of JSON."""
        return json.dumps({"flow": "retrain", **asdict(self)})


def notify_config(parameters: Mapping[str, Any]) -> NotifyConfig:
    """Who is to be told, from the parameters of a flow run.

    Args:
        parameters: As Prefect hands them to a hook: the configuration, or its plain values.

    Raises:
        ConfigError: If they name something that cannot be.
    """
    config = parameters.get("config")
    found = config.get("notify") if isinstance(config, Mapping) else getattr(config, "notify", None)
    if isinstance(found, NotifyConfig):
        return found
    values = dict(found or {})
    for name in ("on", "command"):
        if name in values:
            values[name] = tuple(values[name])
    return NotifyConfig(**values)


def retrain_news(run: str, outcome: object, *, message: str) -> News:
    """What to tell about the end of a run.

    Args:
        run: Name of the flow run.
        outcome: What the flow returned or raised, if it is known.
        message: What Prefect says of the state.
    """
    if isinstance(outcome, RetrainSummary):
        done = ", ".join(outcome.done) or "nothing changed"
        ends = {True: "; new champion", False: "; champion kept", None: ""}[outcome.promoted]
        return News(
            event="completion",
            run=run,
            subject=f"retrain {run}: {done}{ends}",
            body=retrain_markdown(outcome),
            promoted=outcome.promoted,
        )
    if isinstance(outcome, RetrainError):
        first = outcome.why.strip().splitlines()[0][:_SHOWN] if outcome.why.strip() else "?"
        return News(
            event="failure",
            run=run,
            subject=f"retrain {run}: stage {outcome.stage} failed: {first}",
            body=str(outcome),
            stage=outcome.stage,
            why=outcome.why,
            resume=outcome.resume,
        )
    if isinstance(outcome, StickgenError):
        message = str(outcome)
    first = message.strip().splitlines()[0][:_SHOWN] if message.strip() else "no reason is known"
    resume = "run the same command again: it goes on where it stopped"
    return News(
        event="failure",
        run=run,
        subject=f"retrain {run}: stopped: {first}",
        body=f"{message}\n{resume}",
        why=message,
        resume=resume,
    )


def run_command(config: NotifyConfig, news: News) -> None:
    """Give the news to the configured program, as JSON on its standard input.

    Raises:
        NotifyError: If it cannot be run, takes too long, or ends with a fault.
    """
    told = " ".join(config.command)[:_SHOWN]
    try:
        done = subprocess.run(  # noqa: S603 - the program is the operator's own, no shell
            list(config.command),
            input=news.as_json().encode(),
            capture_output=True,
            timeout=config.timeout_s,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        msg = f"notify: expected {told} to end within {config.timeout_s:g} s, it did not"
        raise NotifyError(msg) from error
    except (OSError, ValueError) as error:
        msg = f"notify: expected a program, {told} cannot be run: {error}"
        raise NotifyError(msg) from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()[-_SHOWN:]
        msg = f"notify: expected {told} to end with 0, it ended with {done.returncode}: {said}"
        raise NotifyError(msg)
