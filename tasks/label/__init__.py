"""Words to per-frame actions and captions."""

__all__: list[str] = []
