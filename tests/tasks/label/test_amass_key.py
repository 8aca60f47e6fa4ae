from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.label.amass_key import canonical_clip_key, canonical_subset


@pytest.mark.parametrize(
    ("path", "key"),
    [
        (
            "BMLrub/BioMotionLab_NTroje/rub055/0020_lifting_heavy2_poses.npz",
            "BMLrub/rub055/0020_lifting_heavy2",
        ),
        (
            "ACCAD/ACCAD/Female1General_c3d/A1 - Stand_poses.npz",
            "ACCAD/Female1General_c3d/A1_-_Stand",
        ),
        (
            "ACCAD/Female1General_c3d/A1_-_Stand_stageii.npz",
            "ACCAD/Female1General_c3d/A1_-_Stand",
        ),
        ("./pose_data/KIT/3/kick_high_left02_poses.npy", "KIT/3/kick_high_left02"),
        ("./pose_data/MPI_HDM05/bk/HDM_bk_01-01_01_120_poses.npy", "HDM05/bk/HDM_bk_01-01_01_120"),
        (
            "DFaust_67/DFaust_67/50002/50002_chicken_wings_poses.npz",
            "DFaust/50002/50002_chicken_wings",
        ),
        ("DFaust/50002/50002_chicken_wings_stageii.npz", "DFaust/50002/50002_chicken_wings"),
        (
            "TCD_handMocap/ExperimentDatabase/arm-poses_poses.npz",
            "TCDHands/ExperimentDatabase/arm-poses",
        ),
        ("C:\\data\\MPI_mosh\\50020\\x_poses.npz", "MoSh/50020/x"),
        (
            "Eyes_Japan_Dataset/hamada/gesture_etc-08_poses.npz",
            "Eyes_Japan_Dataset/hamada/gesture_etc-08",
        ),
        ("s1/clip_poses.npz", "s1/clip"),
        ("_poses.npz", "_poses"),
        ("", ""),
        ("../../x", "x"),
    ],
)
def test_one_key_for_all_spellings(path: str, key: str) -> None:
    assert canonical_clip_key(path) == key


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("BioMotionLab_NTroje", "BMLrub"),
        ("DFaust_67", "DFaust"),
        ("MPI_HDM05", "HDM05"),
        ("MPI_Limits", "PosePrior"),
        ("MPI_mosh", "MoSh"),
        ("SSM_synced", "SSM"),
        ("TCD_handMocap", "TCDHands"),
        ("Transitions_mocap", "Transitions"),
        ("CMU", "CMU"),
        ("Own Recordings", "Own Recordings"),
    ],
)
def test_subset_spellings(old: str, new: str) -> None:
    assert canonical_subset(old) == new
    assert canonical_subset(new) == new


@given(st.text(max_size=60))
def test_any_text_gives_at_most_three_plain_parts(path: str) -> None:
    key = canonical_clip_key(path)
    assert key.count("/") <= 2
    assert " " not in key
    assert "\\" not in key
