"""Verb phrases of sitting, lying, kneeling, falling and getting up, and of the air."""

from __future__ import annotations

from typing import Final

__all__ = ["FLOOR_PHRASES"]

FLOOR_PHRASES: Final = """
fall:
fall down
fall over
fall to the ground
fall to the floor
collapse to the ground
dir=forward | fall forward to the ground
dir=forward | fall flat on {his} face
dir=backward | fall backward to the floor
dir=backward | fall on {his} back
dir=left,right | fall over to the {lr}
dir=left,right | fall sideways to the {lr}
style=collapse | collapse
style=trip,trip_over | trip and *fall down
style=slip | slip and *fall down
style=faint | faint and *collapse to the floor
get_up:
get up
get up from the ground
get up from the floor
get back up
get up off the ground
rise from the floor
get up and *stand on {his} feet again
style=on_the_back | get up off {his} back
style=on_the_front | get up off {his} stomach
style=on_the_side | get up off {his} side
sit_down:
sit down
take a seat
style=on_a_chair | sit down on a chair
style=on_a_chair | lower {himself} into a chair
style=on_a_stool | sit down on a stool
style=on_a_stool | take a seat on a stool
style=on_the_floor | sit down on the floor
style!=on_a_chair,on_a_stool, | sit down on the ground
style=cross-legged_on_the_floor | sit down cross-legged on the floor
style=on_the_floor_with_outstretched_legs | sit down on the floor with outstretched legs
sit:
sit
sit still
stay seated
remain seated
style=on_a_chair | sit on a chair
style=on_a_stool | sit on a stool
style!=on_a_chair,on_a_stool, | sit on the floor
style!=on_a_chair,on_a_stool, | sit on the ground
style=cross-legged_on_the_floor | sit cross-legged on the floor
style=on_the_floor_with_outstretched_legs | sit on the floor with outstretched legs
stand_up:
stand up
stand back up
stand up again
style=on_a_chair | stand up from a chair
style=on_a_chair | get up from a chair
style=on_a_chair | rise from {his} chair
style=on_a_stool | stand up from a stool
style=on_a_stool | get up from a stool
style!=on_a_chair,on_a_stool, | stand up from a low seat
style=cross-legged_on_the_floor | stand up from a cross-legged seat
crouch:
crouch down
crouch
squat down
style=deep | crouch deeply
style=deep | squat down deeply
style=low | crouch low
style=low | crouch close to the ground
kneel:
kneel down
kneel
kneel on the ground
style=on_one_knee | go down on a knee and *kneel
style=on_one_knee side=left,right | kneel on {his} {side} knee
style=on_one_knee | kneel on a single knee
style=on_both_knees,on_the_heels | get down on {his} knees
style=on_both_knees | kneel on both knees
style=on_the_heels | kneel with {his} hips on the heels
lie_down:
lie down
lie down on the ground
lie down on the floor
style=on_the_back | lie down on {his} back
style=on_the_front | lie down on {his} stomach
style=on_the_side side=left,right | lie down on {his} {side} side
style=on_the_side | lie down on {his} side
jump:
else | jump
style!=jacks dir!=backward,left,right,forward | jump {count}
style!=jacks dir!=forward,backward,left,right | jump up {count}
style!=jacks dir!=forward,backward,left,right | jump into the air {count}
style!=jacks dir=up | jump straight up {count}
style!=jacks dir!=forward,backward,left,right | leap into the air {count}
style!=jacks dir=up n=0,1 | make a jump into the air
style!=jacks dir!=up | jump {dir} {count}
style!=jacks dir!=up | jump {count} {dir}
style!=jacks dir=forward,left,right,backward | leap {dir} {count}
style!=jacks dir=left,right | jump sideways to the {lr} {count}
style=long dir=forward | make a long jump forward {count}
style=long dir=forward | jump far forward {count}
style=long dir=forward | leap forward over a long distance {count}
style=tuck | jump {count} and *draw the knees up
style=tuck | make a tuck jump {count}
style=tuck | jump {count} with the knees drawn up to the chest
style=star | do a star jump {count}
style=star | jump {count} with arms and legs spread like a star
style=jacks n=+ | do {n} jumping jacks
style=jacks n=0,1 | do a jumping jack
style=jacks n=0 | do jumping jacks
style=jacks n=+ | jump {n} jumping jacks
crawl:
style!=bear,army | crawl {dir}
style!=bear,army | crawl on hands and knees
style!=bear,army | crawl {dir} on all fours
style=bear | crawl {dir} on hands and feet like a bear
style=bear | crawl like a bear
style=army | crawl {dir} on the belly
style=army | crawl close to the ground like a soldier
crawl along the ground
climb:
dir!=down | climb up
style!=frame | climb {dir} {thing}
style!=frame | climb {dir} {thing}
style!=frame | climb {dir} {the}
style=ladder | climb {dir} a tall ladder
style=ladder | climb {dir} the rungs of a ladder
style=wall | climb {dir} a rock wall
style=wall | climb {dir} a steep wall
style=rope | climb {dir} a rope
style=stairs | climb {dir} the stairs
style=frame | climb on a playground frame
style=frame | climb about on the bars
style=frame | climb around the playground bars
climb hand over hand
swim:
n=0,1 style=front_crawl | swim the front crawl
n=0,1 style=front_crawl | swim freestyle
n=0,1 style=breaststroke | swim breaststroke
n=0,1 style=breaststroke | swim {dir} with the breaststroke
n=0,1 style=backstroke | swim backstroke
n=0,1 style=backstroke | swim on {his} back
n=0,1 style=butterfly | swim the butterfly stroke
n=0,1 | swim through the water
n=0,1 | swim {dir}
n=+ style=front_crawl | swim {n} strokes of front crawl
n=+ style=front_crawl | swim freestyle for {n} strokes
n=+ style=breaststroke | swim {n} strokes of breaststroke
n=+ style=breaststroke | swim {dir} with {n} breaststrokes
n=+ style=backstroke | swim {n} strokes of backstroke
n=+ style=backstroke | swim on {his} back for {n} strokes
n=+ style=butterfly | swim {n} strokes of butterfly
n=+ | swim {n} strokes {dir}
n=+ | swim through the water with {n} strokes
fly:
else | fly through the air
n=0,1 | fly through the air
n=0,1 | fly in the air
n=0,1 dir!= | fly {dir} through the air
n=0,1 style!=wings,hover | fly like a superhero
style=hero_one side=left,right | fly through the air with the {side} arm ahead like a superhero
style=hero_one | fly through the air with an outstretched arm
style=hero_both | fly through the air with both arms stretched out
style=hero_both | fly like a superhero with both arms ahead
n=0,1 style=wings | fly like a bird
n=0,1 style=wings | fly through the air and *beat {his} arms like wings
n=+ style=wings | fly like a bird and *flap {his} arms {count}
n=+ style=wings | fly through the air with {n} strokes of the arms
n=+ style=wings | fly in the air and *beat {his} arms like wings {count}
n=+ style!=wings | fly through the air {count}
style=hover | fly on the spot and *hover in the air
style=hover | hover and *fly above the ground
cartwheel:
do a cartwheel
turn a cartwheel
perform a cartwheel
dir=left,right | do a cartwheel to the {lr}
dir=left,right | turn a cartwheel to {his} {lr}
"""
