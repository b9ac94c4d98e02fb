"""The benchmark's sums against answers worked out on paper."""

import json
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.accuracy import net_probability
from benchmarks.agreement import Estimate, Overlap, auc, bootstrap, clopper_pearson, pooled
from benchmarks.calibres import CalibrePair, calibre_pairs, calibre_table
from benchmarks.courses import BRANCH, NONE, OTHER, SAME, Split, joins_of, splits_of
from benchmarks.phantoms import ACCEPTANCE_SEEDS, acceptance_phantom
from benchmarks.real import real_tables
from benchmarks.ridges import RidgedFilm, best_setting, best_threshold, filtered, levels
from benchmarks.stopwatch import timed
from benchmarks.tables import Table, write_tables
from calcinet.findings.finding import Finding, Kind
from calcinet.findings.projection_calcium import Calcium
from calcinet.geometry.vessel_linking import Course
from calcinet.image import Image
from calcinet.phantoms.radiograph.limb import LimbSpec
from calcinet.phantoms.truth import NET, SOFT, VESSEL, Phantom, Truth, VesselTruth
from calcinet.record import FindingRecord, ImageRecord, Refusal


def square(*corners, side=10):
    mask = np.zeros((side, side), dtype=bool)
    top, left, bottom, right = corners
    mask[top:bottom, left:right] = True
    return mask


def test_dice_of_two_squares_that_share_a_corner():
    """Two squares of 16 pixels share 4: 2 x 4 / 32 = 1/4."""
    assert Overlap.of_pixels(square(0, 0, 4, 4), square(2, 2, 6, 6)).dice == pytest.approx(0.25)


def test_dice_of_nothing_where_nothing_is_there_is_undefined():
    """0 / 0 is no agreement and no disagreement; one false pixel is disagreement."""
    nothing = square(0, 0, 0, 0)

    assert np.isnan(Overlap.of_pixels(nothing, nothing).dice)
    assert Overlap.of_pixels(square(0, 0, 1, 1), nothing).dice == 0


def test_films_are_pooled_pixel_by_pixel():
    """Hits 4 of 16 + 16 and 16 of 16 + 16: 2 x 20 / 64 = 0.625, which is not the mean of 1/4 and 1."""
    films = [Overlap.of_pixels(square(0, 0, 4, 4), square(2, 2, 6, 6)), Overlap(16, 16, 16, 16)]

    assert pooled(films).dice == pytest.approx(0.625)
    assert pooled([]) == Overlap(0, 0, 0, 0)


@pytest.mark.parametrize(("shift_px", "dice"), [(0, 1.0), (2, 1.0), (3, 0.0)])
def test_a_centre_line_may_lie_two_pixels_off(shift_px, dice):
    """A straight line moved sideways is within the tolerance of 2 px, or wholly outside."""
    found = Overlap.of_lines(square(8 + shift_px, 4, 9 + shift_px, 16, side=20), square(8, 4, 9, 16, side=20))

    assert found.dice == dice


def test_centre_line_dice_is_the_harmonic_mean_of_right_and_seen():
    """Marked: 8 px on the line and 8 px far off, right 1/2; seen 1: 2 x 0.5 x 1 / 1.5 = 2/3."""
    true = square(5, 2, 6, 10, side=30)
    found = Overlap.of_lines(true | square(25, 2, 26, 10, side=30), true)

    assert found.dice == pytest.approx(2 / 3)
    assert Overlap.of_lines(square(0, 0, 0, 0), square(0, 2, 1, 8)).dice == 0


def test_auc_counts_ties_as_half():
    """Pairs (1, 0), (1, 1), (3, 0), (3, 1): right, tied, right, right: 3.5 / 4."""
    scores, present = np.array([1.0, 3.0, 0.0, 1.0]), np.array([True, True, False, False])

    assert auc(scores, present) == pytest.approx(0.875)
    assert np.isnan(auc(scores, np.ones(4, dtype=bool)))


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=2, max_size=30))
def test_auc_turned_round_is_its_complement(films):
    """Swapping the signs of all scores swaps right and wrong pairs, and keeps ties."""
    scores, present = np.array([f[0] for f in films], dtype=float), np.array([f[1] for f in films])
    forward, backward = auc(scores, present), auc(-scores, present)

    assert (np.isnan(forward) and np.isnan(backward)) or forward + backward == pytest.approx(1)


def test_clopper_pearson_of_none_and_of_all():
    """No hit in 41: the upper limit solves (1 - p)^41 = 0.025, p = 0.086; all hits mirror it."""
    none, every = clopper_pearson(0, 41), clopper_pearson(41, 41)

    assert (none.low, none.high) == (0.0, pytest.approx(1 - 0.025 ** (1 / 41)))
    assert (every.low, every.high) == (pytest.approx(0.025 ** (1 / 41)), 1.0)
    assert none.high == pytest.approx(0.086, abs=5e-4)


def test_clopper_pearson_of_one_in_two():
    """One of two: P(at least 1 of 2) = 0.025 at p = 1 - sqrt(0.975); the other end mirrors it."""
    one = clopper_pearson(1, 2)

    assert (one.value, one.low, one.high) == (
        0.5,
        pytest.approx(1 - 0.975**0.5),
        pytest.approx(0.975**0.5),
    )
    assert (clopper_pearson(0, 0).low, clopper_pearson(0, 0).high) == (0.0, 1.0)


def test_bootstrap_of_equal_films_has_no_width_and_is_repeatable():
    """Every resample of equal values has the same mean; of 0 and 1 alternating, the 95 % interval is +- 1.96 x 0.05."""
    equal = bootstrap(lambda films: float(np.ones(8)[films].mean()), 8)
    values = np.arange(100) % 2
    mixed = bootstrap(lambda films: float(values[films].mean()), 100)

    assert equal == Estimate(1.0, 1.0, 1.0, 8)
    assert (mixed.value, mixed.low, mixed.high) == (
        0.5,
        pytest.approx(0.402, abs=0.011),
        pytest.approx(0.598, abs=0.011),
    )
    assert mixed == bootstrap(lambda films: float(values[films].mean()), 100)


def test_bootstrap_leaves_out_what_is_undefined():
    """A statistic that is never defined has no interval."""
    found = bootstrap(lambda films: float("nan"), 3)

    assert np.isnan([found.value, found.low, found.high]).all()


@given(st.lists(st.floats(-1, 1e6, width=32), min_size=1, max_size=20))
def test_levels_keep_the_order_of_responses(responses):
    """A larger response never has a lower level; what is not positive has level 0."""
    ranked = levels(np.sort(np.array(responses, dtype=np.float32)))

    assert (np.diff(ranked.astype(int)) >= 0).all()
    assert (ranked[np.sort(responses) <= 0] == 0).all()


def ridged(level_of, mask):
    soft = np.ones((1, len(mask)), dtype=bool)
    return RidgedFilm(np.array(level_of, dtype=np.uint16), np.array(mask, dtype=np.uint8), soft)


def test_a_peer_gets_its_best_threshold_and_is_not_charged_with_calcium_of_another_kind():
    """From level 5: marks 5, 7 and 9 of vessels 5 and 7 and air 1, net 9 not counted: 2 x 2 / (2 + 2) = 1."""
    film = ridged([1, 5, 7, 9], [0, VESSEL, VESSEL, NET])

    assert best_threshold([film], VESSEL) == (2, 1.0)
    assert film.overlap(VESSEL, 2).dice == 1
    assert film.overlap(NET, 2).dice == 1
    assert film.share_above(6) == 0.5


def test_a_peer_gets_the_scales_that_suit_it():
    """At the second scales its order is right, at the first it is upside down."""
    poor, good = ridged([9, 1], [0, VESSEL]), ridged([1, 9], [0, VESSEL])
    films, threshold = best_setting([(poor, good)], VESSEL)

    assert films == (good,)
    assert films[0].overlap(VESSEL, threshold).dice == 1


def bright_line():
    """A line of contrast 20 and 3 px on noise of SD 1."""
    rng = np.random.default_rng(1)
    true = square(30, 5, 33, 55, side=64)
    plane = (100 + rng.normal(size=true.shape) + 20 * true).astype(np.float32)
    maps = np.full(true.shape, SOFT, dtype=np.uint8)
    flat = np.ones(true.shape, dtype=np.float32)
    return plane, maps == SOFT, np.where(true, VESSEL, 0).astype(np.uint8), flat


def test_every_peer_finds_a_bright_line():
    """On a lone line far above the noise each filter must do well, or it is wrongly wired."""
    for name, film in filtered(*bright_line()).items():
        (chosen,), threshold = best_setting([film], VESSEL)

        assert chosen.overlap(VESSEL, threshold).dice > 0.8, name


def vessel_phantom():
    """Two vertical vessels at columns 20 and 60, 3 and 5 mm wide; the lower half of the second is not calcified."""
    rows = np.arange(5.0, 95.0)
    lines = [np.stack([rows, np.full_like(rows, column)], axis=1) for column in (20.0, 60.0)]
    calcified = [np.ones(90, dtype=bool), rows < 50]
    drawn = tuple(
        VesselTruth(centre_line=line, diameter_mm=np.full(90, mm), compartment="muscle", calcified=there)
        for line, mm, there in zip(lines, (3.0, 5.0), calcified, strict=True)
    )
    flat = np.ones((100, 100), dtype=np.float32)
    maps = flat.astype(np.uint8)
    image = Image(flat[None], (1.0, 0.2, 0.2), "1")
    truth = Truth(mask=maps, regions=maps, depth_mm=flat, vessels=drawn, nets=(), noise_sd=flat, calcium=flat)
    return Phantom(image, truth, LimbSpec())


def record_of(*found):
    findings = tuple(
        FindingRecord(
            id=f"f{number}",
            kind="vessel",
            calibre_mm=mm,
            calibre_interval_mm=None if mm is None else (mm - 0.2, mm + 0.2),
            polyline=tuple((float(row), column) for row in range(10, 45)),
        )
        for number, (column, mm) in enumerate(found)
    )
    return ImageRecord(id="img-1", resolvable_mm=0.3, findings=findings)


def test_each_calibre_is_held_against_the_vessel_it_lies_on():
    """Marks at columns 21, 58 and 90: 0.2 mm off the 3 mm vessel, 0.4 mm off the 5 mm one, 6 mm off any."""
    pairs = calibre_pairs(vessel_phantom(), record_of((21.0, 3.1), (58.0, 5.4), (90.0, 4.0)))

    assert pairs == [CalibrePair(3.0, 3.1, (2.9, pytest.approx(3.3))), CalibrePair(5.0, 5.4, (5.2, pytest.approx(5.6)))]
    assert [pair.covers for pair in pairs] == [True, False]


def test_two_vessels_taken_for_one_are_a_wrong_calibre():
    """A mark half-way between them, 3.8 mm from the nearer, with a calibre of 8 mm holds the 3 mm vessel."""
    wide = calibre_pairs(vessel_phantom(), record_of((39.0, 8.0)))

    assert [(pair.true_mm, pair.found_mm) for pair in wide] == [(3.0, 8.0)]
    assert calibre_pairs(vessel_phantom(), record_of((39.0, 7.0))) == []


def test_calibre_errors_are_summed_over_vessels():
    """Errors 0.1 and 0.4: median 0.25, quartiles 0.175 and 0.325; one of two intervals holds the truth."""
    pairs = calibre_pairs(vessel_phantom(), record_of((21.0, 3.1), (58.0, 5.4), (20.0, None)))
    table = calibre_table([pairs], marked=5)
    values = [row[1].value for row in table.rows if isinstance(row[1], Estimate)]

    assert values == pytest.approx([0.25, 0.25, 0.15, 0.5])
    assert table.note.startswith(
        "5 vessels marked; 2 hold no drawn vessel, 1 hold one but were not measured. Judged: 2 "
    )


def test_acceptance_films_have_a_net_where_the_seed_is_even():
    """Forty seeds, twenty with a net."""
    assert tuple(range(900, 940)) == ACCEPTANCE_SEEDS
    assert acceptance_phantom(900).truth.nets
    assert not acceptance_phantom(901).truth.nets


def test_a_refused_film_scores_zero():
    """What was not examined is not called."""
    refused = ImageRecord(id="img-1", refused=Refusal(reason="no tissue", code="no-tissue"))

    assert net_probability(refused) == 0


def test_without_real_films_their_part_is_left_out_with_a_sentence(tmp_path, capsys):
    """A machine without the films still runs the rest."""
    assert real_tables(tmp_path / "nowhere") == []
    assert "real films skipped" in capsys.readouterr().err


def test_the_stopwatch_sees_time_memory_and_output():
    """A child that holds 50 MB and sleeps a fifth of a second."""
    run = timed([sys.executable, "-c", "import time; held = bytearray(50_000_000); time.sleep(0.2); print('done')"])

    assert run.wall_s >= 0.2
    assert 50 <= run.peak_mb < 120
    assert run.said == "done\n"


def test_tables_are_written_for_people_and_programs(tmp_path):
    """A number that is missing is null in JSON and a dash on paper."""
    table = Table("Speed", ("what", "s"), (("one", Estimate(1.0, 0.5, 1.5, 3)), ("two", float("nan"))), "A note.")
    write_tables(tmp_path, [table], {"calcinet": "0.1.0"})
    rows = json.loads((tmp_path / "bench.json").read_text("utf-8"))["tables"][0]["rows"]

    assert rows == [["one", {"value": 1.0, "low": 0.5, "high": 1.5, "count": 3}], ["two", None]]
    assert "| one | 1.000 (0.500 to 1.500) |\n| two | - |" in (tmp_path / "bench.md").read_text("utf-8")


def column(at, start, stop):
    """A line down the film of 0.2 mm pixels."""
    row = np.arange(start, stop, 1.0)
    return np.stack([row, np.full(len(row), float(at))], axis=1)


def artery(line):
    calcified = np.ones(len(line), dtype=bool)
    return VesselTruth(centre_line=line, diameter_mm=np.full(len(line), 1.0), compartment="muscle", calcified=calcified)


def marked(*stretches, courses):
    """Vessels along lines, and which of them make a course."""
    spot = np.ones((1, 1), dtype=bool)
    findings = [Finding(kind=Kind.VESSEL, mask=spot, origin=(0, 0), centre_lines=(line,)) for line in stretches]
    return Calcium(
        findings=tuple(findings),
        labels=np.zeros((1, 1), np.uint8),
        net_score=0.0,
        courses=tuple(Course(column(0, 0, 2), ids, ()) for ids in courses),
    )


def test_an_artery_counts_the_findings_and_the_courses_that_follow_it():
    """60 mm of artery, found over 20, 20 and 4 mm: the last is too short to count. Another one is not found at all,
    and one of 10 mm is not asked for."""
    found = marked(column(50, 0, 100), column(51, 120, 220), column(50, 230, 250), courses=[(0,), (1, 2)])
    true = [artery(column(50, 0, 300)), artery(column(200, 0, 300)), artery(column(50, 0, 50))]

    assert list(splits_of(found, true, 0.2)) == [Split(findings=2, courses=2)]
    joined = marked(column(50, 0, 100), column(51, 120, 220), courses=[(0, 1)])
    assert list(splits_of(joined, true[:1], 0.2)) == [Split(findings=2, courses=1)]


def test_stretches_that_are_joined_lie_on_one_artery_or_not():
    """Arteries down columns 50 and 150, and a branch of the first that begins at its row 200; nothing at 250."""
    branch = np.stack([np.arange(200.0, 300.0), 50 + np.arange(0.0, 100.0)], axis=1)
    true = [artery(column(50, 0, 300)), artery(column(150, 0, 300)), artery(branch)]
    stretches = column(50, 0, 90), column(51, 110, 190), column(150, 100, 200), branch[10:], column(250, 0, 90)
    found = marked(*stretches, courses=[(0, 1, 3), (2, 4), (1, 2), (0,)])

    assert list(joins_of(found, true, 0.2)) == [(SAME, BRANCH), (NONE,), (OTHER,)]


def test_a_stretch_that_lies_on_two_arteries_is_of_either():
    """Both run down column 50 to row 100; below, one goes on and the other one ends."""
    true = [artery(column(50, 0, 100)), artery(column(51, 0, 300))]
    found = marked(column(50, 0, 80), column(51, 120, 220), courses=[(0, 1)])

    assert list(joins_of(found, true, 0.2)) == [(SAME,)]
