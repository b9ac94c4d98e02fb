"""Maps made from CT are told by their headers."""

import warnings

import pytest
from pydicom.dataset import Dataset

from calcinet.image import Image
from calcinet.io import Refusal, read, read_all
from calcinet.io.ct.pixel_quantity import SPECTRAL as SPECTRAL_MAP
from calcinet.io.ct.pixel_quantity import quantity_of
from tests.support.ctfiles import body, series


def refusals(path, **options):
    """Every refusal, none of which names the patient or a file."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = [item for item in read_all([path], **options) if isinstance(item, Refusal)]
    for item in found:
        assert len(item.reason) > 40
        assert not any(name in item.reason + item.source for name in ("Smith", "Jane", "MRN7", "slice1"))
    return found


SPECTRAL = (
    *("MONOENERGETIC", "MONO_ENERGETIC", "VMI", "VNC", "CT_SOM5 VNC", "VIRTUAL_NON_CONT", "IODINE", "GSI MONO"),
    *("IODINE_MAP", "Z_EFFECTIVE", "ELECTRON_DENSITY", "EFF_ATOMIC_NUM", "MAT_REMOVED", "EFF_Z", "RHO"),
)


def _item(**tags):
    item = Dataset()
    for keyword, value in tags.items():
        setattr(item, keyword, value)
    return item


@pytest.mark.parametrize(
    "tags",
    [
        {"RescaleType": "MGML"},
        {"RescaleType": "Z_EFF"},
        *({"ImageType": ["DERIVED", "PRIMARY", "AXIAL", value]} for value in SPECTRAL),
        {"MonoenergeticEnergyEquivalent": 70.0},
        {"MultienergyCTProcessingSequence": [_item(DecompositionMethod="PROJECTION_BASED")]},
        {"ImageType": ["DERIVED", "PRIMARY", "AXIAL", "PERFUSION"]},
    ],
)
def test_maps_are_refused_by_their_header(tmp_path, tags):
    """Whatever the values look like; the CT beside them is examined."""
    series(tmp_path / "a", body(), SeriesInstanceUID="1.2.3.1", **tags)
    series(tmp_path / "b", body(), SeriesInstanceUID="1.2.3.2", SliceThickness=5)
    refused, image = read_all([tmp_path])

    assert refused.code == "ct-not-hu"
    assert isinstance(image, Image)


def test_a_value_longer_than_the_standard_allows_is_understood():
    """20 characters, of which a header may have 16."""
    assert quantity_of(Dataset(), [], ["DERIVED", "PRIMARY", "VIRTUAL_NON_CONTRAST"], "HU") == SPECTRAL_MAP
    assert quantity_of(Dataset(), [], ["DERIVED", "PRIMARY", "AXIAL"], "HU") is None


def test_a_spectral_map_alone_asks_for_the_conventional_series(tmp_path):
    """Its values look like HU, but limits in HU do not hold on them."""
    (refused,) = refusals(series(tmp_path, body(), ImageType=["DERIVED", "PRIMARY", "AXIAL", "VMI"]))

    assert refused.code == "ct-not-hu"
    assert "spectral map" in refused.reason
    assert "conventional series" in refused.reason


@pytest.mark.parametrize(
    "tags",
    [
        {"MultienergyCTAcquisition": "YES"},
        {"ImageType": ["DERIVED", "PRIMARY", "AXIAL", "CT_SOM5 DE MIXED"]},
        {"ImageType": ["ORIGINAL", "PRIMARY", "AXIAL", "STANDARD"]},
    ],
)
def test_the_conventional_series_of_a_scan_with_several_energies_is_examined(tmp_path, tags):
    assert read(series(tmp_path, body(), **tags)).cautions == ()


@pytest.mark.parametrize(
    "tags",
    [
        {"ImageType": ["DERIVED", "SECONDARY", "AXIAL", "BONE_REMOVAL"]},
        {"ImageType": ["DERIVED", "SECONDARY", "AXIAL"], "DerivationDescription": "CTA subtraction"},
    ],
)
def test_a_scan_from_which_something_was_taken_away_is_refused(tmp_path, tags):
    """Bone and calcium are gone from it; the values look like HU."""
    (refused, *_) = refusals(series(tmp_path, body(), **tags))

    assert refused.code == "ct-not-hu"
    assert "taken away" in refused.reason
