from __future__ import annotations

import pytest

from tasks.label.inflection import verb_forms


@pytest.mark.parametrize(
    ("verb", "forms"),
    [
        ("walk", "walk walks walking walked"),
        ("wave", "wave waves waving waved"),
        ("carry", "carry carries carrying carried"),
        ("play", "play plays playing played"),
        ("hop", "hop hops hopping hopped"),
        ("squat", "squat squats squatting squatted"),
        ("stagger", "stagger staggers staggering staggered"),
        ("throw", "throw throws throwing threw thrown"),
        ("lie", "lie lies lying lay lain"),
        ("punch", "punch punches punching punched"),
        ("box", "box boxes boxing boxed"),
        ("sit", "sit sits sitting sat"),
        ("do", "do does doing did"),
        ("hit", "hit hits hitting"),
        ("fly", "fly flies flying flew flown"),
        ("bow", "bow bows bowing bowed"),
        ("kneel", "kneel kneels kneeling knelt kneeled"),
        ("step", "step steps stepping stepped"),
        ("free", "free frees freeing freed"),
    ],
)
def test_forms(verb: str, forms: str) -> None:
    assert set(forms.split()) <= verb_forms(verb)
    assert len(verb_forms(verb)) <= len(forms.split()) + 1
