"""Who does what, when, where and with whom."""

__all__: list[str] = []
