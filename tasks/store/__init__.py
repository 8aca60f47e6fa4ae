"""The working folder: shards, markers, and records of arrays on disk."""

__all__: list[str] = []
