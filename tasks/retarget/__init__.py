"""3D motion to clips of the ten-joint figure."""

__all__: list[str] = []
