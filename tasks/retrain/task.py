"""Telling people how a retraining ended, as hooks of its flow."""

from __future__ import annotations

import inspect
import json
import logging
from typing import Any, Final, cast

from prefect.blocks.abstract import NotificationBlock
from prefect.blocks.core import Block
from prefect.blocks.webhook import Webhook
from prefect.logging.loggers import flow_run_logger
from prefect.utilities.asyncutils import run_coro_as_sync

from tasks.retrain.notify import News, NotifyError, notify_config, retrain_news, run_command

__all__ = ["send_to_block", "tell_end"]

_NO_NEWS: Final = object()
_logger = logging.getLogger(__name__)


def tell_end(flow: Any, flow_run: Any, state: Any) -> None:
    """Tell the log, and the block and the program of the configuration, how a run ended.

    Args:
        flow: The flow.
        flow_run: Its name and its parameters.
        state: The final state.

    Raises:
        NotifyError: If somebody could not be told; the others were. Prefect logs it, and the
            state of the run stays.
    """
    news = retrain_news(flow_run.name, _outcome(state), message=state.message or state.name or "")
    level = logging.INFO if news.event == "completion" else logging.ERROR
    flow_run_logger(flow_run, flow).log(level, "%s\n%s", news.subject, news.body)
    config = notify_config(flow_run.parameters)
    if news.event not in config.on:
        return
    faults = []
    if config.block:
        try:
            send_to_block(config.block, news)
        except NotifyError as error:
            faults.append(str(error))
    if config.command:
        try:
            run_command(config, news)
        except NotifyError as error:
            faults.append(str(error))
    if faults:
        raise NotifyError("; ".join(faults))


def _outcome(state: Any) -> object:
    """What the flow returned or raised; None where another process ran it."""
    try:
        return _now(state.result(raise_on_failure=False))
    except Exception as error:  # noqa: BLE001 - results of a lost process fail in many ways
        _logger.info("the result of the run is not at hand: %s", error)
        return None


def _now(value: Any) -> Any:
    """A value, or what a coroutine gives."""
    if not inspect.iscoroutine(value):
        return value
    wait: Any = run_coro_as_sync
    return wait(value)


def send_to_block(name: str, news: News) -> None:
    """Deliver news through a block: any that notifies, or a webhook, which gets it as JSON.

    Args:
        name: Type and name, such as slack-webhook/ops.
        news: What to tell.

    Raises:
        NotifyError: If there is no such block, it is of another kind, or it cannot deliver. The
            text holds no address: those are secrets.
    """
    try:
        block = cast("Block", _now(Block.load(name)))
    except ValueError as error:
        msg = f"notify: expected a Prefect block {name}, there is none; make it in the UI"
        raise NotifyError(msg) from error
    try:
        answer = _deliver(block, news)
    except Exception as error:  # noqa: BLE001 - each kind of block has faults of its own
        # without its own text, which may hold the address
        msg = f"notify: block {name} could not deliver: {type(error).__name__}"
        raise NotifyError(msg) from None
    if answer is _NO_NEWS:
        msg = f"notify: expected a block that notifies, {name} is a {type(block).__name__}"
        raise NotifyError(msg)
    status = getattr(answer, "status_code", 200)
    if status >= 400:
        msg = f"notify: block {name} was answered with status {status}"
        raise NotifyError(msg)


def _deliver(block: Block, news: News) -> object:
    """Call the block in the way of its kind; `_NO_NEWS` if it has none."""
    if isinstance(block, NotificationBlock):
        return _now(block.notify(news.body, news.subject))
    if isinstance(block, Webhook):
        return _now(block.call(json.loads(news.as_json())))
    return _NO_NEWS
