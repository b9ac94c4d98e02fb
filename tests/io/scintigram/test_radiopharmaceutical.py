"""Whether a scan is of bone, by nuclide, drug, energy and description."""

import pytest
from pydicom.dataset import Dataset

from calcinet.errors import Unreadable
from calcinet.io import read, read_all
from calcinet.io.scintigram.radiopharmaceutical import bone_scan_cautions, name_bone_drug, require_bone_scan
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


OTHER_STUDIES = {
    "lung": (
        "Lungenszintigraphie|Scintigraphie pulmonaire|Gammagrafía pulmonar|Cintigrafia do pulmão|"
        "Scintigrafia polmonare|Longperfusiescan|Lungscintigrafi|Lungeskintigrafi|Keuhkojen gammakuvaus|"
        "Kopsude stsintigraafia|Plaučių scintigrafija|Plaušu scintigrāfija|Scyntygrafia płuc|"
        "Scintigrafie plic|Scintigrafia pľúc|Tüdőszcintigráfia|Scintigrafie plămâni|Scintigrafija pluća|"
        "Scintigrafija pljuč|Сцинтиграфия лёгких|Сцинтиграфія легень|Сцинтиграфия на бял дроб|"
        "Σπινθηρογράφημα πνευμόνων|Akciğer sintigrafisi|肺灌注显像|肺灌注掃描|肺血流シンチグラフィ"
    ),
    "kidney": (
        "Nierenszintigraphie|Scintigraphie rénale|Gammagrafía de riñones|Cintigrafia dos rins|"
        "Scintigrafia dei reni|Nierscan|Njurscintigrafi|Nyreskintigrafi|Munuaisten gammakuvaus|"
        "Neerude stsintigraafia|Inkstų scintigrafija|Nieru scintigrāfija|Scyntygrafia nerek|"
        "Scintigrafie ledvin|Scintigrafia obličiek|Vese szcintigráfia|Scintigrafie rinichi|"
        "Scintigrafija bubrega|Scintigrafija ledvic|Сцинтиграфия почек|Сцинтиграфія нирок|"
        "Сцинтиграфия на бъбреци|Σπινθηρογράφημα νεφρών|Böbrek sintigrafisi|肾动态显像|腎臟掃描|腎シンチグラフィ"
    ),
    "heart": (
        "Herzszintigraphie|Scintigraphie du cœur|Gammagrafía de corazón|Cintigrafia do coração|"
        "Scintigrafia del cuore|Hartscintigrafie|Hjärtscintigrafi|Hjerteskintigrafi|Sydämen gammakuvaus|"
        "Südame stsintigraafia|Širdies scintigrafija|Sirds scintigrāfija|Scyntygrafia serca|"
        "Scintigrafie srdce|Szívizom szcintigráfia|Scintigrafie inimă|Scintigrafija srca|Сцинтиграфия сердца|"
        "Сцинтиграфія серця|Сцинтиграфия на сърце|Σπινθηρογράφημα καρδιάς|Kalp sintigrafisi|心脏显像|心臟掃描|"
        "心臓シンチグラフィ|心筋血流シンチ"
    ),
    "thyroid": (
        "Schilddrüsenszintigraphie|Scintigraphie thyroïdienne|Gammagrafía tiroidea|Cintigrafia da tireoide|"
        "Scintigrafia tiroidea|Schildklierscan|Sköldkörtelscintigrafi|Skjoldbruskkirtel|"
        "Kilpirauhasen gammakuvaus|Kilpnäärme stsintigraafia|Skydliaukės scintigrafija|"
        "Vairogdziedzera scintigrāfija|Scyntygrafia tarczycy|Scintigrafie štítné žlázy|"
        "Pajzsmirigy szcintigráfia|Scintigrafie tiroidiană|Scintigrafija štitnjače|Scintigrafija ščitnice|"
        "Сцинтиграфия щитовидной железы|Сцинтиграфія щитоподібної залози|Σπινθηρογράφημα θυρεοειδούς|"
        "Tiroid sintigrafisi|甲状腺显像|甲狀腺掃描|甲状腺シンチグラフィ"
    ),
}


@pytest.mark.parametrize("organ", sorted(OTHER_STUDIES))
def test_studies_of_other_organs_are_known_in_the_languages_of_europe_chinese_and_japanese(organ):
    """As they stand in a Study Description; none names bone."""
    unknown = []
    for said in OTHER_STUDIES[organ].split("|"):
        header = Dataset()
        header.SpecificCharacterSet = "ISO_IR 192"
        header.StudyDescription = said
        try:
            require_bone_scan(header)
        except Unreadable:
            continue
        unknown.append(said)

    assert unknown == []


BONE_STUDIES = (
    "Knochenszintigraphie|Scintigraphie osseuse|Gammagrafía ósea|Cintigrafia óssea|Scintigrafia ossea|"
    "Botscan|Skelettscintigrafi|Knogleskintigrafi|Skjelettscintigrafi|Luuston gammakuvaus|"
    "Luustiku stsintigraafia|Kaulų scintigrafija|Kaulu scintigrāfija|Scyntygrafia kości|"
    "Scintigrafie kostí|Csontszcintigráfia|Scintigrafie osoasă|Scintigrafija kostiju|Остеосцинтиграфия|"
    "Сцинтиграфия костей|Остеосцинтиграфія|Σπινθηρογράφημα οστών|Kemik sintigrafisi|全身骨显像|骨掃描|骨シンチグラフィ"
)


@pytest.mark.parametrize("said", BONE_STUDIES.split("|"))
def test_bone_scans_are_known_in_the_same_languages(said):
    """Nothing contradicts, and nothing is taken on trust."""
    header = Dataset()
    header.SpecificCharacterSet = "ISO_IR 192"
    header.StudyDescription = said
    require_bone_scan(header)

    assert bone_scan_cautions(header) == ()


@pytest.mark.parametrize(
    ("said", "drug"),
    [
        ("Tc-99m MDP", "medronate"),
        ("99mTc-Medronat", "medronate"),
        ("HDP", "oxidronate"),
        ("99mTc-HMDP", "oxidronate"),
        ("Teceos DPD", "butedronate"),
        ("Tc99m PYP", "pyrophosphate"),
        ("technetium", None),
    ],
)
def test_the_drug_of_bone_is_named_by_its_substance(said, drug):
    """Whatever it is called in a hospital."""
    header, item = Dataset(), Dataset()
    item.Radiopharmaceutical = said
    header.RadiopharmaceuticalInformationSequence = [item]

    assert name_bone_drug(header) == drug


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
