"""Stories without a language model: plots as data, and what makes stories of them."""

__all__: list[str] = []
