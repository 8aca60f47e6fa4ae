"""Damaged files of every source: a finite motion or a reject, and nothing else."""

from __future__ import annotations

import os
import random
import re
import resource
import shutil
import signal
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from datasets_spec.errors import ConfigError, RejectError
from datasets_spec.rejection import RejectReason
from tasks.config import SourceConfig
from tasks.ingest.contract import SourceItem
from tasks.ingest.registry import make_reader
from tasks.sample.sample import sample_sources

SOURCES = ("amass", "100style", "interhuman", "ntu", "bvh")
GOOD = {
    "amass": ("TotalCapture/TotalCapture/s9/run1_stageii.npz", "CMU/CMU/190/190_01_poses.npz"),
    "100style": ("Neutral/Neutral_FW.bvh",),
    "interhuman": (
        "motions_processed/person1/1003.npy",
        "motions_processed/person2/1003.npy",
        "motions/1007.pkl",
    ),
    "ntu": (
        "nturgb+d_skeletons/S001C002P002R001A010.skeleton",
        "nturgb+d_skeletons/S001C002P007R001A059.skeleton",
    ),
    "bvh": ("cmu/81/81_02.bvh", "daz/83/83_01.bvh"),
}
SIDE_FILES = (
    ("amass", "babel/train.json"),
    ("amass", "humanml3d/index.csv"),
    ("amass", "humanml3d/texts/900000.txt"),
    ("100style", "100STYLE/Frame_Cuts.csv"),
    ("100style", "100STYLE/Dataset_List.csv"),
    ("interhuman", "interhuman/annots/1003.txt"),
    ("interhuman", "interhuman/ignore_list.txt"),
    ("interhuman", "interhuman/split/train.txt"),
    ("bvh", "bvh/captions.csv"),
)
LIMIT_S = 20
MEMORY_KIB = 1 << 20
ROUNDS = 3
WORDS = (
    *(b"999999999999", b"99999999", b"-1", b"0", b"", b"nan", b"inf", b"1e308", b"1e-300"),
    *(b"1e999", b"0x10", b"1_000", b"1,5", b"\xd9\xa1", b"9" * 5000, b"2147483648", b"--", b"."),
)

Damage = Callable[[bytes, random.Random], bytes]


def _cut(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data))]


def _cut_near_the_start(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(min(len(data), 2000))]


def _flip_a_bit(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << rng.randrange(8))]) + data[at + 1 :]


def _noise(data: bytes, rng: random.Random, *, within: int = 1 << 40) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice([2, 20, 200])):
        changed[rng.randrange(min(len(data), within))] = rng.randrange(256)
    return bytes(changed)


def _noise_in_the_head(data: bytes, rng: random.Random) -> bytes:
    return _noise(data, rng, within=rng.choice([100, 600, 4000]))


def _zeros(data: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(data))
    size = min(rng.choice([1, 16, 512, 1 << 20]), len(data) - start)
    return data[:start] + bytes(size) + data[start + size :]


def _junk_behind(data: bytes, rng: random.Random) -> bytes:
    return data + rng.randbytes(rng.choice([1, 100, 50_000]))


def _twice(data: bytes, rng: random.Random) -> bytes:
    return data + data


def _a_piece_again(data: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(data))
    piece = data[start : start + rng.choice([1, 30, 5000])]
    return data[:start] + piece * rng.choice([2, 40]) + data[start:]


def _a_piece_less(data: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(data))
    return data[:start] + data[start + rng.choice([1, 30, 5000]) :]


def _another_number(data: bytes, rng: random.Random) -> bytes:
    """A word that is no sane count or value where the file has a number."""
    found = list(re.finditer(rb"-?\d+(\.\d+)?", data[:100_000]))
    if not found:
        return _noise(data, rng)
    spot = rng.choice(found if rng.random() < 0.5 else found[:60])
    return data[: spot.start()] + rng.choice(WORDS) + data[spot.end() :]


def _larger_counts(data: bytes, rng: random.Random) -> bytes:
    """Every number of a tuple (a shape in an array's header), or of a first line, at its limit."""
    changed, count = re.subn(rb"\((\d+), ", lambda m: b"(" + b"9" * len(m[1]) + b", ", data)
    if count:
        return changed
    first, end, rest = data.partition(b"\n")
    return re.sub(rb"\d+", b"99999999", first) + end + rest.replace(b"Frames: ", b"Frames: 9999999")


def _utf16(data: bytes, rng: random.Random) -> bytes:
    return data.decode("latin-1").encode("utf-16")


def _latin(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + b"\xe9\xff" + data[at:]


def _nothing(data: bytes, rng: random.Random) -> bytes:
    return rng.choice([b"", b"\n", b"\x00", b" " * 1000, b"\xef\xbb\xbf", b"\x00" * 100_000])


DAMAGES: tuple[Damage, ...] = (
    *(_cut, _cut_near_the_start, _flip_a_bit, _noise, _noise_in_the_head, _zeros, _junk_behind),
    *(_twice, _a_piece_again, _a_piece_less, _another_number, _larger_counts, _utf16, _latin),
    _nothing,
)


@pytest.fixture(scope="module")
def tree(sample_tree, tmp_path_factory) -> Path:
    """A copy of the sample to be damaged, file by file."""
    root = tmp_path_factory.mktemp("hostile")
    return Path(shutil.copytree(sample_tree.root, root / "sample"))


def config_of(tree: Path, source: str) -> SourceConfig:
    return next(config for config in sample_sources(tree) if config.name == source)


def item_of(config: SourceConfig, path: str) -> SourceItem:
    found = make_reader(config, "hostile").discover(Path(config.path))
    return next(item for item in found.items if path in item.paths)


@contextmanager
def bounded() -> Iterator[None]:
    """Fails on what takes too long or too much memory."""

    def stop(*_: object) -> None:
        msg = f"took more than {LIMIT_S} s"
        raise TimeoutError(msg)

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    handler = signal.signal(signal.SIGALRM, stop)
    signal.alarm(LIMIT_S)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, handler)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MEMORY_KIB


def outcome(config: SourceConfig, item: SourceItem) -> RejectReason | None:
    """Why an item was rejected; None if it was read, and is sound."""
    with bounded():
        try:
            sequences = make_reader(config, "hostile").read(Path(config.path), item)
        except RejectError as error:
            reject = error
        else:
            reject = None
    if reject is not None:
        assert isinstance(reject.reason, RejectReason)
        assert reject.detail
        reject.detail.encode("utf-8")
        return reject.reason
    for sequence in sequences:
        assert 0 < sequence.fps <= 1000
        assert sequence.num_frames >= 1
        for actor in sequence.actors:
            assert np.isfinite(actor.points).all()
        for label in sequence.labels:
            label.text.encode("utf-8")
    return None


@contextmanager
def restored(path: Path) -> Iterator[bytes]:
    good = path.read_bytes()
    try:
        yield good
    finally:
        if path.is_symlink() or path.is_file():
            path.unlink()
        elif path.is_dir():
            path.rmdir()
        path.write_bytes(good)
        path.chmod(0o644)


def seeded(*words: str) -> random.Random:
    return random.Random(zlib.crc32(" ".join(words).encode()))


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("source", SOURCES)
def test_damage(source, damage, tree):
    config = config_of(tree, source)
    rng = seeded(source, damage.__name__)
    for path in GOOD[source]:
        item = item_of(config, path)
        with restored(Path(config.path) / path) as good:
            for _ in range(ROUNDS):
                (Path(config.path) / path).write_bytes(damage(good, rng))
                outcome(config, item)
        assert outcome(config, item) is None


@pytest.mark.parametrize("source", SOURCES)
def test_several_damages_at_once(source, tree):
    config = config_of(tree, source)
    rng = seeded(source, "several")
    path = GOOD[source][0]
    item = item_of(config, path)
    with restored(Path(config.path) / path) as good:
        for _ in range(20):
            data = good
            for damage in rng.sample(DAMAGES[:-1], 3):
                data = damage(data, rng) or b"\n"
            (Path(config.path) / path).write_bytes(data)
            outcome(config, item)


@pytest.mark.parametrize("source", SOURCES)
def test_another_source_s_file(source, tree):
    config = config_of(tree, source)
    others = [Path(config_of(tree, o).path) / p for o in SOURCES if o != source for p in GOOD[o]]
    for path in GOOD[source]:
        item = item_of(config, path)
        with restored(Path(config.path) / path):
            for other in others:
                (Path(config.path) / path).write_bytes(other.read_bytes())
                if {other.suffix, Path(path).suffix} == {".bvh"}:
                    outcome(config, item)  # both are BVH: it may well be readable
                else:
                    assert outcome(config, item) is not None, (path, other)


def _absent(path: Path, outside: Path) -> None:
    path.unlink()


def _folder(path: Path, outside: Path) -> None:
    path.unlink()
    path.mkdir()


def _link_out(path: Path, outside: Path) -> None:
    path.rename(outside / "moved")
    path.symlink_to(outside / "moved")


def _broken_link(path: Path, outside: Path) -> None:
    path.unlink()
    path.symlink_to(outside / "nowhere")


def _loop(path: Path, outside: Path) -> None:
    path.unlink()
    path.symlink_to(path.name)


def _pipe(path: Path, outside: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _locked(path: Path, outside: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    path.chmod(0)


@pytest.mark.parametrize(
    "place", [_absent, _folder, _link_out, _broken_link, _loop, _pipe, _locked]
)
@pytest.mark.parametrize("source", SOURCES)
def test_what_lies_in_the_place_of_a_file(source, place, tree, tmp_path):
    config = config_of(tree, source)
    for path in GOOD[source]:
        item = item_of(config, path)
        victim = Path(config.path) / path
        with restored(victim):
            try:
                place(victim, tmp_path)
                reason = outcome(config, item)
                assert reason in (RejectReason.UNSAFE, RejectReason.UNREADABLE), (path, reason)
                with bounded():
                    found = make_reader(config, "hostile").discover(Path(config.path))
                assert all(path not in item.paths for item in found.items), path
            finally:
                if victim.is_fifo():
                    victim.unlink()


@pytest.mark.parametrize("source", SOURCES)
def test_keys_that_lead_out_of_the_folder(source, tree):
    config = config_of(tree, source)
    good = item_of(config, GOOD[source][0])
    inside = Path(config.path).name
    for path in (f"../{inside}/../conftest.py", "/etc/passwd", "..", "", "a/../../x", "a\x00b"):
        paths = (path,) * len(good.paths)
        item = SourceItem(key=good.key, paths=paths, size_bytes=1)
        assert outcome(config, item) is not None


@pytest.mark.parametrize(("source", "path"), SIDE_FILES)
def test_side_files(source, path, tree):
    """A damaged list stops the build with a clear error, or costs labels; never anything else."""
    config = config_of(tree, source)
    rng = seeded(source, path)
    item = item_of(config, GOOD[source][0])
    with restored(tree / path) as good:
        for number, damage in enumerate(DAMAGES * 3):
            (tree / path).write_bytes(damage(good, rng))
            with bounded():
                try:
                    reader = make_reader(config, f"{path} {number} {id(tree)}")
                    reader.discover(Path(config.path))
                    reader.read(Path(config.path), item)
                except (ConfigError, RejectError):
                    pass
    make_reader.cache_clear()
