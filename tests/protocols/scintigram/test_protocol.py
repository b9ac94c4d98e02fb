"""A bone scan from file to record: signs, grade, change, and what is not said."""

import re
from dataclasses import replace

import numpy as np
import pytest

import calcinet
from calcinet.clinical.case import Case
from calcinet.findings.scintigram.limb_segments import SEGMENT_KEYS
from calcinet.io import read
from calcinet.io.scintigram.writer import write_scintigram
from calcinet.measure.scintigram.uptake import SIDE_SD, raised, uptake_ratio
from calcinet.phantoms.scintigram.whole_body import WholeBody, follow_up, whole_body
from calcinet.protocols import DEFAULT_CLASSES, assemble, examine_image
from calcinet.protocols.measurements import Measurements
from calcinet.protocols.scintigram.change_sentences import with_changes
from calcinet.protocols.scintigram.protocol import MEANINGS, put_measures
from calcinet.protocols.scintigram.scan import measured_scan
from calcinet.protocols.scintigram.segment_records import CALF_LEVEL, other_level, side_level
from calcinet.record import Record, UptakeSegment
from calcinet.report.quantities.codes import quantity_code

CALF = ("lower leg", "L")
ILL = WholeBody(seed=41, person=41, counts=1.5e6, uptake={CALF: 1.6}, variation={CALF: 0.35})
REAL = "nm/wg04_NM1_whole_body_bone_GE_16bit_2.26mm.dcm"


@pytest.fixture(scope="module")
def ill():
    return examine_image(whole_body(ILL).image, "img-1")[0]


@pytest.fixture(scope="module")
def healthy():
    return examine_image(whole_body(WholeBody(seed=42, person=42, counts=1.5e6)).image, "img-1")[0]


def segment(record, part, side):
    return next(one for one in record.scintigram.segments if (one.part, one.side) == (part, side))


def test_a_raised_and_patchy_calf_is_increased_and_heterogeneous(ill):
    """1.6 times the other with 35 % variation: both signs, grade 2, one finding on the left."""
    calf = segment(ill, *CALF)

    assert calf.signs == ("increased", "heterogeneous")
    assert calf.other_side == pytest.approx(1.6, rel=0.15)
    assert ill.scintigram.grade == 2
    assert [(one.kind, one.side, one.level) for one in ill.findings] == [("uptake", "L", "lower leg")]
    assert "left lower leg: increased" in " ".join(ill.statements)


def test_every_grade_says_that_it_is_not_validated(ill, healthy):
    """EVIDENCE: no validated grade exists."""
    for record in (ill, healthy):
        told = " ".join(record.statements)

        assert "not validated" in told
        assert "no grade of soft-tissue uptake has been validated" in told


def test_a_healthy_scan_has_no_sign(healthy):
    """Grade 0; what could have been seen is said first."""
    assert healthy.scintigram.grade == 0
    assert healthy.findings == ()
    assert "19 times in 20" in healthy.statements[0]


def test_how_little_of_a_calf_is_seen_is_said(ill):
    """Between a tenth and two thirds of the area lies beside the bones."""
    (told,) = (caution for caution in ill.cautions if "in front of or behind bone" in caution)
    share = int(re.search(r"(\d+) % of the area", told)[1])

    assert 10 < share < 67


def test_left_over_right_is_the_inverse_of_right_over_left(ill):
    """The two segments of a pair tell one thing."""
    left, right = segment(ill, "lower leg", "L"), segment(ill, "lower leg", "R")

    assert left.other_side * right.other_side == pytest.approx(1.0)
    assert ill.measures["uptake.left_over_right.lower_leg"] == pytest.approx(left.other_side)


def test_every_measure_has_a_meaning_and_a_code(ill):
    """Page, SR, FHIR and tables read these."""
    assert set(ill.measures) <= set(MEANINGS)
    assert len({str(quantity_code(name)) for name in MEANINGS}) == len(MEANINGS)


def test_a_spot_view_is_counted_and_not_divided():
    """The legs alone: counts, no ratios, and why."""
    image = whole_body(WholeBody(seed=43, person=43)).image
    spot = replace(image, pixels=image.pixels[:, 560:], emission=replace(image.emission, whole_body=False))
    record, _ = examine_image(spot, "img-1")

    assert record.refused is None
    assert record.measures["uptake.counts"] == spot.pixels.sum(dtype=np.float64)
    because = {entry.measure: entry.because for entry in record.not_measured}
    assert "not a view of the whole body" in because["uptake.left_over_right.lower_leg"]


def test_uptake_at_the_lesion_is_said(ill):
    """An ulcer of the left leg; and one of the right leg alone."""
    left, right = (Case.model_validate({"lesions": [{"site": "leg", "side": s, "kind": "ulcer"}]}) for s in "LR")

    assert "All of this uptake lies at affected sites" in assemble([ill], left).images[0].statements[-1]
    assert "None of this uptake lies at an affected site" in assemble([ill], right).images[0].statements[-1]


def test_a_lesion_without_a_side_is_not_given_one(ill):
    """An ulcer of a leg, the side not told: both sides count, and that is said; with the side it is not."""
    told = []
    for side in (None, "L"):
        case = Case.model_validate({"lesions": [{"site": "leg", "side": side, "kind": "ulcer"}]})
        told.append("side of a lesion was not told" in assemble([ill], case).images[0].statements[-1])

    assert told == [True, False]


def test_the_brightest_place_is_told_and_lies_in_its_segment(ill, healthy):
    """A calf with 35 % variation has a place beyond counting, on the left of its view; a healthy scan has none."""
    calf = segment(ill, *CALF)
    outline = np.array([point for loop in calf.outlines for point in loop])

    assert outline[:, 0].min() <= calf.focus[0] <= outline[:, 0].max()
    assert outline[:, 1].min() <= calf.focus[1] <= outline[:, 1].max()
    assert ill.measures["uptake.focus.lower_leg_L"] == calf.focus_ratio > 1
    assert "Places brighter than counting explains: left lower leg" in " ".join(ill.statements)
    assert all(one.focus is None for one in healthy.scintigram.segments)


def test_the_programs_grade_is_never_weighed(ill):
    """Grade 2, all figures asked for: the bone scan's term stays unused, and the reason is given."""
    case = Case.model_validate({"lesions": [{"site": "leg", "side": "L", "kind": "ulcer"}]})
    (term,) = (
        one for one in assemble([ill], case, include_secondary=True).evidence.terms if one.finding == "bone_scan"
    )

    assert term.present is None
    assert not term.used
    assert "not been validated" in term.why_not


def test_a_readers_word_is_weighed(ill):
    """The same scan, and a reader who states uptake in the case file."""
    case = Case.model_validate({"imaging": [{"modality": "bone scan", "uptake": True}]})
    (term,) = (
        one for one in assemble([ill], case, include_secondary=True).evidence.terms if one.finding == "bone_scan"
    )

    assert term.present
    assert term.used


@pytest.fixture(scope="module")
def pair():
    """The ill calf and its body, and 30 days later: 40 % less in every segment, another dose, another time."""
    down = dict.fromkeys([(part, side) for part in PARTS for side in "LR"], 0.6)
    later = follow_up(ILL, down, seed=41 + 30 * 24, repeat_sd=0.0, hours=2.5, dose_mbq=600.0)
    return whole_body(ILL).image, whole_body(later).image


PARTS = ("upper arm", "forearm", "thigh", "lower leg")


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
    return with_changes(scans, hours)[1]


def test_smaller_pixels_are_no_decrease(halved):
    """Half the area, half the counts of a pixel: the same uptake."""
    comparison = compared_in_memory(*halved).scintigram.comparison

    assert comparison.normalised_by == "dose"
    assert comparison.call == "no change"
    assert comparison.overall == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize("case", ["scaled", "decay corrected", "waited longer"])
def test_scans_counted_in_another_way_are_normalised_by_bone(pair, case):
    """Pixels times three; corrected for decay on one file; 2.5 h and 5 h after injection: dose cannot tell."""
    first, later = pair
    untold = compared_in_memory(first, scan_later(later, dose_mbq=None)).scintigram.comparison
    if case == "scaled":
        later = replace(later, pixels=later.pixels * 3)
    elif case == "decay corrected":
        later = scan_later(later, decay_corrected=True)
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


def test_what_is_missing_has_its_own_reason():
    """Soft tissue was measured, nothing else: a reason for reference, another for bone, another for variation."""
    sheet = Measurements()
    put_measures(sheet, [UptakeSegment(part=part, side=side, density=1.0) for part, side in SEGMENT_KEYS])

    assert "fewer than three parts" in sheet.missing["uptake.reference.thigh_L"]
    assert "bone" in sheet.missing["uptake.bone.thigh_L"]
    assert "too little soft tissue" in sheet.missing["uptake.variation.thigh_L"]


def test_no_date_and_no_name_reach_the_record(pair, tmp_path):
    """Scans of January 2000 by PHANTOM^CALCINET: only hours stand there."""
    text = examined(pair, tmp_path).to_json()

    assert not re.search(r"2000-?0[12]-?[0-3]\d", text)
    assert "PHANTOM" not in text


def test_a_record_comes_back_as_it_was_written(pair, tmp_path):
    """JSON and back."""
    record = examined(pair, tmp_path)

    assert Record.from_json(record.to_json()).to_json() == record.to_json()


def test_the_real_scan_raises_no_alarm(shared_data):
    """Grade 0; the hot left wrist is named; the sum of its pixels is a measure."""
    record, _ = examine_image(read(shared_data / REAL), "img-1", DEFAULT_CLASSES)

    assert record.scintigram.grade == 0
    assert record.findings == ()
    assert all(one.focus is None for one in record.scintigram.segments)
    assert record.measures["uptake.counts"] == 3_596_452
    assert any("likely injection site (left hand or wrist)" in statement for statement in record.statements)


@pytest.mark.parametrize("share", [0.5, 0.28, 0.14])
def test_the_real_scan_stays_silent_with_fewer_counts(shared_data, share):
    """Thinned by chance, as if it had been shorter, to half a million counts at last: grade 0, the wrist named."""
    image = read(shared_data / REAL)
    fewer = np.random.default_rng(1).binomial(image.pixels.astype(int), share).astype(np.float32)
    record, _ = examine_image(replace(image, pixels=fewer), "img-1")

    assert record.scintigram.grade == 0
    assert any("left hand or wrist" in statement for statement in record.statements)


@pytest.mark.parametrize("person", range(60, 65))
def test_a_calf_raised_by_a_third_is_found_and_its_health_is_not(person):
    """Half a million counts, the fewest of the benchmark: 1.3 times normal is called, normal is not."""
    normal = WholeBody(seed=person, person=person, counts=5e5)
    called = []
    for spec in (normal, replace(normal, uptake={CALF: 1.3})):
        scan = measured_scan(whole_body(spec).image)
        ratio = uptake_ratio(scan.soft[CALF], scan.soft[("lower leg", "R")], natural_sd=SIDE_SD)
        called.append(raised(ratio.value, ratio.value_interval, CALF_LEVEL / 2))

    assert called == [False, True]


LEGS = [(part, side) for part in ("thigh", "lower leg") for side in "LR"]


def test_disease_of_both_legs_is_called_and_cautioned():
    """Both thighs and calves at 3 times: increased on either side, and the legs differ from the arms."""
    record, _ = examine_image(whole_body(WholeBody(seed=3, person=3, uptake=dict.fromkeys(LEGS, 3.0))).image, "img-1")
    called = {(one.part, one.side) for one in record.scintigram.segments if "increased" in one.signs}

    assert called >= set(LEGS)
    assert any("fold in uptake" in caution for caution in record.cautions)


def test_what_no_negative_excludes_is_said(healthy):
    """What would be found on one side and on both, and that a rise of all parts alike is not seen."""
    told = " ".join(healthy.statements)

    assert "A rise on both sides is called 19 times in 20 from" in told
    assert "A rise that is alike in all of these parts would not be seen" in told


def test_the_level_is_shared_by_all_ratios():
    """Eight segments beside a reference, six beside another side that are no lower leg: 2 % over 14; 3 % over 2."""
    segments = [
        UptakeSegment(part=part, side=side, other_side=1.0, reference=1.0)
        for part in ("upper arm", "forearm", "thigh", "lower leg")
        for side in "LR"
    ]

    assert other_level(segments) == pytest.approx(0.02 / 14)
    assert side_level("lower leg", 0.001) == pytest.approx(0.015)
