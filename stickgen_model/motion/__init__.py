"""Rotations, forward kinematics, filtering and resampling of 3D motion, in numpy."""

__all__: list[str] = []
