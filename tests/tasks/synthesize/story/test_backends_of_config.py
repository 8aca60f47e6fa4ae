from __future__ import annotations

import pytest

from datasets_spec.errors import ConfigError
from tasks.config import StoryConfig
from tasks.synthesize.story.backends import make_backend, make_gather_config
from tasks.synthesize.story.grammar.backend import GrammarBackend
from tasks.synthesize.story.grok_client import GrokBackend
from tasks.synthesize.story.ollama_client import OllamaBackend


def test_the_grammar_needs_nothing_and_takes_no_theme() -> None:
    assert isinstance(make_backend(StoryConfig(), environ={}), GrammarBackend)
    with pytest.raises(ConfigError, match="takes no theme"):
        make_backend(StoryConfig(theme="pirates"))


def test_ollama_with_its_defaults_and_its_own_words() -> None:
    backend = make_backend(StoryConfig(backend="ollama"))
    assert isinstance(backend, OllamaBackend)
    assert (backend.model, backend.host) == ("llama3.1", "http://127.0.0.1:11434")
    backend.close()
    backend = make_backend(
        StoryConfig(backend="ollama", model="qwen", host="http://box:1", temperature=0.2)
    )
    assert (backend.model, backend.options["temperature"]) == ("qwen", 0.2)
    backend.close()


def test_grok_gets_its_key_from_the_environment() -> None:
    backend = make_backend(StoryConfig(backend="grok"), environ={"GROK_API_KEY": "k-1"})
    assert isinstance(backend, GrokBackend)
    assert backend.base_url == "https://api.x.ai/v1"
    assert "k-1" not in repr(backend)
    backend.close()
    with pytest.raises(ConfigError, match="https"):
        make_backend(StoryConfig(backend="grok", host="http://far.example"), environ={})


def test_limits_of_the_harvest() -> None:
    config = make_gather_config(StoryConfig(theme="robots", concurrency=64))
    assert (config.theme, config.max_calls) == ("robots", 64)
    with pytest.raises(ConfigError, match="the theme of the stories"):
        make_gather_config(StoryConfig(theme="<b>"))
