"""The benchmark of whole examinations against answers worked out on paper."""

import numpy as np
import pytest

from benchmarks.agreement import Estimate
from benchmarks.calibres import CalibrePair
from benchmarks.end_to_end import JudgedFilm, Stated, judged_tables
from benchmarks.error_fit import fit_scale, quantile_fit
from benchmarks.fit_calibre_error import error_squares, fit_error, half_intervals
from benchmarks.fit_net_area import fit_area, fit_mesh
from benchmarks.found_films import FoundArtery, FoundNet
from benchmarks.known_films import FIT_SEEDS, JUDGE_SEEDS, KnownFilm, cover_nets, generated_film, true_calibre_mm
from calcinet.image import Image
from calcinet.phantoms.truth import NetTruth, VesselTruth


def straight(column: float, diameter_mm: float) -> VesselTruth:
    """An artery down the rows 0 to 89."""
    line = np.stack([np.arange(90.0), np.full(90, column)], axis=1)
    return VesselTruth(
        centre_line=line, diameter_mm=np.full(90, diameter_mm), compartment="muscle", calcified=np.ones(90, bool)
    )


def film(*arteries: VesselTruth, room: slice = slice(None)) -> KnownFilm:
    """100 by 100 pixels of 0.2 mm; a net of 20 by 40 pixels."""
    corners = np.array([[10.0, 20.0], [10.0, 59.0], [29.0, 59.0], [29.0, 20.0]])
    net = NetTruth(mesh_mm=4.0, line_mm=0.4, depth_mm=3.0, lines=(), outline=corners)
    inside = np.zeros((100, 100), bool)
    inside[:, room] = True
    image = Image(np.zeros((1, 100, 100), np.float32), (1.0, 0.2, 0.2), "1", spacing_basis="calibrated")
    return KnownFilm(name="drawn", image=image, arteries=arteries, nets=(net,), room=inside)


def down(column: float, rows: int = 40) -> np.ndarray:
    return np.stack([np.arange(10.0, 10 + rows), np.full(rows, column)], axis=1)


def test_a_line_holds_an_artery_that_it_runs_within():
    """An artery of 3 mm reaches 7.5 pixels to both sides."""
    known = film(straight(30.0, 3.0), straight(60.0, 5.0))

    assert true_calibre_mm(known, down(37.0)) == 3.0
    assert true_calibre_mm(known, down(38.0)) is None
    assert true_calibre_mm(known, down(58.0)) == 5.0
    assert true_calibre_mm(film(), down(30.0)) is None


def test_a_line_of_which_half_runs_elsewhere_holds_none():
    """40 points in the artery and 40 beside it are no more than half."""
    known = film(straight(30.0, 3.0))

    assert true_calibre_mm(known, np.concatenate([down(30.0, 41), down(50.0)])) == 3.0
    assert true_calibre_mm(known, np.concatenate([down(30.0), down(50.0)])) is None


def test_a_net_ends_where_the_tissue_ends():
    """20 by 40 pixels, of which those of 20 columns lie in the limb."""
    assert cover_nets(film()).sum() == 800
    assert cover_nets(film(room=slice(40, None))).sum() == 400


def test_the_films_that_are_learnt_from_are_not_those_that_judge():
    assert not set(FIT_SEEDS) & set(JUDGE_SEEDS)


def test_a_generated_film_holds_arteries_and_a_net():
    made = generated_film(JUDGE_SEEDS[0])

    assert made.arteries
    assert cover_nets(made).any()


def judged(*pairs: CalibrePair, area: Stated | None = None, finer: bool = False) -> JudgedFilm:
    return JudgedFilm(
        arteries=pairs,
        lines_marked=len(pairs),
        area=area,
        mesh=None,
        net_missed=area is None,
        finer_line=finer,
        finer_net=False,
    )


def test_what_is_stated_is_counted():
    """Errors +0.2, -0.1 and, of an artery of 0.5 mm, none that counts; two of three intervals hold the truth."""
    right = CalibrePair(2.0, 2.2, (1.8, 2.6))
    wrong = CalibrePair(3.0, 2.9, (2.8, 2.95))
    thin = CalibrePair(0.5, 0.6, (0.4, 0.8))
    area = Stated(true=4.0, value=5.0, interval=(3.0, 6.0))
    calibres, nets, limits = judged_tables([judged(right, wrong, area=area), judged(thin, finer=True)])
    values = [
        [row[1].value for row in table.rows if isinstance(row[1], Estimate)] for table in (calibres, nets, limits)
    ]

    assert values[0][:3] == pytest.approx([2 / 3, 0.15, 0.05])
    assert values[1][:3] == pytest.approx([1.0, 1.25, 2.0])
    assert values[2] == pytest.approx([0.5, 0.5, 0.0])


def test_a_quantile_line_leaves_its_share_above():
    """Values x + noise of 0 to 1: the median line is x + 0.5, that of 90 % x + 0.9."""
    x, noise = (grid.ravel() for grid in np.meshgrid(np.linspace(0, 1, 21), np.linspace(0, 1, 41)))
    design = np.stack([np.ones_like(x), x], axis=1)

    assert quantile_fit(design, x + noise) == pytest.approx([0.5, 1.0], abs=0.03)
    assert quantile_fit(design, x + noise, 0.9) == pytest.approx([0.9, 1.0], abs=0.03)


def test_a_scale_is_the_quantile():
    """Sizes evenly from 0 to 1: 95 % lie below 0.95."""
    (scale,) = fit_scale(np.linspace(0, 1, 2001), lambda parameter: np.full(2001, parameter[0]), ((0.0, 2.0),))

    assert scale == pytest.approx(0.95, abs=0.01)


def test_what_is_not_stated_need_not_be_held():
    """One in ten errs by 5, with intervals ten times as long: at 2 it is left out, 95 % of the others are held."""
    size, wide = np.r_[np.linspace(0, 1, 900), np.full(100, 5.0)], np.r_[np.ones(900), np.full(100, 10.0)]
    (scale,) = fit_scale(size, lambda parameter: parameter[0] * wide, ((0.0, 2.0),), longest=2.0)

    assert scale == pytest.approx(0.95, abs=0.01)


def test_errors_of_tracing_are_held_by_intervals_as_short_as_can_be():
    """Calibres that err by a tenth and half of what fit and first estimate differ by: no interval knows more."""
    rng = np.random.default_rng(3)
    apart = rng.normal(0, 0.15, 300)
    sd = np.hypot(0.1, 0.5 * apart)
    error = rng.normal(0, sd)
    arteries = [
        FoundArtery(
            film=number, true_mm=2.0, found_mm=2.0 * np.exp(error[number]), fit_sd=0.01,
            first_mm=2.0 * np.exp(error[number] + apart[number]), pixel_mm=0.2, length_mm=1000.0, probability=0.9,
        )
        for number in range(300)
    ]  # fmt: skip
    half = half_intervals(fit_error(arteries), error_squares(arteries))

    assert 0.95 <= np.mean(np.abs(error) <= half) <= 0.975
    assert half.mean() == pytest.approx(2.1 * sd.mean(), rel=0.12)


def test_what_is_marked_of_a_net_comes_out_as_it_was_put_in():
    """Two thirds of the area, less by what is missing, within 0.1; meshes a tenth too wide and 0.2 off."""
    rng = np.random.default_rng(4)
    nets = []
    for number in range(400):
        missing, meshes = rng.uniform(0, 0.5), rng.uniform(1.5, 5.0)
        marked = 10 * np.exp(-np.log(1.5) - 0.8 * missing + rng.normal(0, 0.1))
        mesh = 4.0 * 1.1 * np.exp(rng.normal(0, 0.2))
        nets.append(
            FoundNet(
                film=number, true_cm2=10.0, marked_cm2=marked, true_mesh_mm=4.0, mesh_mm=mesh,
                mesh_interval_mm=(mesh * np.exp(-0.1), mesh * np.exp(0.1)), features=(1.0, meshes, missing),
                probability=0.9, line_to_noise=3.0,
            )
        )  # fmt: skip
    area, mesh = fit_area(nets), fit_mesh(nets)
    typical = np.array([1.0, 3.0, 0.25])

    assert area.weights == pytest.approx([np.log(1.5), 0.0, 0.8], abs=0.15)
    assert area.spread @ typical * np.array(area.error) == pytest.approx([0.2, 0.2], rel=0.3)
    assert mesh.weights @ typical == pytest.approx(-np.log(1.1), abs=0.05)
    assert mesh.spread @ typical * np.array(mesh.error) == pytest.approx([0.4, 0.4], rel=0.3)
