"""Verb phrases of what is done on two feet along a path, and of standing."""

from __future__ import annotations

from typing import Final

__all__ = ["TRAVEL_PHRASES"]

TRAVEL_PHRASES: Final = """
idle:
stand still
stand in place
stand there without moving
remain standing
stand still and *wait
wait
stand there and *do nothing
stand idly
walk:
arc!=curve,circle dir!=backward | walk {dir}
arc!=curve,circle dir!=backward | walk {dir}
arc!=curve,circle dir=forward | walk straight ahead
arc!=curve,circle dir!=backward | walk along
arc!=curve,circle | stroll {dir}
arc!=curve,circle | take a walk
arc!=curve,circle dir=forward | stride {dir}
dir!=backward | walk
dir!=backward | walk on foot
arc=curve | walk in a curve {dir}
arc=curve | walk along a curved path {dir}
arc=curve | walk and *curve {dir}
arc=circle | walk in a circle
arc=circle | walk around in a circle
walk_backward:
walk backward
walk backwards
walk in reverse
step backwards
walk slowly backwards
stride backward
sidestep:
step sideways {dir}
sidestep {dir}
walk sideways {dir}
move sideways with side steps {dir}
shuffle sideways {dir}
dir=left,right | step to the {lr}
dir=left,right | shuffle to the {lr}
run:
run {dir}
run {dir}
run along
jog {dir}
fast!=yes | jog along
arc=curve | run in a curve {dir}
arc=circle | run in a circle
arc!=circle,curve | run straight ahead
run_backward:
run backward
run backwards
jog backward
jog backwards
run in the backward direction
sprint:
sprint {dir}
sprint at full speed
sprint as fast as {he} can
sprint along
sprint ahead at top speed
march:
march {dir}
march along
march like a soldier
march with high knees
march in step
skip:
skip {dir}
skip along
skip playfully {dir}
skip with light steps
hop:
side=left,right | hop {count} on the {side} foot
side=left,right | hop {count} on {his} {side} leg
side=left,right | hop {dir} {count} on the {side} leg
side= | hop {dir} {count}
side= | hop up and down {count}
side=both | hop {count} on both feet
side=both | hop {dir} {count} with both feet
limp:
limp {dir}
limp along
walk with a limp
hobble {dir}
side=left,right | limp on the {side} leg
side=left,right | limp and *drag {his} {side} leg
side=left,right | walk with a limp in the {side} leg
turn:
turn=slight,quarter dir=left,right | turn to the {lr}
turn=slight,quarter dir=left,right | turn to {his} {lr}
turn=slight dir=left,right | turn slightly to the {lr}
turn=quarter dir=left,right | make a quarter turn to the {lr}
turn=quarter dir=left,right | pivot to the {lr}
turn=half dir=left,right | turn around to the {lr}
turn=half | turn around
turn=half | turn around on the spot
turn=half dir=left,right | turn half around to the {lr}
turn=half | turn the other way
turn=full | turn in a full circle
turn=full dir=left,right | spin around to the {lr}
turn=full | spin around in a full circle
turn=more | spin around
turn=more | spin around on the spot
turn= dir!=left,right | turn on the spot
turn= dir=left,right | turn to the {lr}
stagger:
stagger {dir}
stagger along
stumble {dir}
stumble along unsteadily
walk unsteadily
lose {his} balance and *stagger
stagger from side to side
carry:
carry {thing}
carry {thing} {hand}
carry {thing} in front of {himself}
carry {the} {hand}
thing= | carry something
thing=box,crate,bag,suitcase,bucket | carry a heavy load
side=both | carry {thing} in both hands
side=left,right | carry {thing} in {his} {side} hand
push:
push against something heavy
push something heavy {dir}
thing!= | push {thing} {dir}
thing!= | push {thing} with both hands
thing!= | push against {thing}
thing!= | push against {thing} with all {his} strength
partner=yes | push {partner}
partner=yes | shove {partner} {hand}
"""
