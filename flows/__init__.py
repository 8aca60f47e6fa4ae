"""The order of the tasks, and the command line."""

__all__: list[str] = []
