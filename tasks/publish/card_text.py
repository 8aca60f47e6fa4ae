"""The parts of the card that do not depend on the data."""

from __future__ import annotations

from typing import Final

from datasets_spec.schema import CLIP_FPS, MAX_FRAMES
from datasets_spec.skeleton import BONES, JOINTS, NECK_RATIO

__all__ = ["CREATION", "FIGURE", "LIMITS", "SPLITTING", "USE"]

USE: Final = """\
```python
import numpy as np
from datasets import load_dataset

clips = load_dataset("path/to/this/folder")     # train, validation, test
clip = clips["train"][0]
joints = np.array(clip["joints"]).reshape(-1, 10, 2)    # frames, joints, (x, y)
```

```python
import polars as pl

clips = pl.scan_parquet("clips/*.parquet")
walks = clips.filter((pl.col("action") == "walk") & (pl.col("quality_score") > 0.5)).collect()
```

The fine-tuning set is `clips.filter(pl.col("sft"))`. Rows are sorted by `clip_id` inside a split.
`manifest.json` lists every file with its checksum; `stickgen inspect DIR` compares them."""

FIGURE: Final = f"""\
Ten joints, in this order: {", ".join(f"`{name}`" for name in JOINTS)}. Pelvis is the middle of the
hips, hand the wrist, foot the ankle, head its centre. x points right, y up, the floor is at 0. The
unit H is the body height (thigh, shin, torso and neck chain), measured in 3D before projection, so
a standing figure is about 1 high. Time runs at {CLIP_FPS} frames a second and is never stretched; a
clip has at most {MAX_FRAMES} frames.

Draw these segments: {", ".join(f"{a}-{b}" for a, b in BONES)}. The neck is not stored: it lies at
pelvis + {NECK_RATIO:.2f} (head - pelvis). Draw joints with a smaller `depth` first."""

SPLITTING: Final = """\
Splits go by performer and performance: recordings of one person, and several recordings or cameras
of one performance, never straddle two splits. Pairs stay together. `sft` marks the fine-tuning
set: clips with a good score, thinned so that no action and no source takes more than its share."""

CREATION: Final = f"""\
1. Read each source in its own format into 15 body points, metres, y up; damaged files are rejected
   one by one and counted.
2. Label: captions and class names of the source; class names become one of 64 actions by a table a
   source. What no table and no word matches is `unlabelled` (255), never `idle`.
3. Retarget: low-pass filter and resample to {CLIP_FPS} frames a second, put the floor at 0, choose
   one view a clip, project, keep the depth, cut long recordings into windows of at most
   {MAX_FRAMES} frames.
4. Score: named measures, each with its own unit, combined to one number in 0..1.
5. Curate: drop near-duplicates, split, mark the fine-tuning set.
6. Publish: write sorted Parquet files, this card, a preview and a manifest, then swap folders in
   one step. Equal inputs, configuration and seed give equal bytes."""

LIMITS: Final = """\
- One view a clip: what happens along the line of sight is foreshortened. `depth` keeps it.
- Ten joints show no fingers, no face, no feet and no rotation of the head. For motion
  capture `expression` is neutral, `speech` silent, `camera` still and `environment` null.
- `physics` is computed from segment masses of an average adult, not measured.
- Captions are those of the sources, with their errors and their language; a caption of a recording
  may speak of a moment outside the clip.
- Performers are few and mostly young adults; the dataset does not represent how all people move.
- Motion of identified performers may be personal data. Do not try to identify them."""
