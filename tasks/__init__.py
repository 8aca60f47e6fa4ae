"""The stages of the pipeline: pure modules, plus one `task.py` a stage with all effects."""

__all__: list[str] = []
