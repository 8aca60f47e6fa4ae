"""Stories are told while the rest of a build works."""

from __future__ import annotations

import contextvars
import threading
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tasks.synthesize.task import tell_stories

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tasks.config import BuildConfig
    from tasks.store.workspace import Workspace
    from tasks.synthesize.story.book import StoryBook

__all__ = ["Teller", "open_teller"]


class Teller:
    """The task run that has the stories of a build told."""

    def __init__(self, config: BuildConfig, workspace: Workspace) -> None:
        self.stop = threading.Event()
        self._config = config
        self._workspace = workspace
        self._told: Future[StoryBook] = Future()

    def start(self) -> None:
        """Begin, in a thread of its own: a runner would wait for a call that hangs."""
        context = contextvars.copy_context()
        run = threading.Thread(target=context.run, args=(self._tell,), name="stories", daemon=True)
        run.start()

    def check(self) -> None:
        """Raise what ended the telling early; a build need not go on to its end for that."""
        if self._told.done():
            self._told.result()

    def result(self) -> StoryBook:
        """Wait for the stories.

        Raises:
            StickgenError: Whatever ended the telling.
        """
        return self._told.result()

    def _tell(self) -> None:
        cache = self._config.synthesis.story.cache
        try:
            book = tell_stories(
                self._config.synthesis,
                seed=self._config.seed,
                cache=Path(cache).expanduser() if cache else self._workspace.story_cache,
                book=self._workspace.stories,
                stop=self.stop,
            )
        except BaseException as error:  # noqa: BLE001 - raised again where the result is taken
            self._told.set_exception(error)
        else:
            self._told.set_result(book)


@contextmanager
def open_teller(config: BuildConfig, workspace: Workspace) -> Iterator[Teller | None]:
    """Begin to tell the stories of a build, if it wants any; call inside a flow.

    Who leaves the block early does not wait for a story that is being told.
    """
    if not config.synthesis.num_stories:
        yield None
        return
    teller = Teller(config, workspace)
    teller.start()
    try:
        yield teller
    finally:
        teller.stop.set()
