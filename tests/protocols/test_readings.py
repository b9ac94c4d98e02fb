"""What of an examined film the weighing reads."""

import pytest

from calcinet.protocols.readings import collect_readings
from calcinet.record import CtRecord, FindingRecord, ImageRecord, NotMeasured


def _film(resolvable_mm):
    missing = () if resolvable_mm else (NotMeasured(measure="resolvable_mm", because="the pixel size is unknown"),)
    return ImageRecord(
        id="img-1", modality="DX", anatomy="lower leg", resolvable_mm=resolvable_mm, not_measured=missing
    )


@pytest.mark.parametrize(("resolvable_mm", "blind"), [(0.2, False), (0.42, True), (None, True)])
def test_a_film_that_could_not_show_an_arteriole_or_does_not_say_so_cannot_tell(resolvable_mm, blind):
    """Above 0.3 mm it cannot tell; without a pixel size nobody knows, and a better film is asked for too."""
    (reading,) = collect_readings([_film(resolvable_mm)])

    assert reading.blind is blind
    assert reading.net is (None if blind else False)


def test_a_coarse_film_that_shows_a_net_still_cannot_tell_of_finer_calcium():
    """What was seen was seen; a better film is asked for all the same."""
    net = FindingRecord(id="f1", kind="net", probability=0.9)
    (reading,) = collect_readings([_film(0.42).model_copy(update={"findings": (net,)})])

    assert (reading.net, reading.blind) == (True, True)


def _ct(contrast, compartment=None):
    """A CT with one plaque in a compartment, or none."""
    plaque = FindingRecord(id="f1", kind="vessel", compartment=compartment, form="nodular") if compartment else None
    return ImageRecord(
        id="img-1",
        modality="CT",
        anatomy="leg",
        resolvable_mm=0.5,
        findings=(plaque,) if plaque else (),
        ct=CtRecord(shape=(9, 9, 9), spacing_mm=(1, 1, 1), contrast=contrast, threshold_hu=130, noise_hu=10),
    )


@pytest.mark.parametrize(
    ("contrast", "compartment", "vessels"),
    [
        (False, "artery", ("not resolvable", "medium")),
        (False, "subcutis", ("not resolvable",)),
        (False, None, ()),
        (True, None, None),
        (True, "artery", ("not resolvable", "medium")),
    ],
)
def test_plaques_of_arteries_on_a_ct_are_of_vessels_of_medium_calibre_at_least(contrast, compartment, vessels):
    """A plaque has no calibre, its artery has; beside enhanced blood nobody knows that there is none."""
    (reading,) = collect_readings([_ct(contrast, compartment)])

    assert reading.vessels == vessels
    assert reading.contrast is contrast


def test_a_series_left_out_and_a_scout_are_no_images_that_could_not_tell():
    """The series that was examined instead counts; these two do not."""
    other = {code: {"reason": "told", "code": code} for code in ("other-series", "localizer", "truncated")}
    images = [ImageRecord(id=f"img-{n}", modality="CT", refused=why) for n, why in enumerate(other.values(), start=1)]

    assert [reading.id for reading in collect_readings(images)] == ["img-3"]
