"""Small datasets of figures that do things, with sentences about them."""

from __future__ import annotations

from datasets_spec.vocabulary import action_id
from tests.stickgen_model.evaluate.acted import act, make_acted_row

SAID = {
    "idle": ("a person stands still.", "somebody waits and does nothing."),
    "walk": ("a person walks ahead.", "someone strolls along."),
    "hop": ("a person hops up and down.", "someone jumps on the spot."),
    "wave": ("a person waves the right hand.", "someone greets with a wave."),
}


def captioned_row(number, word, num_frames=40, **changed):
    said = list(SAID[word])
    return make_acted_row(
        number, word, num_frames, **{"captions": said, "caption_source": "generated", **changed}
    )


def captioned_rows(*, train=12, held_out=5):
    """Clips of four actions for each split; every fourth was recorded."""
    splits = [("train", train), ("val", held_out), ("test", held_out)]
    rows, number = [], 0
    for split, count in splits:
        for word in SAID:
            for _ in range(count):
                number += 1
                source = "bvh" if number % 4 == 0 else "procedural"
                frames = 26 + 3 * (number % 9)
                rows.append(captioned_row(number, word, frames, split=split, source=source))
    return rows


def scripted_row(number, words=("walk", "wave"), each=30, **changed):
    """A clip in which one action follows another, each a part."""
    joints = [act(word, each, seed=number).reshape(each, 20).tolist() for word in words]
    parts = [
        {
            "first_frame": place * each,
            "last_frame": place * each + each - 1,
            "action": word,
            "text": f"one {word}s.",
        }
        for place, word in enumerate(words)
    ]
    return captioned_row(
        number,
        words[0],
        each * len(words),
        joints=[frame for part in joints for frame in part],
        actions=[action_id(word) for word in words for _ in range(each)],
        captions=["one does all of it."],
        parts=parts,
        **changed,
    )
