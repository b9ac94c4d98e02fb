"""What of the calcium of an image can be weighed."""

import pytest

from calcinet.evidence.readings import Reading
from calcinet.protocols.calcium_reading import name_classes, read_calcium, read_film
from calcinet.record import FindingRecord, ImageRecord, NotMeasured

BARE = Reading(id="img-1", modality="film")


def film(*findings, resolvable_mm=0.2, spacing_mm=(0.1, 0.2)) -> ImageRecord:
    missing = () if resolvable_mm else (NotMeasured(measure="resolvable_mm", because="no pixel size"),)
    return ImageRecord(
        id="img-1",
        modality="DX",
        findings=findings,
        resolvable_mm=resolvable_mm,
        spacing_mm=spacing_mm,
        not_measured=missing,
    )


VESSELS = (
    FindingRecord(id="f1", kind="vessel", calibre_class="medium"),
    FindingRecord(id="f2", kind="vessel"),
    FindingRecord(id="f3", kind="focus"),
)


def test_a_vessel_without_a_class_is_not_resolvable():
    assert name_classes(film(*VESSELS)) == ("medium", "not resolvable")


def test_without_a_pixel_size_classes_are_not_known_and_no_vessel_stays_none():
    assert read_film(film(*VESSELS, spacing_mm=None), BARE).vessels is None
    assert read_film(film(spacing_mm=None), BARE).vessels == ()
    assert read_film(film(*VESSELS), BARE).vessels == ("medium", "not resolvable")


def test_the_coarser_side_of_a_pixel_counts():
    reading = read_calcium(film(*VESSELS), BARE, ())

    assert reading.pixel_mm == 0.2
    assert reading.soft_tissue
    assert reading.by_program


@pytest.mark.parametrize(
    ("resolvable_mm", "has_net", "net", "blind"),
    [(0.3, False, False, False), (0.31, False, None, True), (None, False, None, True), (0.31, True, True, True)],
)
def test_no_net_is_known_only_to_0_3_mm(resolvable_mm, has_net, net, blind):
    """`CANNOT_TELL_MM` is 0.3: a film that shows no finer line is blind to finer calcium, net or not."""
    nets = (FindingRecord(id="f1", kind="net"),) if has_net else ()
    reading = read_calcium(film(*nets, resolvable_mm=resolvable_mm), BARE, ())

    assert (reading.net, reading.blind) == (net, blind)
