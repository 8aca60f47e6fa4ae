"""Verb phrases of food, books, telephones, balls, bats, fists, feet and dancing, and of pairs."""

from __future__ import annotations

from typing import Final

__all__ = ["DAILY_PHRASES", "PAIR_PHRASES"]

DAILY_PHRASES: Final = """
eat:
else | eat some food
n=0,1 thing= | eat something
n=0,1 thing= | eat
n=+ thing= | eat {n} bites of something
n=0,1 thing=sandwich,burger,apple | eat {thing}
n=0,1 thing!=,sandwich,burger,apple | eat {thing}
n=0,1 style=spoon thing!= | eat {thing} with a spoon
n=0,1 style=fork thing!= | eat {thing} with a fork
n=0,1 style=hands,one_hand thing!= | eat {thing} {hand}
n=0,1 style=spoon thing= | eat with a spoon
n=0,1 style=fork thing= | eat with a fork
n=+ thing!= style!=spoon | eat {n} bites of {some}
n=+ thing!= style=spoon | eat {n} spoonfuls of {some}
n=+ thing!= style!=spoon,fork | eat {thing} in {n} bites
n=+ style=fork,spoon thing!= | eat {n} mouthfuls of {some}
n=+ style=hands,one_hand thing= | eat {n} bites of food {hand}
n=+ style=spoon thing= | eat {n} spoonfuls of food
n=+ style=fork thing= | eat {n} forkfuls of food
n=0,1 | chew on some food
drink:
else | drink something
thing!= n=0,1 | drink from {thing}
thing!= n=0,1 | drink from {thing} {hand}
thing!= n=+ | drink {count} from {thing}
thing!= n=+ | drink {count} from {thing} {hand}
thing!= n=+ | take {n} sips from {thing}
thing!= n=0,1 | take a sip from {thing}
thing= n=0,1 | drink something
thing= | drink {count} {hand}
thing= n=+ | take {n} sips of a drink
style=gulp thing!= n=0,1 | gulp down a drink from {thing}
thing!= n=0,1 side=left,right | raise {thing} with {his} {side} hand and *drink
thing!= n=+ side=left,right | raise {thing} with {his} {side} hand and *drink {count}
read:
else | read
thing!=,phone | read {thing}
thing!=,phone | hold {thing} and *read
thing=phone | read something on {his} phone
thing=phone | read a message on {his} phone
thing=phone | read from the screen of a phone
thing= | read
thing= | read something
type:
else | type on a keyboard
thing!=phone,laptop | type on a keyboard
thing=laptop | type on a laptop
thing=phone | type on {his} phone
thing=phone | type a message on a phone
thing=keyboard | type on the keyboard
style=hunting | type on {thing} and *search for each key
style=steady thing!= | type on {thing} at a steady pace
thing!= | type away on {thing}
phone_call:
talk on the phone
talk on {his} phone {hand}
make a phone call
speak on the phone
style=listening | make a phone call and *listen
style=listening | listen to a phone call
style=gesturing | talk on the phone and *gesture
style=hand_on_hip | talk on the phone with a hand on the hip
side=left,right | hold a phone to {his} {side} ear and *talk on it
side=left,right | talk on the phone with the {side} hand
pick_up:
else | pick something up
thing= | pick something up {count}
thing= | pick something up from the floor {hand} {count}
thing!= | pick up {thing} {count}
thing!= | pick {thing} up from the ground {count}
thing!= | pick up {thing} from the floor {hand} {count}
thing!= | pick up {thing} {hand} {count}
thing!= side=left,right | reach down with {his} {side} hand and *pick up {thing} {count}
thing!= style=squatting | squat down and *pick up {thing} {count}
thing!= style=bending_over | bend over and *pick up {thing} {count}
thing!= style=bending_over | bend down and *pick {thing} up from the floor {count}
throw:
else | throw something
thing= | throw something {hand} {count}
thing!= | throw {thing} {count} {hand}
thing!= | throw {thing} {hand} {count}
thing!= n=+ | throw {thing} {count}
thing!= n=0,1 | toss {thing} {hand}
thing!= n=0,1 | pitch {thing} away {hand}
style=overarm thing!= | throw {thing} overarm {count}
style=overarm thing!= | throw {thing} overhand {hand} {count}
style=underarm thing!= | throw {thing} underarm {count}
style=underarm thing!= | toss {thing} underhand {hand} {count}
style=backhand thing!= | throw {thing} backhand {count}
style=chest_pass thing!= | throw {thing} from the chest {count}
style=chest_pass thing!= | throw {thing} with both hands {count}
partner=yes thing!= | throw {thing} to {partner} {count}
partner=yes thing!= | toss {the} to {partner} {count}
catch:
else | catch something
thing= | catch something {hand} {count}
thing!= | catch {thing} {hand} {count}
thing!= | catch {thing} {count} {hand}
thing!= n=0,1 dir=up | reach up and *catch {thing}
thing!= dir=up | catch {thing} above {his} head {count}
thing!= dir=down | catch {thing} low above the ground {count}
thing!= dir=left,right | catch {thing} on {his} {lr} {count}
style=two_hands thing!= | catch {thing} with both hands {count}
partner=yes thing!= | catch {thing} from {partner} {count}
swing_bat:
else | swing a bat
thing!= | swing {thing} {count}
style=baseball | swing a baseball bat {count}
style=baseball | hit a baseball with a bat {count}
style=cricket | swing a cricket bat {count}
style=cricket | hit a cricket ball with a bat {count}
style=golf | swing a golf club {count}
style=golf | hit a golf ball with a club {count}
style=tennis | swing a tennis racket {count}
style=tennis | hit a tennis ball with a racket {count}
thing= | swing a bat {count}
thing=bat | swing a bat with both hands {count}
dribble:
else | dribble a ball
style!=soccer thing!=football | dribble a basketball {hand}
style!=soccer thing!=football | dribble a ball {hand}
style!=soccer thing!=football | bounce a basketball {hand}
style=crossover | dribble a basketball from hand to hand
style=low | dribble a basketball low above the ground {hand}
style!=soccer dir=forward | dribble a basketball {dir} {hand}
style=soccer | dribble a football with {his} feet
style=soccer | dribble a soccer ball along the ground
style=soccer dir=forward | dribble a football {dir}
kick:
else | kick
thing= style!=soccer | kick {count} {foot}
thing= style!=soccer | kick {count} {leg}
thing= style!=soccer dir=forward | kick {dir} {count} {foot}
thing= style!=soccer side=left,right | kick {his} {side} leg {count}
style=front | do a front kick {leg} {count}
style=front | kick to the front {count} {leg}
style=side | do a side kick {leg} {count}
style=side | kick to the side {count} {leg}
style=roundhouse | do a roundhouse kick {leg} {count}
style=high | do a high kick {leg} {count}
style=high | kick high into the air {count} {leg}
style=soccer | kick a ball {foot} {count}
style=soccer n=0,1 | kick a ball hard {foot}
style=soccer | kick a soccer ball {count} {foot}
thing!= | kick {thing} {count} {foot}
partner=yes thing= | kick at {partner} {count} {leg}
punch:
n=0 | punch {hand}
n=0,1 side=left,right | punch {hand}
n=1 | throw a punch {hand}
n=1 | punch {hand}
n=+ | punch {count}
n=+ | punch {count} {hand}
n=+ | throw {n} punches
n=+ | throw {n} punches {hand}
style=jab n=1 | throw a jab {hand}
style=jab n=+ | throw {n} jabs {hand}
style=cross n=1 | throw a cross punch {hand}
style=cross n=+ | throw {n} cross punches {hand}
style=hook n=1 | punch with a hook {hand}
style=hook n=+ | punch {count} with a hook {hand}
style=uppercut n=1 | throw an uppercut {hand}
style=uppercut n=+ | throw {n} uppercuts {hand}
n=+ | punch the air {count}
n=0,1 | punch the air {hand}
partner=yes n=+ | throw {n} punches at {partner}
partner=yes n=0,1 | punch at {partner} {hand}
dodge:
dodge {count}
dodge {dir} {count}
dodge an attack {count}
dodge out of the way {count}
evade a blow {count}
style=slip | dodge with a quick movement of the head {count}
style=duck | duck to avoid a blow {count}
style=duck | dodge under a blow {count}
style=sway | dodge by swaying back {count}
style=step,step_back | dodge with a quick step {count}
dir=left,right | dodge to the {lr} {count}
dir=left,right | evade a punch to the {lr} {count}
dir=backward | dodge backwards {count}
partner=yes thing= | dodge {partner} {count}
thing!= | dodge {thing} {count}
dance:
dance
dance around
dance to music
dance to the beat
style=waltz | dance a waltz
style=waltz | waltz
style=salsa | dance salsa
style=twist | dance the twist
style=robot | dance the robot
style=robot | dance like a robot
style=disco | dance disco
style=hip_hop | dance hip hop
style=house | dance house
style=waacking | dance with whirling arms
style=krump | dance with stomping feet
style=jazz | dance jazz
style=ballet | dance ballet
style=ballet | dance like a ballet dancer
style=charleston | dance the charleston
style=moonwalk | dance the moonwalk
style=line_dance | dance a line dance
style=groove | dance with small steps on the spot
style=arm_dance | dance with waving arms
style=jumping | dance and *jump to the beat
style=modern | dance a modern dance
partner=yes | dance with {partner}
unlabelled:
style=give thing!= | hand {thing} to {partner}
style=give thing!= | give {partner} {thing}
style=receive thing!= | receive {thing} from {partner}
style=receive thing!= | take {thing} from {partner}
style!=give,receive partner=yes | face {partner}
style!=give,receive partner=no | move
"""

PAIR_PHRASES: Final = """
handshake:
shake hands with {partner}

shake hands with {partner}
style=hearty | shake hands heartily with {partner}
style=brief | shake hands briefly with {partner}
style=two_handed | shake hands with {partner} with both hands
hug:
hug {partner}
embrace {partner}
give {partner} a hug
style=pat | hug {partner} and *pat the other's back
high_five:
high-five {partner}
give {partner} a high five
style=low | give {partner} a high five down low
style=double | give {partner} a high five with both hands
fight:
fight {partner}
fight with {partner}
fight against {partner}
style=boxing | fight {partner} with {his} fists
style=boxing | spar with {partner}
style=kicks | fight {partner} with kicks
"""
