"""Files and series of a call, and how they are refused."""

from dataclasses import replace

from pydicom.dataset import Dataset

from calcinet.errors import Unreadable
from calcinet.io.ct.series_reader import Identity
from calcinet.io.dicom.file_header import FileHeader
from calcinet.io.study_items import File, Series

BLANK = Unreadable("the film is blank", code="constant")

HEADER = FileHeader(
    dataset=Dataset(),
    modality="MR",
    person=None,
    instance="1.2.3",
    made_from=frozenset(),
    for_processing=True,
    sloppy=False,
)


def test_a_file_is_refused_under_its_hash_and_suffix():
    refusal = File(sha256="0123456789abcdef", suffix=".png").refuse(BLANK)

    assert (refusal.source, refusal.sha256) == ("0123456789ab.png", "0123456789abcdef")
    assert (refusal.reason, refusal.code, refusal.modality) == ("the film is blank", "constant", None)


def test_a_file_that_was_refused_before_keeps_its_name():
    first = replace(File(sha256="0123456789abcdef").refuse(BLANK), source="0123456789ab.zip")
    again = File(sha256="0123456789abcdef", refusal=first).refuse(Unreadable("two patients", code="mixed-patients"))

    assert (again.source, again.code) == ("0123456789ab.zip", "mixed-patients")


def test_the_header_says_modality_and_whether_the_pixels_are_raw():
    file = File(sha256="00", header=HEADER)

    assert file.refuse(BLANK).modality == "MR"
    assert file.is_unprocessed
    assert not File(sha256="00").is_unprocessed


def test_a_series_is_refused_under_its_own_name_with_the_better_one_said():
    series = Series(identity=Identity("aaa.dcm", "aaabbb"))
    refusal = series.refuse_beside_better("thinner slices")

    assert (refusal.source, refusal.sha256, refusal.modality) == ("aaa.dcm", "aaabbb", "CT")
    assert refusal.code == "other-series"
    assert refusal.reason.endswith(": thinner slices")
