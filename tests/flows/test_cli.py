"""The command line: usage errors are one clear line, exit status 2, and no work is done."""

from __future__ import annotations

import pytest

from flows.cli import _config, _parser, main


def run(capsys, *arguments):
    status = main(list(arguments))
    captured = capsys.readouterr()
    return status, " ".join((captured.out + captured.err).split())


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["build"], "at least one source, sample = true, or something to synthesise"),
        (["build", "--source", "amass"], "expected NAME=DIR"),
        (["build", "--source", "amass="], "expected NAME=DIR"),
        (["build", "--source", "kinect=/x"], "one of amass, 100style, interhuman, ntu, bvh"),
        (["build", "--sample", "--seed", "-1"], "seed: Input should be greater than or equal to 0"),
        (["build", "--sample", "--jobs", "-3"], "jobs: Input should be"),
        (["build", "--sample", "--views", "0"], "retarget.num_views: Input should be"),
        (["build", "--sample", "--babel", "/x"], "--babel is for amass: add such a --source"),
        (["build", "--source", "ntu=/x", "--rig", "r.json"], "--rig is for bvh"),
        (["build", "--config", "/absent.yaml"], "cannot read the configuration"),
    ],
)
def test_usage_errors(capsys, arguments, told):
    status, text = run(capsys, *arguments)
    assert status == 2
    assert told in text
    assert "Traceback" not in text


@pytest.mark.parametrize("arguments", [[], ["bild"], ["build", "--seed", "x"], ["build", "--x"]])
def test_argparse_errors(capsys, arguments):
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2


def test_help_names_every_source(capsys):
    with pytest.raises(SystemExit):
        main(["build", "--help"])
    text = capsys.readouterr().out
    for word in ("amass", "100style", "interhuman", "ntu", "bvh", "--captions", "--read-pickles"):
        assert word in text


def test_inspect_of_no_dataset(capsys, tmp_path):
    for folder in (tmp_path / "absent", tmp_path):
        status, text = run(capsys, "inspect", str(folder))
        assert status in {1, 2}
        assert "error:" in text
        assert "Traceback" not in text


def test_flags_win_over_the_file(tmp_path):
    path = tmp_path / "c.yaml"
    path.write_text(
        "sources: [{name: bvh, path: a}]\nseed: 3\nretarget: {num_views: 2, max_frames: 100}\n"
    )
    parser = _parser()
    flags = "--seed 4 --views 3 --source ntu=b --captions c.csv --out o"
    arguments = parser.parse_args(["build", "--config", str(path), *flags.split()])
    config = _config(arguments)
    assert [(s.name, s.path, s.captions) for s in config.sources] == [
        ("bvh", "a", "c.csv"),
        ("ntu", "b", ""),
    ]
    assert (config.seed, config.out) == (4, "o")
    assert (config.retarget.num_views, config.retarget.max_frames) == (3, 100)
