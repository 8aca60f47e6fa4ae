"""Why an item was not used: a closed vocabulary, so that counts can be compared between builds."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["STAGES", "RejectReason"]

STAGES: tuple[str, ...] = ("story", "ingest", "retarget", "score", "curate")
"""Stages that may reject, in the order of the flow."""


class RejectReason(StrEnum):
    """One word a reason; the stage that uses it is in the comment."""

    # story: a request to a teller of stories that gave none
    INVALID_STORY = "invalid_story"  # breaks the schema, also after the faults were sent back
    DUPLICATE_STORY = "duplicate_story"  # too like a story of an earlier request
    STORY_REFUSED = "story_refused"  # no reply in time, or none that is text of a fair size
    # ingest: the item is not a motion at all
    DECOY = "decoy"  # a file that lies among the data but holds no motion
    LISTED_BAD = "listed_bad"  # named in a published list of unusable samples, or an ignore list
    DUPLICATE_ID = "duplicate_id"  # a second item with a sequence id already seen
    DUPLICATE_FILE = "duplicate_file"  # the same bytes as an item already seen
    UNREADABLE = "unreadable"  # permission, I/O error
    EMPTY = "empty"  # no bytes, or no frames
    TRUNCATED = "truncated"  # ends before the declared end
    MALFORMED = "malformed"  # breaks the grammar of its format
    WRONG_ENCODING = "wrong_encoding"  # text that is not what the format says
    UNSAFE = "unsafe"  # a pickle that wants to run code, a path that escapes
    TOO_LARGE = "too_large"  # declared or real size beyond the limit
    MISSING_JOINTS = "missing_joints"  # a known rig lacks a joint that is needed
    UNKNOWN_RIG = "unknown_rig"  # no preset and no user map fits
    MISSING_FIELD = "missing_field"  # a key, column or file that the format requires
    SHAPE_MISMATCH = "shape_mismatch"  # arrays of one file disagree
    NON_FINITE = "non_finite"  # NaN or infinity in the motion
    BAD_FRAME_RATE = "bad_frame_rate"  # absent, zero, negative, absurd
    NO_BODY = "no_body"  # sensor file without a usable person
    MISSING_PARTNER = "missing_partner"  # a pair with one person absent
    UNPLAYABLE = "unplayable"  # a synthetic scene that the engine could not perform
    # ingest and retarget
    TOO_SHORT = "too_short"  # fewer frames than the minimum
    # retarget
    IMPLAUSIBLE_SCALE = "implausible_scale"  # body height outside the human range
    IMPLAUSIBLE_SPEED = "implausible_speed"  # a joint faster than any human
    UNSTABLE_BONES = "unstable_bones"  # 3D bone lengths leave the tolerance
    TOO_MANY_GAPS = "too_many_gaps"  # tracked in too few frames
    # score
    LOW_SCORE = "low_score"  # below the floor of the configuration
    # curate
    NEAR_DUPLICATE = "near_duplicate"  # another clip of the same motion was kept
