"""One page of prompts by models: what one opens after training."""

__all__: list[str] = []
