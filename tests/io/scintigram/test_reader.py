"""Planar nuclear medicine: counts, views, times and dose; what is not planar is refused."""

from dataclasses import replace

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset

from calcinet.errors import BadInput, Unreadable
from calcinet.image import Emission, Image
from calcinet.io import Refusal, read, read_all
from calcinet.io.scintigram.writer import write_scintigram
from tests.support.retagged import retagged

REAL = "nm/wg04_NM1_whole_body_bone_GE_16bit_2.26mm.dcm"


def scan(views=("anterior", "posterior"), **emission) -> Image:
    """A frame of counts for each view: 1 to 7 in rows that rise, 100 at one pixel that tells left from right."""
    pixels = np.zeros((len(views), 128, 64), np.float32) + np.arange(128, dtype=np.float32)[None, :, None] % 7 + 1
    pixels[:, 20, 10] = 100
    taken = Emission(
        views=views,
        whole_body=True,
        dose_mbq=740.0,
        hours_after_injection=3.0,
        half_life_h=6.0,
        frame_s=(1200.0,) * len(views),
        scanned_h=5.0,
    )
    return Image(pixels, (1.0, 2.5, 2.5), "{counts}", modality="NM", emission=replace(taken, **emission))


@pytest.fixture
def written(tmp_path):
    """Write a scan and set (None: delete) elements."""

    def write(name="scan.dcm", image=None, **tags):
        return retagged(write_scintigram(tmp_path / name, image or scan()), **tags)

    return write


def test_counts_views_dose_and_times_come_back(written):
    """What was written: two views, 740 MBq, scanned 3 h after injection for 1200 s, half-life 6 h, pixels of 2.5 mm."""
    image = read(written())

    assert np.array_equal(image.pixels, scan().pixels)
    assert (image.unit, image.modality, image.pixel_mm) == ("{counts}", "NM", (2.5, 2.5))
    assert image.emission.views == ("anterior", "posterior")
    assert image.emission.whole_body
    assert image.emission.dose_mbq == 740
    assert image.emission.hours_after_injection == pytest.approx(3.0)
    assert image.emission.half_life_h == pytest.approx(6.0)
    assert image.emission.frame_s == (1200.0, 1200.0)
    assert image.cautions == ()


def test_a_sum_that_differs_from_the_stated_counts_is_remarked(written):
    """The tag says 1000; the pixels sum up to more."""
    image = read(written(CountsAccumulated=1000))

    assert any("the file states 1,000 counts" in caution for caution in image.cautions)


def test_counts_that_nobody_stated_are_taken_on_trust(written):
    """Without Counts Accumulated nothing can be checked, and that is said."""
    image = read(written(CountsAccumulated=None))

    assert image.emission.counts_stated is None
    assert any("taken on trust" in caution for caution in image.cautions)


def test_frames_out_of_order_come_out_anterior_first(written):
    """The posterior view is stored first."""
    image = read(written(image=scan(("posterior", "anterior"))))

    assert image.emission.views == ("anterior", "posterior")


def test_a_view_that_is_not_told_is_taken_for_anterior_and_remarked(written):
    """No view code, no name of the image: left and right hold only if it is seen from the front."""
    image = read(written(image=scan(("anterior",)), DetectorInformationSequence=None))

    assert image.emission.views == ("anterior",)
    assert any("left and right hold only if that is so" in caution for caution in image.cautions)


def test_only_the_photopeak_window_is_read(written):
    """Two energy windows: 126 to 154 keV holds 140.5, the other is of scatter."""
    path = written()
    dataset = dcmread(path)
    dataset.EnergyWindowVector, dataset.DetectorVector = [1, 2], [1, 1]
    dataset.EnergyWindowInformationSequence = [window(90, 120), window(126, 154)]
    dataset.save_as(path)
    image = read(path)

    assert image.pixels.shape == (1, 128, 64)
    assert any("2 energy windows" in caution for caution in image.cautions)


def window(low: float, high: float) -> Dataset:
    """An energy window in keV."""
    span, item = Dataset(), Dataset()
    span.EnergyWindowLowerLimit, span.EnergyWindowUpperLimit = low, high
    item.EnergyWindowRangeSequence = [span]
    return item


def test_a_picture_that_runs_the_other_way_is_turned(written):
    """Columns of the anterior view run to the patient's right: mirrored, pixel 10 of 64 comes to 53."""
    path = written(image=scan(("anterior",)))
    dataset = dcmread(path)
    dataset.DetectorInformationSequence[0].ImageOrientationPatient = [-1, 0, 0, 0, 0, -1]
    dataset.save_as(path)

    assert read(path).pixels[0, 20, 53] == 100


def test_two_files_of_one_scan_are_one_image(written):
    """Anterior and posterior in files of their own, same study: one image of two views."""
    write = {
        view: written(f"{view}.dcm", scan((view,)), StudyInstanceUID="1.2.3") for view in ("anterior", "posterior")
    }
    images = read_all(list(write.values()))

    assert len(images) == 1
    assert images[0].emission.views == ("anterior", "posterior")
    assert images[0].emission.counts_stated == int(scan().pixels.sum())


def test_views_of_different_studies_stay_apart(written):
    """The same two files of two studies are two images."""
    paths = [
        written(f"{v}.dcm", scan((v,)), StudyInstanceUID=f"1.2.{n}") for n, v in enumerate(("anterior", "posterior"))
    ]

    assert [image.emission.views for image in read_all(paths)] == [("anterior",), ("posterior",)]


def test_injection_before_midnight(written):
    """Only clock times: injected 22:30, scanned 01:30, three hours later on the next day."""
    path = written(AcquisitionTime="013000")
    dataset = dcmread(path)
    del dataset.RadiopharmaceuticalInformationSequence[0].RadiopharmaceuticalStartDateTime
    dataset.RadiopharmaceuticalInformationSequence[0].RadiopharmaceuticalStartTime = "223000"
    dataset.save_as(path)

    assert read(path).emission.hours_after_injection == pytest.approx(3.0)


def test_a_dose_in_becquerel_is_recognised(written):
    """740,000,000 cannot be MBq."""
    path = written()
    dataset = dcmread(path)
    dataset.RadiopharmaceuticalInformationSequence[0].RadionuclideTotalDose = "740000000"
    dataset.save_as(path)
    image = read(path)

    assert image.emission.dose_mbq == 740
    assert any("taken as Bq" in caution for caution in image.cautions)


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("TOMO", "projections of a SPECT"),
        ("RECON TOMO", "reconstructed from a SPECT"),
        ("DYNAMIC", "dynamic"),
        ("GATED", "gated"),
    ],
)
def test_what_is_not_planar_is_refused(written, kind, found):
    """Value 3 of Image Type says what it is."""
    (refused,) = read_all([written(ImageType=["ORIGINAL", "PRIMARY", kind, "EMISSION"])])

    assert isinstance(refused, Refusal)
    assert refused.code == "not-planar"
    assert found in refused.reason


def test_slices_of_a_spect_are_one_refusal(written, tmp_path):
    """Three files of one series."""
    for number in range(3):
        written(f"{number}.dcm", ImageType=["ORIGINAL", "PRIMARY", "RECON TOMO"], InstanceNumber=number)
    (refused,) = read_all([tmp_path])

    assert (refused.code, refused.modality) == ("not-planar", "NM")
    assert "(3 files of one series)" in refused.reason


def test_a_scan_without_counts_is_refused(written):
    """All zero."""
    path = written()
    dataset = dcmread(path)
    dataset.PixelData = bytes(len(dataset.PixelData))
    dataset.save_as(path)

    with pytest.raises(Unreadable, match="no counts") as error:
        read(path)
    assert error.value.code == "no-counts"


def test_halves_of_counts_are_not_written(tmp_path):
    """More than 16 bits hold."""
    image = scan()

    with pytest.raises(BadInput, match="16 bits"):
        write_scintigram(tmp_path / "scan.dcm", replace(image, pixels=image.pixels * 1e5))


def test_the_real_scan_holds_the_counts_that_it_states(shared_data):
    """Counts Accumulated of the file: 3,596,452."""
    image = read(shared_data / REAL)

    assert image.pixels.sum(dtype=np.float64) == image.emission.counts_stated == 3_596_452
    assert image.pixel_mm == (2.26, 2.26)
    assert image.emission.frame_s == (1210.434,)
    assert not any("on trust" in caution for caution in image.cautions)


def named(meaning: str) -> Dataset:
    """A code of which the meaning alone is given."""
    code = Dataset()
    code.CodeMeaning = meaning
    return code


def given(path, **tags):
    """The file with elements of the drug set, the phantom's own name of it taken away."""
    dataset = dcmread(path)
    drug = dataset.RadiopharmaceuticalInformationSequence[0]
    del drug.Radiopharmaceutical
    for keyword, value in tags.items():
        setattr(drug, keyword, value)
    dataset.save_as(path)
    return path


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


def test_of_windows_that_are_not_described_none_is_guessed(written):
    """Two frames, numbers 1 and 2, limits of neither."""
    (refused,) = read_all([written(EnergyWindowVector=[1, 2], DetectorVector=[1, 1])])

    assert refused.code == "energy-windows"


def test_counts_of_all_windows_are_not_those_of_one(written):
    """Counts Accumulated is of both windows; one is read."""
    tags = {"EnergyWindowVector": [1, 2], "DetectorVector": [1, 1]}
    image = read(written(**tags, EnergyWindowInformationSequence=[window(90, 120), window(126, 154)]))

    assert image.emission.counts_stated is None


@pytest.mark.parametrize("missing", [("DetectorVector",), ("DetectorVector", "EnergyWindowVector")])
def test_detectors_are_counted_by_frame_where_no_vector_numbers_them(written, missing):
    """Two frames, two detectors: the first is anterior, the second posterior."""
    image = read(written(**dict.fromkeys(missing)))

    assert image.emission.views == ("anterior", "posterior")
    assert image.cautions == ()


def test_without_vectors_the_detector_changes_before_the_window(written):
    """Four frames of two windows and two detectors: the third and fourth are of the second window, the photopeak."""
    image = scan(("anterior", "posterior") * 2)
    image.pixels[2:] += 1
    path = written(image=image, DetectorVector=None, EnergyWindowVector=None)
    dataset = dcmread(path)
    dataset.NumberOfDetectors, dataset.NumberOfEnergyWindows = 2, 2
    dataset.DetectorInformationSequence = dataset.DetectorInformationSequence[:2]
    dataset.EnergyWindowInformationSequence = [window(90, 120), window(126, 154)]
    dataset.save_as(path)
    seen = read(path)

    assert seen.emission.views == ("anterior", "posterior")
    assert np.array_equal(seen.pixels, image.pixels[2:])


@pytest.mark.parametrize("views", [("Anterior", "Anterior"), ("Left lateral", "Right lateral")])
def test_views_that_make_no_pair_are_refused(written, views):
    """Twice from the front, or from both sides of the body."""
    path = written()
    dataset = dcmread(path)
    for detector, view in zip(dataset.DetectorInformationSequence, views, strict=True):
        detector.ViewCodeSequence = [named(view)]
    dataset.save_as(path)
    (refused,) = read_all([path])

    assert refused.code == "views"


def test_a_view_from_the_side_is_left_out_beside_one_from_the_front(written):
    """Anterior and left lateral: one view, and a caution."""
    path = written()
    dataset = dcmread(path)
    dataset.DetectorInformationSequence[1].ViewCodeSequence = [named("Left lateral")]
    dataset.save_as(path)
    image = read(path)

    assert (image.emission.views, image.pixels.shape) == (("anterior",), (1, 128, 64))
    assert any("left out" in caution for caution in image.cautions)


@pytest.mark.parametrize("clock", [None, "", "09"])
def test_a_time_of_day_that_is_missing_is_not_midnight(written, clock):
    """Injected 14:00 at the fixed hour 12 + 2; without a clock of the scan the wait is unknown."""
    image = read(written(AcquisitionTime=clock))

    assert (image.emission.hours_after_injection, image.emission.scanned_h) == (None, None)


def test_a_time_without_seconds_is_whole(written):
    """Scanned 17:00, written without seconds: still 3 h."""
    assert read(written(AcquisitionTime="1700")).emission.hours_after_injection == pytest.approx(3.0)


@pytest.mark.parametrize("kind", ["SECONDARY", "PRIMARY"])
def test_a_picture_of_a_scan_holds_no_counts(written, kind):
    """Times 8 and cut off at 255, no Counts Accumulated: 8 * 40 = 320 in 200 pixels, 8 * 7 = 56 in the others."""
    image = scan()
    image.pixels[:, 60:70, 20:40] = 40
    path = written(
        image=replace(image, pixels=np.minimum(8 * image.pixels, 255)),
        ImageType=["DERIVED", kind, "WHOLE BODY", "EMISSION"],
        CountsAccumulated=None,
    )
    (refused,) = read_all([path])

    assert refused.code == "no-counts"
    assert "picture" in refused.reason


def test_a_secondary_picture_is_refused_uncut(written):
    """Whatever its values are: nobody says how many counts they stand for."""
    (refused,) = read_all([written(ImageType=["DERIVED", "SECONDARY", "WHOLE BODY"], CountsAccumulated=None)])

    assert refused.code == "no-counts"
