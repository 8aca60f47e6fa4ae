"""Verb phrases of signs made with arms, head and trunk, and of voices and feelings."""

from __future__ import annotations

from typing import Final

__all__ = ["GESTURE_PHRASES"]

GESTURE_PHRASES: Final = """
bow:
style!=curtsy | bow {count}
style!=curtsy | take a bow {count}
style!=curtsy,slight | bow down {count}
bow politely {count}
style!=curtsy | bow from the waist {count}
partner=yes | bow to {partner} {count}
style=deep | bow deeply {count}
style=slight | bow slightly {count}
style=curtsy | curtsy {count}
style=with_a_flourish | bow with a flourish {count}
style=with_a_flourish | bow like a courtier {count}
wave:
wave {count} {hand}
wave {count} {hand}
wave {hand} {count}
wave hello {count} {hand}
wave at somebody {count} {hand}
wave goodbye {count} {hand}
partner=yes | wave at {partner} {count}
partner=yes | wave to {partner} {count} {hand}
side=left,right | raise {his} {side} hand and *wave {count}
side=left,right | lift the {side} arm and *wave {count}
side=left,right style!=small | wave {his} {side} arm {count}
style=both_hands | wave both hands in the air {count}
style=both_hands | raise both arms and *wave {count}
style=overhead side=left,right | wave with {his} {side} arm high above the head {count}
style=overhead | wave {count} with an arm high above the head
style=small | wave {count} {hand} in small movements
style=small | wave a little {count} {hand}
style=royal | wave like a queen {count} {hand}
point:
else | point at something
dir!=up,down,left,right,backward | point at something {hand}
dir!=up,down,left,right,backward | point ahead {hand}
dir=forward | point straight ahead {hand}
dir=up | point up {hand}
dir=up | point up at the sky {hand}
dir=down | point down {hand}
dir=down | point at the ground {hand}
dir=left,right | point to the {lr} {hand}
dir=left,right | point at something on {his} {lr}
dir=backward | point behind {himself} {hand}
dir=backward | point backwards over the shoulder
dir!=backward side=left,right dir!=up,down,left,right | raise {his} {side} arm and *point
dir!=left,right,backward side=left,right | point {his} {side} finger at something
partner=yes | point at {partner} {hand}
clap:
clap {count}
clap {his} hands {count}
clap {count} with both hands
n=0 | applaud
n=0 | clap along
style=overhead | clap {his} hands above the head {count}
style=overhead | clap overhead {count}
style=slow | clap slowly {count}
style=in_front | clap {his} hands in front of the chest {count}
salute:
salute {hand}
salute like a soldier {hand}
give a salute {hand}
style=stiff | salute stiffly {hand}
style=stiff | stand stiffly and *salute {hand}
style=casual | salute casually {hand}
side=left,right | raise {his} {side} hand to the brow and *salute
partner=yes | salute {partner} {hand}
celebrate:
else | celebrate
n=0,1 | celebrate
n=0,1 | celebrate a victory
n=0,1 | cheer and *celebrate
n=0,1 | celebrate with joy
n=0,1 | cheer
style=one_fist n=0,1 side=left,right | celebrate and *pump {his} {side} fist
style=one_fist n=+ side=left,right | celebrate and *pump {his} {side} fist {count}
style=one_fist n=+ | celebrate and *pump a fist {count}
style=both_fists n=0,1 | celebrate and *pump both fists in the air
style=both_fists n=+ | celebrate and *pump both fists in the air {count}
style=both_fists n=+ | cheer and *raise both fists in the air {count}
style=victory | celebrate with both arms in the air
style=victory n=0,1 | raise {his} arms in victory
style=jump_for_joy n=+ | celebrate and *jump for joy {count}
style=jump_for_joy n=+ | cheer and *jump up and down {count}
style=jump_for_joy n=0,1 | celebrate and *jump for joy
style=spin n=0,1 | celebrate and *spin around
style=spin n=+ | celebrate and *spin around {count}
style= n=+ | celebrate {count}
style=victory n=+ | celebrate {count} with both arms in the air
partner=yes n=0,1 | celebrate with {partner}
nod:
nod {count}
nod {his} head {count}
nod in agreement {count}
nod yes {count}
style=quick | nod quickly {count}
style=deep | nod deeply {count}
style=gentle | nod gently {count}
partner=yes | nod at {partner} {count}
shake_head:
shake {his} head {count}
shake {his} head no {count}
shake {his} head from side to side {count}
style=firm | shake {his} head firmly {count}
style=disbelief | shake {his} head in disbelief {count}
style=gentle | shake {his} head gently {count}
cross_arms:
cross {his} arms
fold {his} arms
cross {his} arms in front of the chest
stand with {his} arms crossed
fold {his} arms across the chest
stretch:
stretch {count}
stretch {his} body {count}
stretch {his} muscles {count}
stretch {his} limbs {count}
style=overhead | stretch {his} arms above the head {count}
style=overhead | stretch up high {count}
style=yawn | stretch and *yawn {count}
style=yawn | stretch {his} arms with a yawn {count}
style=side_bend side=left,right | stretch {his} body to the {side} {count}
style=side_bend side=both | stretch {his} body to both sides {count}
style=side_bend | stretch {his} flanks {count}
style=toe_touch | stretch down to {his} toes {count}
style=toe_touch | stretch {his} legs and *touch the toes {count}
style=arm_across side=left,right | stretch {his} {side} arm across the chest {count}
style=arm_across | stretch an arm across the chest {count}
style=arm_circles | stretch {his} arms and *circle them
style=arm_circles | stretch {his} shoulders with circling arms
look_around:
else | look around
dir!=up,down,left,right | look around
dir!=up,down,left,right | look left and right
dir!=up,down,left,right | look from side to side
dir!=up,down,left,right | glance around
dir=left,right | look around to the {lr}
dir=left,right | glance around to the {lr}
dir=up | look around and *gaze upwards
dir=up | look up and *look around
dir=down | look around on the ground
dir=down | look around at the floor
style=searching dir!=up,down,left,right | look around in search of something
style=slow dir!=up,down,left,right | look around slowly
style=far dir!=up,down,left,right | look around into the distance
talk:
talk
talk with {his} hands
speak
talk and *gesture
chat
style=explaining | talk and *explain something with {his} hands
style=counting | talk and *count on the fingers
style=hand_on_hip | talk with a hand on the hip
partner=yes | talk to {partner}
partner=yes | chat with {partner}
partner=yes | speak to {partner}
shout:
shout {count}
yell {count}
shout loudly {count}
shout out loud {count}
style=cupped_hands | shout {count} through cupped hands
style=fist | shout {count} with a raised fist
style=leaning | shout {count} and *bend forward
partner=yes | shout at {partner} {count}
whisper:
whisper
whisper something
whisper quietly
dir=left,right | whisper to somebody on {his} {lr}
style=hand_at_mouth | whisper behind a raised hand
style=hand_at_mouth side=left,right | whisper with the {side} hand at the mouth
style=leaning | whisper and *bend over
partner=yes | whisper to {partner}
partner=yes | whisper something to {partner}
sing:
sing
sing a song
sing out loud
style=microphone | sing into a microphone
thing!= | sing into {thing}
style=open_arms | sing with open arms
style=swaying | sing and *sway from side to side
laugh:
laugh
laugh out loud
laugh heartily
style=holding_belly | laugh and *hold {his} belly
style=holding_belly | laugh with both hands on the belly
style=slapping_thigh | laugh and *beat {his} thigh
style=head_back | laugh with the head thrown back
style=hand_at_mouth | laugh behind {his} hand
style=hand_at_mouth | giggle with a hand at the mouth
style=shaking | shake with laughter
chuckle
partner=yes | laugh with {partner}
cry:
cry
weep
cry bitterly
sob
style=hands_over_face | cry into {his} hands
style=hands_over_face | cry with both hands over the face
style=wiping_eyes | cry and *dry {his} eyes
style=slumped | cry with slumped shoulders
"""
