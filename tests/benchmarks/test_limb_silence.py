"""False marks counted on a generated film, where they are no false ones, and on no film."""

import pytest

from benchmarks.limb_silence import examine_silent, silence_tables
from calcinet.findings.radiograph.tissue_map import find_regions
from calcinet.mask_labels import NET, VESSEL, Tissue
from calcinet.phantoms.radiograph.limb import limb, random_spec
from calcinet.protocols import examine_image


def test_marks_of_a_film_are_those_of_its_record():
    """A generated limb with vessels: courses, findings and pixels are those that the record and the mask hold."""
    image = limb(random_spec(7100, net=False, vessels=True)).image
    record, examined = examine_image(image, "img-1")
    marked = ((examined.mask == VESSEL) | (examined.mask == NET)).sum()
    seen = examine_silent(image, "A", "lower leg")

    assert (seen.courses, seen.vessels) == (len(record.courses), len(record.findings_of("vessel")))
    assert seen.percent == pytest.approx(100 * marked / find_regions(image)[Tissue.SOFT].sum())
    assert seen.vessels >= seen.courses > 0


def test_without_the_films_the_part_is_left_out_with_a_sentence(tmp_path, capsys):
    assert silence_tables(tmp_path / "nowhere") == []
    assert "films skipped" in capsys.readouterr().err
