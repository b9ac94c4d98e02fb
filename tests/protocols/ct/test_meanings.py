"""Every measure of a CT has a meaning."""

from calcinet.protocols.ct.meanings import MEANINGS
from calcinet.protocols.net_measures import NET_MEASURES


def test_every_measure_of_an_examined_ct_has_a_meaning(examined):
    assert set(examined[0].measures) <= set(MEANINGS)


def test_units_are_those_that_the_names_end_with():
    units = {"_mm3": "mm3", "_mm2": "mm2", "_mm": "mm", "_mg": "mg", "_percent": "%"}
    named = {name: unit for name in MEANINGS for suffix, unit in units.items() if name.endswith(suffix)}

    assert len(named) > 6
    assert {name: MEANINGS[name].unit for name in named} == named | {
        "net.junction_density_per_mm2": "/mm2",
        "net.length_density_per_mm": "mm/mm2",
    }


def test_the_volume_keeps_its_dicom_code():
    assert MEANINGS["ct.volume_mm3"].code == "DCM:122660"
    assert set(NET_MEASURES) <= set(MEANINGS)
