"""A generated pair of legs as a CT series, examined by the command, and every document of it against the record."""

import gzip
import json
import shutil
import subprocess
from pathlib import Path

import highdicom
import numpy as np
import pytest
from nibabel import Nifti1Image
from pydicom import dcmread

from calcinet.apps.console import Exit
from calcinet.apps.examination import Order, examine_and_write
from calcinet.io.ct.writer import write_ct
from calcinet.phantoms.ct.leg import Build, Calcium, leg
from calcinet.report.documents import Wanted
from tests.support import objects
from tests.support.ctfiles import body, slice_file
from tests.support.partners import need

pytestmark = pytest.mark.xdist_group("ct objects")  # one worker makes what they share

EVERYTHING = ("html", "png", "csv", "parquet", "gltf", "fhir", "dicom")
KNOWN = ("Unrecognized defined term <99CALCINET>", "needed to build DICOMDIR", "only permitted to be empty when")


@pytest.fixture(scope="module")
def series(tmp_path_factory) -> Path:
    """12 cm of both calves, in slices of 2 mm."""
    folder = tmp_path_factory.mktemp("series")
    build = Build("lower leg", "B", span_mm=(180.0, 300.0))
    image, _ = leg(
        4,
        (2.0, 1.0, 1.0),
        build=build,
        calcium=Calcium("heavy", small_vessels=2, nets=1, in_skin=2, in_subcutis=3, in_muscle=3),
    )
    write_ct(folder, image)
    return folder


@pytest.fixture(scope="module")
def examined(series, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("examined") / "out"
    order = Order(paths=[series], folder=folder, wanted=Wanted(EVERYTHING), quiet=True)
    assert examine_and_write(order) is Exit.DONE
    return folder


def near(number):
    image, finding, code, *values = number
    return image, finding, code, *(None if value is None else float(f"{value:.6g}") for value in values)


def test_calcium_was_found_in_an_artery_on_both_sides(examined):
    """Else the tests below would hold of nothing."""
    ct = json.loads((examined / "record.json").read_text())["images"][0]["ct"]

    assert {score["side"] for score in ct["scores"] if score["compartment"] == "artery"} == {"L", "R"}
    assert ct["arteries"]


@pytest.mark.parametrize("document", [objects.of_csv, objects.of_parquet, objects.of_sr, objects.of_fhir])
def test_every_quantity_is_that_of_the_record(examined, document):
    expected = sorted(map(near, objects.of_record(examined)), key=str)

    assert len(expected) > 100
    assert sorted(map(near, document(examined)), key=str) == expected


def marked_mm(path: Path) -> set[tuple[float, ...]]:
    """Places in the patient of all pixels that a segmentation marks (PS3.3 C.7.6.2.1.1)."""
    seg = highdicom.seg.segread(path)
    shared = seg.SharedFunctionalGroupsSequence[0]
    down_mm, across_mm = shared.PixelMeasuresSequence[0].PixelSpacing
    along = np.array(shared.PlaneOrientationSequence[0].ImageOrientationPatient, float)
    places = []
    for frame, pixels in zip(seg.PerFrameFunctionalGroupsSequence, seg.pixel_array, strict=True):
        rows, columns = np.nonzero(pixels)
        corner = np.array(frame.PlanePositionSequence[0].ImagePositionPatient, float)
        places.append(corner + np.outer(columns * across_mm, along[:3]) + np.outer(rows * down_mm, along[3:]))
    return {tuple(place) for place in np.round(np.concatenate(places), 1) + 0.0}


def test_the_segmentation_marks_the_voxels_of_the_label_map(examined, series):
    """By the places in the patient that each file gives for itself: DICOM's left and back are NIfTI's minus."""
    image = Nifti1Image.from_bytes(gzip.decompress((examined / "masks" / "img-1.nii.gz").read_bytes()))
    marked = np.argwhere(np.asarray(image.dataobj) > 0)
    of_nifti = (np.c_[marked, np.ones(len(marked))] @ image.affine.T)[:, :3] * [-1, -1, 1]
    seg = highdicom.seg.segread(examined / "img-1.seg.dcm")

    assert marked_mm(examined / "img-1.seg.dcm") == {tuple(p) for p in np.round(of_nifti, 1) + 0.0}
    assert seg.FrameOfReferenceUID == dcmread(next(series.iterdir())).FrameOfReferenceUID


@pytest.mark.parametrize("turned", [(0, 1), (1,)], ids=["prone", "mirrored"])
def test_the_segmentation_of_a_turned_series_marks_the_same_places(examined, series, tmp_path, turned):
    """The same slices, rows and columns (or columns alone) written the other way, and said so in the header."""
    (tmp_path / "series").mkdir()
    for path in series.iterdir():
        dataset = dcmread(path)
        axes = np.array(dataset.ImageOrientationPatient, float).reshape(2, 3)[::-1]  # down rows, along columns
        steps = axes * np.array(dataset.PixelSpacing, float)[:, None]
        last = [dataset.Rows - 1, dataset.Columns - 1]
        corner = np.array(dataset.ImagePositionPatient, float) + sum(steps[axis] * last[axis] for axis in turned)
        for axis in turned:
            axes[axis] *= -1
        dataset.ImagePositionPatient = [f"{mm:.8g}" for mm in corner]
        dataset.ImageOrientationPatient = [float(part) for part in axes[::-1].ravel()]
        dataset.PixelData = np.flip(dataset.pixel_array, turned).tobytes()
        dataset.save_as(tmp_path / "series" / path.name)
    order = Order(paths=[tmp_path / "series"], folder=tmp_path / "out", wanted=Wanted(("dicom",)), quiet=True)

    assert examine_and_write(order) is Exit.DONE
    assert marked_mm(tmp_path / "out" / "img-1.seg.dcm") == marked_mm(examined / "img-1.seg.dcm")


def test_checkers_of_others_find_no_error(examined):
    need(shutil.which("dciodvfy"), "dciodvfy (Debian: dicom3tools)")
    names = sorted(path.name for path in examined.glob("*.dcm"))
    assert names == ["img-1.sc.dcm", "img-1.seg.dcm", "report.pdf.dcm", "report.sr.dcm"]
    for name in names:
        done = subprocess.run(["dciodvfy", examined / name], capture_output=True, text=True, check=False)
        complaints = [line for line in done.stderr.splitlines() if line.startswith(("Error", "Warning"))]
        assert [line for line in complaints if not any(known in line for known in KNOWN)] == [], name


def test_a_scout_view_alone_is_nothing_examined(tmp_path):
    """Exit code 3, and the reason in the record."""
    scout = slice_file(
        tmp_path / "1", body((1, 64, 64))[0], (0, 0, 0), 1, ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"]
    )
    done = examine_and_write(Order(paths=[scout], folder=tmp_path / "out", wanted=Wanted(()), quiet=True))
    record = json.loads((tmp_path / "out" / "record.json").read_text())

    assert done is Exit.NOTHING_EXAMINED
    assert [image["refused"]["code"] for image in record["images"]] == ["localizer"]


def test_surfaces_of_a_usual_leg_are_small(examined):
    assert 10_000 < (examined / "img-1.glb").stat().st_size < 5_000_000
