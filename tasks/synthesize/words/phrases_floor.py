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
get back on {his} feet and *get up
sit_down:
sit down
take a seat
style!=floor,cross_legged,ground | sit down on a chair
style!=floor,cross_legged,ground | lower {himself} into a chair
style=floor,ground | sit down on the floor
style=floor,ground | sit down on the ground
style=cross_legged | sit down cross-legged on the floor
sit:
sit
sit still
stay seated
remain seated
style!=floor,cross_legged,ground,long | sit on a chair
style=floor,ground,long | sit on the floor
style=floor,ground,long | sit on the ground
style=cross_legged | sit cross-legged on the floor
stand_up:
stand up
stand back up
stand up straight from a seat
stand up from a seat
get up from a seat and *stand up
style!=floor,cross_legged,ground | stand up from a chair
style!=floor,cross_legged,ground | get up from a chair
style!=floor,cross_legged,ground | rise from {his} chair
crouch:
crouch down
crouch
squat down
crouch low
crouch close to the ground
duck down into a crouch
kneel:
kneel down
kneel
kneel on the ground
get down on {his} knees
style=one,one_knee,half,left,right | go down on a knee and *kneel
style=both,two,two_knees | kneel on both knees
style=one,one_knee,half,left,right | get down on one knee
lie_down:
lie down
lie down on the ground
lie down on the floor
dir!=forward style=back | lie down on {his} back
style=front,stomach,belly,prone | lie down on {his} stomach
style=side | lie down on {his} side
dir=left,right style=side | lie down on {his} {lr} side
jump:
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
style=tuck | jump {count} and *pull the knees up
style=tuck | make a tuck jump {count}
style=tuck | jump {count} with the knees pulled up to the chest
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
style=army | crawl {dir} like a soldier, close to the ground
crawl along the ground
climb:
dir!=down | climb up
climb {dir} {thing}
climb {dir} {thing}
climb {dir} {the}
style=ladder | climb {dir} a tall ladder
style=ladder | climb {dir} the rungs of a ladder
style=wall | climb {dir} a rock wall
style=wall | climb {dir} a steep wall
style=rope | climb {dir} a rope
style=stairs | climb {dir} the stairs
climb hand over hand
swim:
style=front_crawl | swim the front crawl
style=front_crawl | swim {dir} in front crawl
style=front_crawl | swim freestyle
style=breaststroke | swim breaststroke
style=breaststroke | swim {dir} with the breaststroke
style=backstroke | swim backstroke
style=backstroke | swim on {his} back
style=backstroke | swim the backstroke
style=butterfly | swim the butterfly stroke
style=butterfly | swim in butterfly style
swim through the water
swim {dir}
fly:
fly through the air
style!=superman,superhero,glide,plane | fly like a bird
style!=bird,flapping,glide,plane | fly like a superhero
fly in the air
dir!= | fly {dir} through the air
style=superman,superhero | fly through the air with an arm stretched out like a superhero
style=bird,flapping | fly like a bird and *flap {his} arms
style=glide,plane | fly through the air with arms spread like wings
cartwheel:
do a cartwheel
turn a cartwheel
perform a cartwheel
dir=left,right | do a cartwheel to the {lr}
dir=left,right | turn a cartwheel to {his} {lr}
"""
