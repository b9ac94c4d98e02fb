"""Whether a scan is of bone, by nuclide, drug, energy and description."""

import pytest

from calcinet.io import read, read_all
from tests.support.scintigrams import given, named, window


@pytest.mark.parametrize(
    ("tags", "found"),
    [
        ({"RadionuclideCodeSequence": [named("^131^Iodine")]}, "another radionuclide"),
        ({"Radiopharmaceutical": "In-111 pentetreotide"}, "another radionuclide"),
        ({"RadionuclideHalfLife": "692928"}, "a half-life of 192 h"),
        ({"Radiopharmaceutical": "Tc-99m MAA"}, "a drug of another examination"),
        ({"Radiopharmaceutical": "99mTc-sestamibi"}, "a drug of another examination"),
        ({"Radiopharmaceutical": "Tc-99m MAG3"}, "a drug of another examination"),
    ],
)
def test_another_nuclide_or_drug_is_no_bone_scan(written, tags, found):
    """Iodine-131 has a half-life of 8.02 d = 692,928 s = 192 h."""
    (refused,) = read_all([given(written(), **tags)])

    assert refused.code == "not-a-bone-scan"
    assert found in refused.reason


@pytest.mark.parametrize(
    "tags",
    [
        {"BodyPartExamined": "THYROID"},
        {"StudyDescription": "LUNG PERFUSION"},
        {"BodyPartExamined": "KIDNEY"},
        {"StudyDescription": "Myocardial perfusion rest"},
        {"SeriesDescription": "131I WB"},
        {"StudyDescription": "Bone marrow"},
        {"ProtocolName": "MIBG whole body"},
    ],
)
def test_a_description_of_another_examination_is_no_bone_scan(written, tags):
    """Nothing else in the file names bone."""
    (refused,) = read_all([given(written(**tags))])

    assert refused.code == "not-a-bone-scan"


@pytest.mark.parametrize(
    "said", ["Bone scan, renal osteodystrophy", "Knochenszintigraphie Abteilung", "Gammagrafía ósea"]
)
def test_a_description_that_names_bone_is_one(written, said):
    """An organ beside the name of bone contradicts nothing."""
    image = read(given(written(StudyDescription=said, SpecificCharacterSet="ISO_IR 192")))

    assert image.cautions == ()


def test_silence_on_drug_and_organ_passes_with_a_caution(written):
    """Half-life of technetium, no drug, no description."""
    image = read(given(written()))

    assert [caution for caution in image.cautions if "is one is taken on trust" in caution]


def test_a_half_life_in_hours_is_that_of_technetium(written):
    """6.0067 cannot be seconds; the half-life is 6.0067 h."""
    assert read(given(written(), RadionuclideHalfLife="6.0067")).emission.half_life_h == pytest.approx(6.0067)


def test_windows_without_the_photopeak_are_no_bone_scan(written):
    """Indium-111: 155 to 187 and 222 to 270 keV."""
    (refused,) = read_all([written(EnergyWindowInformationSequence=[window(155, 187), window(222, 270)])])

    assert refused.code == "not-a-bone-scan"
    assert "140.5 keV" in refused.reason
