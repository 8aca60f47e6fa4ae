"""Telling people how a retraining ended, as hooks of its flow."""

from __future__ import annotations

import inspect
import logging
from typing import Any, cast

from prefect.blocks.core import Block
from prefect.blocks.notifications import NotificationBlock
from prefect.blocks.webhook import Webhook
from prefect.utilities.asyncutils import run_coro_as_sync

from tasks.retrain.notify import News, NotifyError, notify_config, retrain_news, run_command

__all__ = ["send_to_block", "tell_end"]

_logger = logging.getLogger(__name__)


def tell_end(flow: Any, flow_run: Any, state: Any) -> None:
    """Tell the log, and the block and the program of the configuration, how a run ended.

    Args:
        flow: The flow; its name is not used.
        flow_run: Its name and its parameters.
        state: The final state.

    Raises:
        NotifyError: If somebody could not be told; the others were. Prefect logs it, and the
            state of the run stays.
    """
    del flow
    news = retrain_news(flow_run.name, _outcome(state), message=state.message or state.name or "")
    level = logging.INFO if news.event == "completion" else logging.ERROR
    _logger.log(level, "%s\n%s", news.subject, news.body)
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
    return run_coro_as_sync(value) if inspect.iscoroutine(value) else value


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
    if isinstance(block, NotificationBlock):
        send = lambda: block.notify(news.body, news.subject)  # noqa: E731
    elif isinstance(block, Webhook):
        send = lambda: block.call({"flow": "retrain", **_plain(news)})  # noqa: E731
    else:
        msg = f"notify: expected a block that notifies, {name} is a {type(block).__name__}"
        raise NotifyError(msg)
    try:
        answer = _now(send())
    except Exception as error:  # noqa: BLE001 - each kind of block has faults of its own
        msg = f"notify: block {name} could not deliver: {type(error).__name__}"
        raise NotifyError(msg) from None
    status = getattr(answer, "status_code", 200)
    if status >= 400:
        msg = f"notify: block {name} was answered with status {status}"
        raise NotifyError(msg)


def _plain(news: News) -> dict[str, Any]:
    import json  # noqa: PLC0415

    found: dict[str, Any] = json.loads(news.as_json())
    return found
