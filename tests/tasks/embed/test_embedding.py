"""Vectors of the texts of dataset folders that are written by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets_spec.errors import ConfigError, SchemaVersionError, StickgenError
from datasets_spec.layout import CLIPS_DIR
from datasets_spec.schema import clips_schema
from stickgen_model.text.encoder import EncoderMismatchError, identity_of, normalise_sentence
from stickgen_model.text.hashing import HashEncoder
from stickgen_model.text.text_table import TextTable, TextTableError
from tasks.embed import embedding
from tasks.embed.embedding import embed_by_name, embed_dataset, texts_path
from tasks.embed.task import embed_texts
from tasks.embed.texts import distinct_texts


class Counting(HashEncoder):
    """Remembers what it was asked; may break off."""

    def __init__(self, dim=32, break_at=None):
        super().__init__(dim)
        self.calls, self.break_at = [], break_at

    @property
    def asked(self):
        return [text for call in self.calls for text in call]

    def encode(self, sentences):
        if len(self.calls) == self.break_at:
            raise KeyboardInterrupt
        self.calls.append(list(sentences))
        return super().encode(sentences)


def write_data(folder, *files):
    """Each file is a list of clips, each a pair: captions, texts of parts."""
    fields = {f.name: f for f in clips_schema()}
    schema = pa.schema(
        [fields["clip_id"], fields["captions"], fields["parts"]], metadata=clips_schema().metadata
    )
    (folder / CLIPS_DIR).mkdir(parents=True, exist_ok=True)
    for number, (name, clips) in enumerate(zip(("test", "train", "val"), files, strict=False)):
        rows = [
            {
                "clip_id": f"{name}{row}",
                "captions": captions,
                "parts": [
                    {"first_frame": i, "last_frame": i, "action": "walk", "text": text}
                    for i, text in enumerate(parts)
                ],
            }
            for row, (captions, parts) in enumerate(clips)
        ]
        table = pa.Table.from_pylist(rows, schema=schema)
        pq.write_table(table, folder / CLIPS_DIR / f"{name}-{number:05d}.parquet", row_group_size=2)
    return folder


@pytest.fixture
def data(tmp_path):
    return write_data(
        tmp_path / "set",
        [(["A man walks.", "He sits"], ["he  sits."])],
        [(["a man walks"], []), ([], []), (["jump"], ["wave", "jump"])],
        [(["only in val"], ["only part"])],
    )


WORDS = {"a man walks", "he sits", "jump", "wave", "only in val", "only part"}


def test_captions_and_parts_of_all_splits_get_the_vector_of_serving(data, tmp_path):
    encoder = HashEncoder(32)
    path = tmp_path / "v" / "t.parquet"
    report = embed_dataset(data, encoder=encoder, path=path)
    assert (report.path, report.identity) == (path, identity_of(encoder))
    assert (report.num_texts, report.num_new) == (6, 6)
    table = TextTable.load(path, identity=report.identity)
    assert set(table.sentences) == WORDS
    said = ["A MAN walks", "only part."]
    served = encoder.encode([normalise_sentence(text) for text in said])
    assert np.array_equal(table.look_up(said, dim=32), served)


def test_only_new_texts_are_embedded_when_the_dataset_was_replaced(data, tmp_path):
    path = texts_path(data, "hash-32")
    embed_dataset(data, encoder=Counting(), path=path)
    before = path.read_bytes()
    again = Counting()
    assert embed_dataset(data, encoder=again, path=path).num_new == 0
    assert again.calls == []
    assert path.read_bytes() == before
    for file in (data / CLIPS_DIR).iterdir():
        file.unlink()
    write_data(data, [(["Jump!", "jump"], ["A man walks"])])
    report = embed_dataset(data, encoder=again, path=path)
    assert again.asked == ["jump!"]
    assert (report.num_texts, report.num_new) == (3, 1)
    assert set(TextTable.load(path).sentences) == WORDS | {"jump!"}


def test_batches_hold_texts_of_like_length_and_progress_reaches_the_end(tmp_path):
    texts = ["x" * n for n in range(1, 21)]
    data = write_data(tmp_path / "set", [([text], []) for text in texts])
    encoder, told = Counting(), []
    embed_dataset(
        data,
        encoder=encoder,
        path=tmp_path / "t.parquet",
        batch_size=8,
        progress=lambda done, total: told.append((done, total)),
    )
    assert [len(call) for call in encoder.calls] == [8, 8, 4]
    assert encoder.asked == texts[::-1]
    assert told == [(0, 20), (8, 20), (16, 20), (20, 20)]
    with pytest.raises(ConfigError, match="at least one text a batch, got 0"):
        embed_dataset(data, encoder=encoder, path=tmp_path / "t.parquet", batch_size=0)


def test_an_interruption_keeps_what_is_done(data, tmp_path):
    path = tmp_path / "t.parquet"
    with pytest.raises(KeyboardInterrupt):
        embed_dataset(data, encoder=Counting(break_at=2), path=path, batch_size=2)
    assert len(TextTable.load(path)) == 4
    encoder = Counting()
    assert embed_dataset(data, encoder=encoder, path=path).num_new == 2
    assert len(encoder.asked) == 2


@pytest.mark.parametrize(("by_clock", "saves"), [(True, [3, 6]), (False, [2, 4, 6])])
def test_the_table_is_saved_on_the_way(data, tmp_path, monkeypatch, by_clock, saves):
    monkeypatch.setattr(embedding, "SAVE_EVERY_TEXTS", 2)
    found, save, seconds = [], TextTable.save, iter(range(0, 1000, 25))
    monkeypatch.setattr(TextTable, "save", lambda t, p: (found.append(len(t)), save(t, p)))
    clock = (lambda: next(seconds)) if by_clock else None
    # three batches of 25 s before a minute is over
    embed_dataset(
        data, encoder=HashEncoder(32), path=tmp_path / "t.parquet", batch_size=1, clock=clock
    )
    assert found == saves


def test_data_without_texts_has_an_empty_table(tmp_path):
    data = write_data(tmp_path / "set", [([], []), ([], [])])
    path = tmp_path / "t.parquet"
    report = embed_dataset(data, encoder=HashEncoder(32), path=path)
    assert (report.num_texts, report.num_new) == (0, 0)
    assert len(TextTable.load(path)) == 0
    write_data(data, [(["", " . ", "\x00\t"], [])])
    assert embed_dataset(data, encoder=HashEncoder(32), path=path).num_texts == 1
    assert not TextTable.load(path).look_up([""]).any()


def test_long_and_odd_sentences(tmp_path):
    texts = ["word " * 10_000, "a\x07b\u200bc", "\U0001f600", "caf\u00e9"]
    path = tmp_path / "t.parquet"
    data = write_data(tmp_path / "set", [(texts, [])])
    assert embed_dataset(data, encoder=HashEncoder(32), path=path).num_texts == 4
    table = TextTable.load(path)
    assert "a b c" in table
    assert np.allclose(np.linalg.norm(table.look_up(texts), axis=1), 1.0)


@settings(max_examples=20)
@given(
    clips=st.lists(
        st.tuples(
            st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=6), max_size=3),
            st.lists(st.text("ab. ", max_size=4), max_size=3),
        ),
        min_size=1,
        max_size=7,
    )
)
def test_every_text_of_any_dataset_can_be_looked_up(tmp_path_factory, clips):
    folder = tmp_path_factory.mktemp("any")
    data, path = write_data(folder / "set", clips), folder / "t.parquet"
    said = {text for captions, parts in clips for text in (*captions, *parts)}
    assert distinct_texts(data) == said
    encoder = Counting()
    report = embed_dataset(data, encoder=encoder, path=path, batch_size=3)
    assert report.num_texts == len({normalise_sentence(text) for text in said})
    assert len(encoder.asked) == len(set(encoder.asked))
    TextTable.load(path).look_up(sorted(said))


def test_bad_folders_and_files_are_explained(data, tmp_path):
    encoder, path = HashEncoder(32), tmp_path / "t.parquet"
    for folder in (tmp_path / "absent", tmp_path):
        with pytest.raises(ConfigError, match=r"expected a dataset folder with clips/.*build"):
            embed_dataset(folder, encoder=encoder, path=path)
    path.write_text("no table")
    with pytest.raises(TextTableError, match=r"t\.parquet.*delete it to rebuild"):
        embed_dataset(data, encoder=encoder, path=path)
    assert path.read_text() == "no table"
    embed_dataset(data, encoder=HashEncoder(64), path=tmp_path / "other.parquet")
    with pytest.raises(EncoderMismatchError, match=r"other\.parquet: expected .*hash-32.*hash-64"):
        embed_dataset(data, encoder=encoder, path=tmp_path / "other.parquet")
    (tmp_path / "file").touch()
    with pytest.raises(StickgenError, match="expected a place to write 6 text vectors"):
        embed_dataset(data, encoder=encoder, path=tmp_path / "file" / "t.parquet")


def test_damaged_clips_are_named(data, tmp_path):
    first = min((data / CLIPS_DIR).iterdir())
    table = pq.read_table(first)
    pq.write_table(table.replace_schema_metadata({}), first)
    with pytest.raises(SchemaVersionError, match=first.name):
        distinct_texts(data)
    pq.write_table(table.drop_columns(["parts"]), first)
    with pytest.raises(StickgenError, match=rf"{first.name}.*found columns.*build the dataset"):
        distinct_texts(data)
    first.write_bytes(b"PAR1")
    with pytest.raises(StickgenError, match=rf"{first.name}: expected a readable Parquet file"):
        distinct_texts(data)


def test_vectors_lie_beside_the_dataset_by_encoder(tmp_path, monkeypatch):
    data = tmp_path / "set"
    where = texts_path(data, "BAAI/bge-large-en-v1.5")
    assert where == tmp_path / "set.texts" / "BAAI--bge-large-en-v1.5.parquet"
    assert texts_path(data, "hash-32", tmp_path / "x") == tmp_path / "x" / "hash-32.parquet"
    data.mkdir()
    monkeypatch.chdir(data)
    assert texts_path(Path(), "hash-32") == tmp_path / "set.texts" / "hash-32.parquet"
    with pytest.raises(ConfigError, match="a dataset folder with a name"):
        texts_path(Path("/"), "hash-32")
    names = ["/a/model", "/b/model", "/b/model/", "~/m", "../m", "a b", "x" * 300, "a/b", "a\nb"]
    paths = {texts_path(data, name, tmp_path) for name in names}
    assert len(paths) == len(names)
    assert {path.parent for path in paths} == {tmp_path}
    assert max(len(path.name) for path in paths) < 255


def test_an_encoder_by_name(data, tmp_path):
    report = embed_by_name(data, "hash-16")
    assert (report.path, report.identity.dim) == (texts_path(data, "hash-16"), 16)
    for name in ("", "  ", "hash-4"):
        with pytest.raises(ConfigError, match="expected"):
            embed_by_name(data, name)
    with pytest.raises(ConfigError, match="expected a dataset folder"):
        embed_by_name(tmp_path / "absent", "no/such-encoder")
    told = embed_texts.fn(data, "hash-16", folder=tmp_path / "more")
    assert told.path == tmp_path / "more" / "hash-16.parquet"
    assert told.num_new == 6
