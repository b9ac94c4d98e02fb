"""Recall counted by hand."""

import pytest

from benchmarks.limb_implants import limb_implant_tables
from benchmarks.limb_recall import NATIVE, SoughtArtery, count_found, is_asked


def artery(patient, share, diameter_mm=2.0, contrast=5.0):
    return SoughtArtery(
        patient=patient,
        is_calf=False,
        morphology="rings",
        diameter_mm=diameter_mm,
        contrast_in_noise=contrast,
        shares={NATIVE: share},
    )


def test_an_artery_is_found_from_a_quarter_of_its_length_on():
    """Shares 0.24, 0.25 and 1: two of three. One without calcified length is not looked for."""
    arteries = [artery("A", 0.24), artery("A", 0.25), artery("B", 1.0), artery("B", float("nan"))]
    share, of = count_found(arteries, NATIVE)

    assert (share.value, share.count, of) == (pytest.approx(2 / 3), 2, 3)


def test_films_not_shown_so_do_not_count():
    _, of = count_found([artery("A", 1.0)], "0.1 mm")

    assert of == 0


@pytest.mark.parametrize(
    ("diameter_mm", "contrast", "asked"), [(1.0, 4.0, True), (0.99, 9.0, False), (5.0, 3.9, False)]
)
def test_wide_and_clear_arteries_must_be_found(diameter_mm, contrast, asked):
    assert is_asked(artery("A", 1.0, diameter_mm, contrast)) is asked


def test_without_the_films_the_part_is_left_out(tmp_path, capsys):
    assert limb_implant_tables(tmp_path / "nowhere") == []
    assert "films skipped" in capsys.readouterr().err
