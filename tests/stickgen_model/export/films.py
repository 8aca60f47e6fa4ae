"""What other libraries read out of the films and pictures that we write."""

from __future__ import annotations

import threading
from contextlib import contextmanager, suppress
from pathlib import Path

import av
import numpy as np
from av.video.reformatter import Interpolation, VideoReformatter
from PIL import Image

from stickgen_model.render.config import RenderConfig
from stickgen_model.render.frames import draw_packed

SMALL = RenderConfig(width=96, height=80, fps=25.0)
CLEAR = RenderConfig(width=96, height=80, fps=25.0, look="transparent")


def drawn(scene, config):
    """What should be seen, shape (F, height, width, 4)."""
    return np.stack([frame.copy() for frame in draw_packed(scene, config)])


def film_frames(path, *, decoder=None):
    """Frames of a film as PyAV sees them, (F, height, width, 4), and the container's facts."""
    exact = Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT
    scaler = VideoReformatter()
    with av.open(str(path)) as film:
        stream = film.streams.video[0]
        if decoder is None:
            frames = list(film.decode(stream))
        else:
            context = av.CodecContext.create(decoder, "r")
            packets = [packet for packet in film.demux(stream) if packet.size]
            frames = [frame for packet in packets for frame in context.decode(packet)]
        facts = {
            "rate": stream.average_rate,
            "seconds": film.duration / 1e6,
            "title": film.metadata.get("title", ""),
            "colours": (
                frames[0].colorspace,
                frames[0].color_range,
                stream.codec_context.color_primaries,
                stream.codec_context.color_trc,
            ),
            "times": [float(frame.pts * frame.time_base) for frame in frames],
        }
        pictures = [
            scaler.reformat(frame, format="rgba", interpolation=exact).to_ndarray()
            for frame in frames
        ]
    return np.stack(pictures), facts


def picture_frames(path):
    """Frames of an animated picture as Pillow sees them, and their milliseconds."""
    pictures, lasts = [], []
    with Image.open(path) as image:
        for number in range(image.n_frames):
            image.seek(number)
            image.load()
            pictures.append(np.array(image.convert("RGBA")))
            lasts.append(image.info["duration"])
        return np.stack(pictures), lasts, image.info.get("loop")


def psnr(one, two):
    """Likeness of two lots of RGB, dB."""
    error = np.square(one[..., :3].astype(float) - two[..., :3]).mean()
    return 10.0 * np.log10(255.0**2 / max(error, 1e-12))


@contextmanager
def nothing_left(folder):
    """No file, thread or open file is left by what is done."""
    files, before = sorted(folder.iterdir()), open_files(folder)
    threads = threading.active_count()
    yield
    assert sorted(folder.iterdir()) == files
    assert threading.active_count() == threads
    assert open_files(folder) == before


def open_files(folder):
    """What this process has open in a folder."""
    found = []
    for link in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # closed meanwhile
            found.append(str(link.readlink()))
    return sorted(place for place in found if place.startswith(str(folder)))
