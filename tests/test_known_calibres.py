"""The benches of calibre and mesh against answers worked out on paper."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.agreement import Estimate
from benchmarks.known_calibres import Measured, calibre_table, cramer_rao, unresolved_table
from benchmarks.known_vessels import KnownVessel, known_vessels, noise_films
from benchmarks.meshes import MeasuredNet, measured_net, mesh_table
from calcinet.image import Image
from calcinet.measure.calibre.calibre import Calibre


def vessel(true_mm=2.0, fine_noise=5.0, length_mm=20.0, **changed) -> KnownVessel:
    """A vessel in noise of 5 grey levels, known blur of a pixel of 0.15 mm."""
    line = np.zeros((2, 2))
    image = Image(np.zeros((1, 8, 8), np.float32), (1.0, 0.15, 0.15), "1", spacing_basis="calibrated")
    plain = KnownVessel(
        image=image, line=line, half_width_px=line[0], noise_sd=5.0, blur_px=1.0, blur_interval_px=(1.0, 1.0),
        true_mm=true_mm, least_mm=0.353, length_mm=length_mm, contrast_in_noise=10.0, background="drawn noise",
        lumen_share=0.5, fine_noise=fine_noise, amount=150.0,
    )  # fmt: skip
    return replace(plain, **changed)


def calibre(mm: float | None, low: float = 0.0, high: float = 9.0) -> Calibre:
    none = np.zeros(0)
    interval = None if mm is None else (low, high)
    return Calibre(
        calibre_class="small",
        calibre_mm_interval=interval,
        length_mm_interval=(1.0, 2.0),
        position_mm=none,
        along_mm=none,
        along_mm_interval=np.zeros((0, 2)),
        calibre_mm=mm,
        length_mm=1.0,
        upper_limit_mm=0.5 if mm is None else None,
        fit_sd=0.05,
        window_sd_mm=0.1,
    )


def test_the_bound_grows_with_the_noise_and_falls_with_the_root_of_the_length():
    """A wide vessel is nearly linear: twice the noise or a quarter of the length, twice the bound."""
    plain, noisy, short = (cramer_rao(v) for v in (vessel(4.0), vessel(4.0, fine_noise=10), vessel(4.0, length_mm=5)))

    assert noisy == pytest.approx(2 * plain, rel=0.15)
    assert short == pytest.approx(2 * plain, rel=0.15)


def test_a_vessel_lies_where_it_is_said_to_lie():
    """On even noise of 20 levels, its walls are the brightest part of what was added, half a diameter off the line."""
    one = next(iter(known_vessels(noise_films(1), 1, seed=3)))
    rows, columns = np.rint(one.line).astype(int).T
    along, beside = one.image.plane[rows, columns].mean(), np.median(one.image.plane)

    assert along - beside > one.fine_noise
    assert 0.3 <= one.true_mm <= 7
    assert one.amount > 0


def test_the_same_seed_makes_the_same_vessels():
    """Two runs of three vessels."""
    first, second = (list(known_vessels(noise_films(1), 3, seed=5)) for _ in range(2))

    assert [v.true_mm for v in first] == [v.true_mm for v in second]
    assert np.array_equal(first[2].image.plane, second[2].image.plane)


def test_errors_are_counted_by_hand():
    """2 mm found as 2.1 and 1.9: bias 0, mean error 0.1; one interval of two holds; one more was left open."""
    found = [Measured(vessel(), calibre(2.1, 1.9, 2.3)), Measured(vessel(), calibre(1.9, 1.8, 1.95))]
    row = calibre_table([*found, Measured(vessel(), None)]).rows[0]

    assert row[:4] == ("all", 3, 2, 1)
    assert (row[4].value, row[5].value) == (pytest.approx(0.0), pytest.approx(0.1))
    assert row[7].value == 0.5


def test_vessels_below_the_blur_are_a_table_of_their_own():
    """0.3 mm where 0.353 is resolved: one called so with a limit of 0.5 mm, one left open."""
    narrow = [Measured(vessel(0.3), calibre(None)), Measured(vessel(0.3), None)]
    shares = {row[0]: row[1].value for row in unresolved_table(narrow).rows if isinstance(row[1], Estimate)}

    assert calibre_table(narrow).rows[0][1] == 0
    assert shares["called not resolvable"] == shares["left open"] == 0.5
    assert shares["upper limits that lie above the truth"] == 1.0


def test_a_whole_net_has_the_mesh_that_it_was_drawn_with():
    """6 mm, give or take a tenth; with half of its edges still within 15 %."""
    assert measured_net(6.0, 0.0, 1).found_mm == pytest.approx(6.0, rel=0.1)
    assert measured_net(6.0, 0.5, 1).found_mm == pytest.approx(6.0, rel=0.15)


def test_the_bias_of_meshes_is_their_mean_relative_error():
    """6 mm found as 6.6 and 5.7: + 10 % and - 5 %, mean + 2.5 %; both intervals hold, one net has no mesh."""
    nets = [
        MeasuredNet(6.0, 0.5, 6.6, (5.0, 8.0)),
        MeasuredNet(6.0, 0.5, 5.7, (5.0, 6.5)),
        MeasuredNet(6.0, 0.5, None, None),
    ]
    row = next(row for row in mesh_table(nets).rows if row[0] == "50% missing, all meshes")

    assert row[1:3] == (3, 2)
    assert row[3].value == pytest.approx(0.025)
    assert row[5].value == 1.0
