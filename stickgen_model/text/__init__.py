"""Sentences to vectors: encoders, the one way to normalise a sentence, and the cached table."""

__all__: list[str] = []
