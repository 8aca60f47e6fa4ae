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
style=at_ease | stand at ease
style=at_ease | stand still and relaxed
style=hands_on_hips | stand still with {his} hands on the hips
style=hands_behind_back | stand still with {his} hands behind the back
style=fidget | stand in place and *fidget
style=sway | stand in place and *sway a little
walk:
else | walk
arc!=curve,circle style!=zigzag dir!=backward | walk {dir}
arc!=curve,circle style!=zigzag dir!=backward | walk {dir}
arc!=curve,circle style!=zigzag dir=forward | walk straight ahead
arc!=curve,circle style!=zigzag dir!=backward | walk along
arc!=curve,circle | stroll {dir}
arc!=curve,circle | take a walk
arc!=curve,circle dir=forward | stride {dir}
dir!=backward | walk
arc=curve | walk in a curve {dir}
arc=curve | walk along a curved path {dir}
arc=curve | walk and *curve {dir}
arc=circle | walk in a circle
arc=circle | walk around in a circle
style=zigzag | walk in a zigzag
style=zigzag | walk {dir} in a zigzag line
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
style=zigzag | run in a zigzag
arc!=circle,curve style!=zigzag | run straight ahead
run_backward:
run backward
run backwards
jog backward
jog backwards
sprint:
sprint {dir}
sprint at full speed
sprint as fast as {he} can
sprint along
sprint ahead at top speed
march:
n=0,1 style!=on_the_spot | march {dir}
n=0,1 style!=on_the_spot | march along
n=0,1 | march like a soldier
n=0,1 | march with high knees
n=0,1 style=on_the_spot | march on the spot
n=0,1 style=on_the_spot | march in place
n=+ style!=on_the_spot | march {n} steps {dir}
n=+ style!=on_the_spot | march {dir} for {n} steps
n=+ style!=on_the_spot | march {n} steps with high knees
n=+ | march {n} steps like a soldier
n=+ style=on_the_spot | march {n} steps on the spot
n=+ style=on_the_spot | march in place for {n} steps
skip:
skip {dir}
skip along
skip playfully {dir}
skip with light steps
hop:
else | hop
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
else | turn on the spot
n=0,1 turn=slight,quarter dir=left,right | turn to the {lr}
n=0,1 turn=slight,quarter dir=left,right | turn to {his} {lr}
n=0,1 turn=slight dir=left,right | turn slightly to the {lr}
n=0,1 turn=quarter dir=left,right | make a quarter turn to the {lr}
n=0,1 turn=quarter dir=left,right | pivot to the {lr}
n=0,1 turn=half dir=left,right | turn around to the {lr}
n=0,1 turn=half | turn around
n=0,1 turn=half | turn around on the spot
n=0,1 turn=half dir=left,right | turn half around to the {lr}
n=0,1 turn=full | turn in a full circle
n=0,1 turn=full dir=left,right | spin around to the {lr}
n=0,1 turn=full | spin around in a full circle
n=0,1 turn=more | spin around
n=0,1 turn=more | spin around on the spot
n=0,1 turn= dir!=left,right | turn on the spot
n=0,1 turn= dir=left,right | turn to the {lr}
n=+ turn=slight,quarter dir=left,right | turn to the {lr} in {n} steps
n=+ turn=slight,quarter dir=left,right | turn to {his} {lr} with {n} steps
n=+ turn=quarter dir=left,right | make a quarter turn to the {lr} in {n} steps
n=+ turn=half dir=left,right | turn around to the {lr} in {n} steps
n=+ turn=half | turn around in {n} steps
n=+ turn=half | turn around on the spot with {n} steps
n=+ turn=full,more dir=left,right | spin around to the {lr} in {n} steps
n=+ turn=full,more | turn in a full circle with {n} steps
n=+ turn= | turn on the spot in {n} steps
stagger:
stagger {dir}
stagger along
stumble {dir}
stumble along unsteadily
walk unsteadily
lose {his} balance and *stagger
stagger from side to side
carry:
else | carry something
thing= | carry something {hand}
thing!= | carry {thing}
thing!= | carry {thing} {dir}
thing!= style!=shoulder,side | carry {thing} in front of {himself}
thing!= style!=shoulder | carry {thing} {hand}
thing!= | walk along and *carry {thing}
style=front thing!= | carry {thing} in front of the body
style=front thing!= | carry {thing} in {his} arms
style=shoulder thing!= | carry {thing} on {his} shoulder
style=shoulder thing!= side=left,right | carry {thing} on {his} {side} shoulder
style=side thing!= side=left,right | carry {thing} in {his} {side} hand
style=side thing!= side=left,right | carry {thing} at {his} {side} side
push:
else | push something
thing= partner=no | push something heavy {dir}
thing= partner=no | push against something heavy
thing!= | push {thing} {dir}
thing!= | push {thing} with both hands
thing!= | push against {thing}
thing!= | push against {thing} with all {his} strength
thing!= | push {thing} along
partner=yes thing= | push {partner}
partner=yes thing= | shove {partner} {hand}
"""
