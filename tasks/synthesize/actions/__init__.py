"""The 64 actions, from a few shared mechanisms."""

__all__: list[str] = []
