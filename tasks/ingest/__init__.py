"""Raw files to 3D motion of a 15-point body."""

__all__: list[str] = []
