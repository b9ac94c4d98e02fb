"""The table of analytes: names, codes, units, ranges."""

import pytest

from calcinet.clinical.analytes import analyte, analytes, by_loinc, likely_analyte, load


def test_every_name_finds_its_own_analyte():
    """The key, the name and each other name."""
    for key, entry in analytes().items():
        for name in (key, entry.name, *entry.also):
            assert analyte(name) is entry


def test_every_loinc_code_is_of_one_analyte():
    codes = [code for entry in analytes().values() for code in entry.loinc]

    assert len(codes) == len(set(codes))
    assert all(by_loinc(code) is not None for code in codes)
    assert by_loinc("0-0") is None


def test_a_misspelt_name_finds_what_it_probably_means():
    likely = likely_analyte("phosphat")

    assert likely is not None
    assert likely.key == "phosphate"
    assert likely_analyte("xyzzy") is None


def test_the_own_unit_is_among_the_usual_ones():
    for entry in analytes().values():
        if entry.unit:
            assert entry.usual_units()[0] == entry.unit


def test_a_field_that_no_analyte_has_stops_the_table():
    with pytest.raises(TypeError):
        load('[thing]\nname = "thing"\ncolour = "green"\n')
