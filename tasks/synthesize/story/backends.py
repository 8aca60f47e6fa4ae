"""From the configuration of a build to the backend that tells its stories."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from datasets_spec.errors import ConfigError
from tasks.synthesize.story.gather import GatherConfig
from tasks.synthesize.story.grammar.backend import GrammarBackend
from tasks.synthesize.story.grok_client import API_URL, GrokBackend, read_api_key
from tasks.synthesize.story.ollama_client import DEFAULT_HOST, OllamaBackend

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tasks.config import StoryConfig
    from tasks.synthesize.story.client import StoryBackend

__all__ = ["DEFAULT_MODELS", "make_backend", "make_gather_config"]

DEFAULT_MODELS: Final = {"ollama": "llama3.1", "grok": "grok-4"}


def make_backend(config: StoryConfig, *, environ: Mapping[str, str] | None = None) -> StoryBackend:
    """The backend that a configuration names; nobody is asked yet. Close it after use.

    Args:
        config: Of the stories of a build.
        environ: Variables with the key of a service and OLLAMA_HOST; the process's own if None.

    Raises:
        ConfigError: If its options, its address or its key cannot be used.
    """
    if config.backend == "grammar":
        if config.theme.strip():
            msg = (
                f"the built-in grammar takes no theme, got {config.theme[:40]!r}; ask for the "
                "story backend ollama or grok, or leave the theme out"
            )
            raise ConfigError(msg)
        return GrammarBackend()
    variables = os.environ if environ is None else environ
    model = config.model or DEFAULT_MODELS[config.backend]
    if config.backend == "ollama":
        return OllamaBackend(
            model=model,
            host=config.host or variables.get("OLLAMA_HOST", "") or DEFAULT_HOST,
            temperature=config.temperature,
            timeout_s=config.timeout_s,
            more_options=dict(config.options),
        )
    return GrokBackend(
        model=model,
        api_key=read_api_key(environ),
        base_url=config.host or API_URL,
        temperature=config.temperature,
        timeout_s=config.timeout_s,
    )


def make_gather_config(config: StoryConfig) -> GatherConfig:
    """The limits of a harvest that a configuration asks for.

    Raises:
        ConfigError: If its theme holds markup or code.
    """
    return GatherConfig(theme=config.theme, max_calls=config.concurrency)
