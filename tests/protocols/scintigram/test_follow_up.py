"""Two scans of one patient: what is compared, by what it is normalised, and when no change is told."""

import re
from dataclasses import replace

import numpy as np
import pytest

import calcinet
from calcinet.errors import NotMeasurable
from calcinet.io.scintigram.writer import write_scintigram
from calcinet.phantoms.scintigram.whole_body import follow_up, whole_body
from calcinet.protocols import examine_image
from calcinet.protocols.scintigram.follow_up import compare, compare_equipment, compare_scans
from calcinet.record import Record, ScintigramRecord
from tests.support.ill_calf import CALF, ILL


def examined(pair, folder) -> Record:
    paths = [write_scintigram(folder / f"{number}.dcm", image) for number, image in enumerate(pair)]
    return calcinet.examine(paths)


def test_two_scans_in_one_call_are_compared(pair, tmp_path):
    """Every soft segment took up 0.6 times as much: diffusely decreased, the interval holds 0.6; 30 days between."""
    record = examined(pair, tmp_path)
    comparison = record.images[1].scintigram.comparison

    assert record.images[0].scintigram.comparison is None
    assert comparison.normalised_by == "dose"
    assert comparison.hours == pytest.approx(720.0)
    assert comparison.call == "decreased"
    assert comparison.overall_interval[0] < 0.6 < comparison.overall_interval[1]
    assert all(one.call == "decreased" for one in comparison.segments)
    assert "diffusely decreased" in " ".join(record.images[1].statements)
    assert record.images[1].measures["uptake.change.lower_leg_L"] == pytest.approx(0.6, rel=0.2)


def equipped(**equipment) -> ScintigramRecord:
    return ScintigramRecord(views=("anterior",), whole_body=True, counts=1e6, **equipment)


SAME = {"camera": "a", "collimator": "b", "drug": "medronate"}


def test_the_same_equipment_needs_no_word():
    assert compare_equipment(equipped(**SAME), equipped(**SAME)) == ()


def test_another_collimator_is_said():
    """And the comparison is by bone, whatever doses are known."""
    (told,) = compare_equipment(equipped(**SAME), equipped(**{**SAME, "collimator": "c"}))

    assert "The two scans differ in collimator" in told


def test_equipment_that_is_not_known_is_said():
    """A camera on one scan alone."""
    (told,) = compare_equipment(equipped(camera="a"), equipped(**SAME))

    assert "Not known of both scans, and taken for the same: collimator, radiopharmaceutical." in told


def test_scans_with_different_drugs_are_not_compared():
    with pytest.raises(NotMeasurable, match="different radiopharmaceuticals"):
        compare_equipment(equipped(**SAME), equipped(**{**SAME, "drug": "oxidronate"}))


def test_another_camera_takes_bone_for_its_measure(pair):
    """The same pair as above; only the model of the camera differs, and that is told."""
    first, second = (examine_image(image, f"img-{number}")[0] for number, image in enumerate(pair, 1))
    cameras = [
        image.model_copy(update={"scintigram": image.scintigram.model_copy(update={"camera": name})})
        for image, name in ((first, "a"), (second, "b"))
    ]
    comparison = compare(*cameras, hours=720.0)

    assert comparison.normalised_by == "bone"
    assert "differ in camera" in comparison.cautions[0]


def test_order_is_that_of_time_not_of_files(pair, tmp_path):
    """The later scan is given first; it still holds the comparison."""
    record = examined(pair[::-1], tmp_path)

    assert record.images[0].scintigram.comparison.earlier == "img-2"


def test_without_dose_bone_is_the_measure(pair, tmp_path):
    """No dose in the files; bone took up as much as before, so soft tissue still fell."""
    untold = [replace(image, emission=replace(image.emission, dose_mbq=None)) for image in pair]
    comparison = examined(untold, tmp_path).images[1].scintigram.comparison

    assert comparison.normalised_by == "bone"
    assert comparison.call == "decreased"


def test_the_same_scan_twice_shows_no_change(pair, tmp_path):
    """One body, same uptake, other counts by chance."""
    again = follow_up(ILL, {}, seed=999, repeat_sd=0.0, hours=3.0, dose_mbq=740.0)
    comparison = examined([pair[0], whole_body(again).image], tmp_path).images[1].scintigram.comparison

    assert comparison.call == "no change"
    assert not [one for one in comparison.segments if one.call != "no change"]


def scan_later(image, **emission):
    """The same scan with other facts in its header."""
    return replace(image, emission=replace(image.emission, **emission))


@pytest.fixture
def halved(pair):
    """One scan, and the same 30 days later on a camera whose pixels have half the height: half the counts in each."""
    first = pair[0]
    upper = np.random.default_rng(3).binomial(first.pixels.astype(int), 0.5)
    views, height, width = first.pixels.shape
    rows = np.stack([upper, first.pixels - upper], axis=2).reshape(views, 2 * height, width)
    spacing = (1.0, first.spacing_mm[1] / 2, first.spacing_mm[2])
    later = replace(first, pixels=rows.astype(np.float32), spacing_mm=spacing)
    return first, scan_later(later, scanned_h=first.emission.scanned_h + 720)


def compared_in_memory(first, second):
    scans = [examine_image(image, f"img-{number}")[0] for number, image in enumerate((first, second), start=1)]
    hours = {"img-1": first.emission.scanned_h, "img-2": second.emission.scanned_h}
    return compare_scans(scans, hours)[1]


def test_smaller_pixels_are_no_decrease(halved):
    """Half the area, half the counts of a pixel: the same uptake."""
    comparison = compared_in_memory(*halved).scintigram.comparison

    assert comparison.normalised_by == "dose"
    assert comparison.call == "no change"
    assert comparison.overall == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize("case", ["scaled", "decay corrected", "decay contradictory", "waited longer"])
def test_scans_counted_in_another_way_are_normalised_by_bone(pair, case):
    """Pixels times three; corrected for decay on one file; 2.5 h and 5 h after injection: dose cannot tell."""
    first, later = pair
    untold = compared_in_memory(first, scan_later(later, dose_mbq=None)).scintigram.comparison
    if case == "scaled":
        later = replace(later, pixels=later.pixels * 3)
    elif case == "decay corrected":
        later = scan_later(later, decay_corrected=True)
    elif case == "decay contradictory":
        later = scan_later(later, decay_corrected=None)
    else:
        later = scan_later(later, hours_after_injection=5.0)
    record = compared_in_memory(first, later)

    assert record.scintigram.comparison.normalised_by == "bone"
    assert record.scintigram.comparison.overall == pytest.approx(untold.overall, rel=0.05)
    assert "not comparable" in " ".join(record.statements)


def test_two_scans_of_one_injection_are_one_examination(pair):
    """Blood pool 12 minutes after the injection, the delayed scan 2.8 h later: no change is told."""
    pool = scan_later(pair[0], scanned_h=10.0, hours_after_injection=0.2)
    delayed = scan_later(pair[1], scanned_h=12.8, hours_after_injection=3.0)
    record = compared_in_memory(pool, delayed)

    assert record.scintigram.comparison is None
    assert not [name for name in record.measures if name.startswith("uptake.change")]


def test_a_change_of_one_leg_is_not_diffuse(pair):
    """Left thigh and lower leg fall to 0.3: a fall on average, but not in most segments."""
    one_leg = {("thigh", "L"): 0.3, CALF: 0.3}
    later = follow_up(ILL, one_leg, seed=41 + 30 * 24, repeat_sd=0.0, hours=3.0, dose_mbq=740.0)
    record = compared_in_memory(pair[0], whole_body(later).image)
    told = " ".join(record.statements)

    assert record.scintigram.comparison.call == "decreased"
    assert "diffusely" not in told
    assert "not alike in most segments" in told


def test_a_segment_missing_on_one_scan_has_no_change_and_a_reason(pair):
    """The left leg of the later scan ends below the knee."""
    later = pair[1].pixels.copy()
    air = np.random.default_rng(2).poisson(0.05, later.shape)
    later[0, 660:, 128:], later[1, 660:, :128] = air[0, 660:, 128:], air[1, 660:, :128]
    record = compared_in_memory(pair[0], replace(pair[1], pixels=later))
    because = {entry.measure: entry.because for entry in record.not_measured}

    assert record.measures["uptake.change.lower_leg_L"] is None
    assert "not found" in because["uptake.change.lower_leg_L"]


def test_no_date_and_no_name_reach_the_record(pair, tmp_path):
    """Scans of January 2000 by PHANTOM^CALCINET: only hours stand there."""
    text = examined(pair, tmp_path).to_json()

    assert not re.search(r"2000-?0[12]-?[0-3]\d", text)
    assert "PHANTOM" not in text


def test_a_record_comes_back_as_it_was_written(pair, tmp_path):
    """JSON and back."""
    record = examined(pair, tmp_path)

    assert Record.from_json(record.to_json()).to_json() == record.to_json()
