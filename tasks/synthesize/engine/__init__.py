"""Bodies, curves over time, gaits and inverse kinematics."""

__all__: list[str] = []
