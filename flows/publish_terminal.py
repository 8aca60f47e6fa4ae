"""A publication in the terminal: bars while it runs."""

from __future__ import annotations

import logging
import warnings
from typing import TYPE_CHECKING

from rich.console import Console

from flows.interrupt import quick_interrupt
from flows.publish_dataset import publish_dataset_flow
from flows.rate_bar import rate_bars

if TYPE_CHECKING:
    from tasks.release.release import Released
    from tasks.release.settings import PublishConfig

__all__ = ["publish_in_terminal"]


def publish_in_terminal(config: PublishConfig) -> Released:
    """Run the flow in this process and show how far it is.

    Raises:
        StickgenError: Whatever the flow raised for the user.
    """
    console = Console(stderr=True, highlight=False)
    warnings.simplefilter("ignore")  # of the libraries
    logging.getLogger("sqlalchemy").setLevel(logging.CRITICAL)
    console.print("starting (a temporary Prefect server takes some seconds)")
    with rate_bars(), quick_interrupt(console.print):
        return publish_dataset_flow(config)
