"""Intervals that resample patients, against sums on paper."""

import math

import numpy as np
import pytest

from benchmarks.agreement import clopper_pearson
from benchmarks.patients import (
    PatientFilm,
    by_patient,
    first_of_each_patient,
    mean_by_patient,
    percentile_by_patient,
    share_by_patient,
)


def test_films_of_one_patient_are_drawn_together():
    """Two patients, A with films 0 and 1, B with film 2: a draw is AA, AB, BA or BB, so the mean is 0, 1/3 or 1."""
    seen = set()

    def mean(at):
        seen.add(tuple(sorted(at)))
        return float(np.array([0.0, 0.0, 1.0])[at].mean())

    found = by_patient(mean, ["A", "A", "B"])

    assert seen == {(0, 1, 2), (0, 0, 1, 1), (2, 2)}
    assert (found.value, found.low, found.high, found.count) == (pytest.approx(1 / 3), 0.0, 1.0, 2)


def test_a_hundred_films_of_one_patient_are_one_patient():
    """Half of them hit: there is nothing to resample, and the interval has no width."""
    found = share_by_patient([True, False] * 50, ["A"] * 100)

    assert (found.value, found.low, found.high, found.count) == (0.5, 0.5, 0.5, 1)


@pytest.mark.parametrize("hit", [False, True])
def test_none_or_all_have_the_exact_interval_of_so_many_patients(hit):
    """Six films of three patients: as none, or all, of three."""
    found = share_by_patient([hit] * 6, ["A", "A", "B", "B", "C", "C"])

    assert found == clopper_pearson(3 * hit, 3)


def test_no_event_has_the_limit_of_poisson():
    """exp(-n x) = 0.025 for n = 10: x = 0.369."""
    found = mean_by_patient([0] * 10, [str(number) for number in range(10)])

    assert (found.value, found.low) == (0.0, 0.0)
    assert found.high == pytest.approx(0.369, abs=5e-4)


def test_mean_is_over_films_not_over_patients():
    """A: 1 and 1, B: 4. Films: 6/3 = 2; the mean of patients would be 2.5."""
    assert mean_by_patient([1, 1, 4], ["A", "A", "B"]).value == pytest.approx(2.0)


def test_percentile_is_over_films():
    """Of 0, 1, ..., 10 the 90th percentile is 9."""
    values = list(range(11))

    assert percentile_by_patient(values, 90, [str(value) for value in values]).value == pytest.approx(9.0)


def test_without_films_there_is_no_number():
    found = share_by_patient([], [])

    assert math.isnan(found.value)
    assert found.count == 0


def test_first_film_of_each_patient_in_their_order(tmp_path):
    films = [
        PatientFilm(patient=patient, path=tmp_path / name, anatomy="knee", spacing_mm=None)
        for patient, name in (("B", "1"), ("A", "2"), ("B", "3"))
    ]

    assert [film.path.name for film in first_of_each_patient(films)] == ["1", "2"]
