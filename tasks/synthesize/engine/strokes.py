"""What gestures are made of: a window of the motion, repeats, reaches scaled to the body.

A gesture has a preparation, strokes and a retraction (Kendon, Gesture: Visible Action as
Utterance, 2004): `Act.weight` gives the first and the last, `repeats` and `bumps` the strokes.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from stickgen_model.motion.rotations import axis_rotation
from tasks.synthesize.engine.arms import aim_arm, aim_hand
from tasks.synthesize.engine.posture import Posture
from tasks.synthesize.engine.take import LEFT, RIGHT, Deed
from tasks.synthesize.engine.timing import ease

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.synthesize.engine.take import Beat, Take

    Floats = NDArray[np.float64]

__all__ = ["Act", "begin_act", "window"]

_TRACKS: Final = tuple(one.name for one in fields(Posture))
_NUM_DICE: Final = 64
_STATURE_M: Final = 1.70
"""Places of hands are written down for a body of this stature."""
_STILL_M: Final = 0.12
"""A base whose hips move less than this over a beat stands."""
_ARC_M: Final = (0.0, 0.02, 0.22)
"""Bow of a reach: hands go around the trunk, not straight at their goal; by eye."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Act:
    """One upper-body action at work inside its beat. Tracks are views of the take's window."""

    beat: Beat
    posture: Posture
    """Views: only the frames inside the beat; edit in place."""
    t: Floats
    """(N,) seconds, of the window."""
    start: float
    end: float
    side: int
    """The hand that leads: asked for, or the preferred one."""
    style: str
    size: float
    """Amplitude of movement, 1 usual."""
    pace: float
    """Speed of movement, 1 usual."""
    energy: float
    scale: float
    """Stature against that for which places are written down."""
    stance: str
    standing: bool
    """True: on both planted feet, so that weight can be shifted."""
    dice: Floats
    """(64,) normal numbers, clipped at 2 deviations, this performance's own."""

    @property
    def away(self) -> float:
        """-1 or 1: sign of x on the leading hand's side."""
        return 1.0 if self.side == LEFT else -1.0

    @property
    def other(self) -> int:
        """The hand that does not lead."""
        return 1 - self.side

    def led_by(self, side: int) -> Act:
        """The same, led by the other hand or the same."""
        return replace(self, side=side)

    def vary(self, which: int, spread: float) -> float:
        """A factor around 1; `which` 0..15 tells one from another."""
        return 1.0 + spread * float(self.dice[48 + which])

    def ramp(self, seconds: float) -> float:
        """Length of a preparation: shorter if quick and vigorous, at most 0.32 of the beat."""
        wanted = seconds / (self.pace * (0.8 + 0.4 * self.energy))
        return min(wanted, 0.32 * (self.end - self.start))

    def weight(self, seconds: float, *, late: float = 0.0) -> Floats:
        """0 outside, 1 inside with minimum-jerk ramps; `late`: seconds by which it follows."""
        late = min(late, 0.1 * (self.end - self.start))
        inside = np.minimum(self.t - (self.start + late), (self.end - 0.4 * late) - self.t)
        return ease(inside / self.ramp(seconds))

    def times(
        self,
        seconds: float,
        *,
        period: float,
        fewest: int = 1,
        most: int = 24,
        least_period: float = 0.2,
    ) -> Floats:
        """Borders of the repeats between the ramps, (n + 1,) seconds, a little uneven.

        Args:
            seconds: Length of the ramps, as given to `weight`.
            period: Usual length of one repeat, seconds at pace 1.
            fewest: Fewest repeats if the beat has no wish.
            most: Most repeats; a wish is cut to it.
            least_period: No repeat is shorter, whatever is asked for, seconds.
        """
        ramp = self.ramp(seconds)
        start, end = self.start + 0.85 * ramp, self.end - 0.85 * ramp
        count = self.beat.count or max(fewest, round((end - start) * self.pace / period))
        count = max(1, min(count, most, int((end - start) / least_period)))
        parts = 1.0 + 0.06 * self.dice[:count]
        return start + (end - start) * np.concatenate([[0.0], np.cumsum(parts) / parts.sum()])

    def heights(self, count: int, *, spread: float = 0.07) -> Floats:
        """(count,) factors around 1: no repeat is quite like the last."""
        out: Floats = 1.0 + spread * self.dice[24 : 24 + count]
        return out

    def tremor(self, hertz: float) -> Floats:
        """A quick oscillation of height 1 whose rhythm drifts a little. Shape (N,)."""
        drift = 0.8 * np.sin(2.0 * np.pi * 0.37 * self.t + self.dice[62])
        wave = 2.0 * np.pi * hertz * (self.t - self.start)
        out: Floats = np.sin(wave + drift + self.dice[63])
        return out

    def place(self, x: float, y: float, z: float, *, side: int | None = None) -> Floats:
        """A place of the chest's frame, written for the right hand of a 1.7 m body. (3,)."""
        hand = self.side if side is None else side
        return np.array([x if hand == RIGHT else -x, y, z]) * self.scale

    def reach(
        self,
        side: int,
        target: Floats,
        weight: Floats,
        *,
        out: float = 0.0,
        arc: float = 1.0,
    ) -> None:
        """Bring a wrist to a target of the chest's frame on a bowed path.

        Args:
            side: 0 left, 1 right.
            target: (3,) or (N, 3), metres, as `place` gives it.
            weight: (N,).
            out: How far out the elbow points, -1..1.
            arc: Scale of the bow.
        """
        # the straight way to what is above the shoulder leads through it: the elbow would flick
        high = float(np.clip(target[..., 1].max(initial=0.0) / (0.2 * self.scale), 0.0, 2.0))
        bow = np.array(_ARC_M) * (arc * (1.0 + high) * self.scale)
        aim_hand(self.posture, side, target + (1.0 - weight[:, None]) * bow, weight)
        if self.stance == "lie":
            # on the back an elbow that hangs would go through the floor
            out = 0.9
        if out:
            self.posture.elbows[:, side] += weight * out

    def hold(self, side: int, target: Floats, weight: Floats) -> None:
        """Bring a wrist to targets in the world, (N, 3), metres."""
        aim_hand(self.posture, side, target, weight, in_world=True)

    def arm(self, side: int, angles: Floats, weight: Floats) -> None:
        """Blend one arm to angles (4,) or (N, 4)."""
        aim_arm(self.posture, side, angles, weight)

    def trunk(self, weight: Floats, *, bend: Any = 0.0, twist: Any = 0.0, lean: Any = 0.0) -> None:
        """Add to the chest's bend forward, twist and lean, both to the leading hand's side."""
        # a positive third angle takes the top of the trunk (and of the head) to the left, +x
        calm = 0.35 if self.stance == "lie" else 1.0
        track = self.posture.trunk
        for column, angle, sign in ((0, bend, 1.0), (1, twist, self.away), (2, lean, self.away)):
            if isinstance(angle, np.ndarray) or angle:
                track[:, column] += (calm * sign) * weight * angle

    def head(self, weight: Floats, *, nod: Any = 0.0, turn: Any = 0.0, tilt: Any = 0.0) -> None:
        """Add to the head's nod, turn and tilt, both to the leading hand's side."""
        track = self.posture.head
        for column, angle, sign in ((0, nod, 1.0), (1, turn, self.away), (2, tilt, self.away)):
            if isinstance(angle, np.ndarray) or angle:
                track[:, column] += sign * weight * angle

    def shift(self, weight: Floats, *, aside: Any = 0.0, ahead: Any = 0.0, down: Any = 0.0) -> None:
        """Move the hips over planted feet, metres at 1.7 m, aside to the leading hand's side.

        Nothing happens on a seat, on the knees or in a gait.
        """
        if not self.standing:
            return
        posture, scale = self.posture, self.scale * weight
        aside, ahead = self.away * aside * scale, ahead * scale
        # a leg leans over as the hips go: they sink a little, or the foot would leave its place
        sunk = down * scale + 0.9 * (aside**2 + ahead**2) + 0.1 * (np.abs(aside) + np.abs(ahead))
        level = np.array([1.0, 0.0, 1.0])
        left, front = posture.turn[:, :, 0] * level, posture.turn[:, :, 2] * level
        posture.hips += aside[:, None] * left + ahead[:, None] * front
        posture.hips[:, 1] -= sunk

    def swivel(self, weight: Floats, yaw: Any) -> None:
        """Turn the pelvis over planted feet, radians to the left."""
        if self.standing:
            self.posture.turn[:] = axis_rotation("Y", weight * yaw) @ self.posture.turn

    def done(
        self,
        *,
        side: str = "",
        count: int = 0,
        thing: str = "",
        direction: str = "",
    ) -> Deed:
        """What was done, with the style and the span of the beat."""
        return Deed(
            action=self.beat.action,
            start_s=self.start,
            end_s=self.end,
            side=side,
            count=count,
            thing=thing,
            direction=direction,
            style=self.style,
        )

    def hand(self) -> str:
        """Name of the leading side."""
        return "left" if self.side == LEFT else "right"


def begin_act(
    take: Take,
    beat: Beat,
    *,
    styles: tuple[str, ...] = ("",),
    two_handed: tuple[str, ...] = (),
) -> Act:
    """Open the window of a beat and choose what the beat leaves open.

    Always draws the same number of numbers from the take.

    Args:
        take: Whose tracks to edit.
        beat: What is asked for.
        styles: Those to choose from, if the beat asks for none of them.
        two_handed: Styles not chosen if the beat asks for a side.
    """
    dice = np.clip(take.rng.standard_normal(_NUM_DICE), -2.0, 2.0)
    pool = [one for one in styles if beat.side is None or one not in two_handed] or styles
    chosen = pool[int(take.rng.random() * len(pool))]
    posture = window(take.posture, beat.start_s, beat.end_s)
    side = take.manner.handed if beat.side is None else beat.side
    bias = take.manner.asymmetry * (1.0 if side == LEFT else -1.0)
    stances = {take.stance_at(beat.start_s), take.stance_at(beat.end_s)}
    still = len(posture.t) == 0 or bool(np.ptp(posture.ankles[::4], axis=0).max() < _STILL_M)
    return Act(
        beat=beat,
        posture=posture,
        t=posture.t,
        start=beat.start_s,
        end=beat.end_s,
        side=side,
        style=beat.style if beat.style in styles else chosen,
        size=take.manner.amplitude * (1.0 + 0.12 * bias),
        pace=take.manner.tempo,
        energy=take.manner.energy,
        scale=take.body.stature / _STATURE_M,
        stance=take.stance_at(beat.end_s),
        standing=stances == {"stand"} and still,
        dice=dice,
    )


def window(posture: Posture, start_s: float, end_s: float) -> Posture:
    """Views of the tracks inside a span: edits in place are edits of the whole."""
    first, last = posture.t.searchsorted((start_s, end_s + 1e-9))
    return Posture(**{name: getattr(posture, name)[first:last] for name in _TRACKS})
