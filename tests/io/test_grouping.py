"""What of a call belongs together."""

import hashlib
import shutil
from dataclasses import replace

import pytest

from calcinet.image import Image
from calcinet.io import read_all
from calcinet.io.grouping import arrange, pair_views
from calcinet.io.scintigram.view_pairing import ViewKey
from calcinet.io.study_items import File


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


def view(name: str, number: int, hour: float = 5.0, scan: str = "1.2.3") -> File:
    """A whole-body scintigram of one view; `number` tells the files apart."""
    return File(sha256=f"{number:064x}", view_key=ViewKey(view=name, scan=(scan,), scanned_h=hour))


def test_a_posterior_view_goes_with_the_first_anterior_one_of_its_scan():
    """Two anterior views, one posterior: the second anterior one stays alone, and so does the film between."""
    film = File(sha256="ff")
    first, second, back = view("anterior", 1), view("anterior", 2), view("posterior", 3)

    assert pair_views([back, first, film, second]) == [replace(first, posterior=back), film, second]


@pytest.mark.parametrize("other", [{"hour": 6.0}, {"hour": 4.0}, {"scan": "1.2.4"}])
def test_views_an_hour_apart_or_of_different_scans_stay_apart(other):
    """An hour is the limit, and is outside."""
    items = [view("anterior", 1), view("posterior", 2, **other)]

    assert pair_views(items) == items


def test_a_scout_view_without_a_series_is_refused_unless_the_caller_says_that_it_is_a_film():
    scout = File(sha256="00", is_localizer=True)
    (refused,) = arrange([scout], scouts_as_films=False)

    assert refused.refusal.code == "localizer"
    assert "alone" in refused.refusal.reason
    assert arrange([scout], scouts_as_films=True) == [scout]
