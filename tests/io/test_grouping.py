"""What of a call belongs together."""

import hashlib
import shutil

from calcinet.image import Image
from calcinet.io import read_all


def test_slices_of_other_modalities_are_one_refusal_a_series(dicom, tmp_path):
    """Three and two of two series, the last of them there twice: a refusal each, with the number, beside a film."""
    for series, count in (("1.2.3.1", 3), ("1.2.3.2", 2)):
        for number in range(count):
            tags = {"SeriesInstanceUID": series, "SOPInstanceUID": f"{series}.{number + 1}"}
            dicom(f"a/{series}/{number}", Modality="MR", **tags)
    shutil.copytree(tmp_path / "a" / "1.2.3.2", tmp_path / "b")
    dicom("c")
    *refused, film = read_all([tmp_path])

    assert [item.code for item in refused] == ["not-a-radiograph", "not-a-radiograph", "duplicate"]
    assert [item.modality for item in refused[:2]] == ["MR", "MR"]
    assert ["(3 files of" in refused[0].reason, "(2 files of" in refused[1].reason] == [True, True]
    assert refused[2].reason == "the same file was given twice: examined once (2 files of one series)"
    assert refused[0].sha256 != refused[1].sha256
    assert isinstance(film, Image)


def test_a_lone_slice_of_another_modality_is_named_by_its_own_hash(dicom):
    """No number is said of one."""
    path = dicom(Modality="PT")
    (refused,) = read_all([path])

    assert refused.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert "files of one series" not in refused.reason
