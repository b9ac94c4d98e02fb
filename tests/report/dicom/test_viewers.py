"""What a viewer makes of report and segmentation: read in Node by the libraries that OHIF reads them with."""

import json
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset

from calcinet.record import BreastRecord
from calcinet.report.documents import Wanted
from calcinet.report.write import write_examination
from tests.support import handmade, handmade_ct
from tools import page as building

pytestmark = pytest.mark.xdist_group("page")  # one worker fetches the libraries of `web`

WANTED = Wanted(("json", "sr", "seg"), when=datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC))
CLOSE = 1e-3
"""Coordinates are single precision, up to 1000 pixels or mm."""

PLACED = (
    ("frameOfReference", "FrameOfReferenceUID"),
    ("spacing", "PixelSpacing"),
    ("position", "ImagePositionPatient"),
    ("orientation", "ImageOrientationPatient"),
)


@pytest.fixture(scope="module")
def libraries() -> None:
    """Those of `web`; without Node or npm the test is skipped, or fails where CI=true."""
    try:
        building.install()
    except RuntimeError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error))
        pytest.skip(f"needs the libraries of web, which could not be fetched: {error}")


def describe(header: Dataset) -> dict:
    told = {"instance": header.SOPInstanceUID, "series": header.SeriesInstanceUID}
    told |= {"rows": header.Rows, "columns": header.Columns}
    for name, keyword in PLACED:
        value = header.get(keyword)
        if value:
            told[name] = str(value) if keyword.endswith("UID") else [float(number) for number in value]
    return told


def look(folder: Path, headers: list[Dataset]) -> tuple[dict, dict, dict[str, np.ndarray]]:
    """The record, what a viewer makes of the objects beside it, and its masks by segment and instance."""
    masks = folder / "seen"
    masks.mkdir()
    job = {
        "report": str(folder / "report.sr.dcm"),
        "segmentation": str(folder / "img-1.seg.dcm"),
        "images": [describe(header) for header in headers],
        "masks": str(masks),
    }
    (folder / "job.json").write_text(json.dumps(job))
    command = [building.find_node(), "objects/read.mjs", folder / "job.json"]
    done = subprocess.run(command, cwd=building.WEB, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    shape = int(headers[0].Rows), int(headers[0].Columns)
    pixels = {path.name: np.fromfile(path, np.uint8).reshape(shape) for path in masks.iterdir()}
    return json.loads((folder / "record.json").read_text()), json.loads(done.stdout), pixels


def write_film(folder: Path, *, breast: bool = False) -> list[Dataset]:
    header, record = handmade.header(), handmade.examination()
    if breast:
        header.Modality, header.SOPClassUID = "MG", "1.2.840.10008.5.1.4.1.1.1.2"
        part = BreastRecord(
            grade=2,
            grade_means="words",
            chest_wall="left",
            nipple=(300.0, 10.0),
            pectoral_percent=0.0,
            detector="mammogram",
        )
        told = {"modality": "MG", "anatomy": "breast", "breast": part}
        record = record.model_copy(update={"images": (handmade.examined_image().model_copy(update=told),)})
    film = handmade.limb()
    write_examination(record, {"img-1": handmade.examined(film.plane, film.mask, header)}, folder, WANTED)
    return [header]


@pytest.mark.parametrize("breast", [False, True], ids=["film", "mammogram"])
def test_findings_of_a_film_are_taken_over_as_annotations(libraries, tmp_path, breast):
    """Each once, on its film, with outline or line, kind, and area or length as the record has them; masks as marked.

    A corner at (row, column) lies at (column + 0.5, row + 0.5) of PS3.3.
    """
    record, seen, pixels = look(tmp_path / "out", write_film(tmp_path / "out", breast=breast))
    findings = {finding["id"]: finding for finding in record["images"][0]["findings"]}
    told = {annotation["label"].split(",")[0]: annotation for annotation in seen["annotations"]}

    assert len(seen["annotations"]) == len(findings) == 3
    for key, finding in findings.items():
        annotation = told[key]
        expected = np.array(finding["outline"] or finding["polyline"])[:, ::-1] + 0.5
        assert annotation["tool"] == "PlanarFreehandROI"
        assert annotation["image"] == "1.2.3.4"
        assert annotation["closed"] == bool(finding["outline"])
        np.testing.assert_allclose(annotation["points"], expected, atol=CLOSE)
        name = "area" if finding["outline"] else "length"
        assert annotation["stats"][name] == finding[f"{name}_mm2" if name == "area" else "length_mm"]
    assert told["f1"]["label"] == "f1, calcified vessel, Calibre 1 mm, Calibre 5 {pixel}"
    for number, kind in enumerate(("vessel", "net", "focus"), start=1):
        assert (pixels[f"{number}-1.2.3.4"] == (handmade.limb().mask == number)).all(), kind
    assert len(pixels) == len(seen["segments"]) == 3


@pytest.mark.parametrize("flipped", [False, True], ids=["plain", "flipped"])
def test_findings_of_a_ct_are_taken_over_as_points_and_lines(libraries, tmp_path, flipped):
    """In the frame of reference: a point each, of the artery its centre line, too; masks on the slices as marked.

    A flipped slice is stored from back to front: its row 0 is the last of the volume.
    """
    headers = handmade_ct.slices(flipped=flipped)
    folder = tmp_path / "out"
    write_examination(handmade_ct.examination(), {"img-1": handmade_ct.examined(headers)}, folder, WANTED)
    record, seen, pixels = look(folder, headers)
    findings = {finding["id"]: finding for finding in record["images"][0]["findings"]}
    points = {one["label"].split(",")[0]: one for one in seen["annotations"] if one["tool"] == "Probe"}
    (line,) = [one for one in seen["annotations"] if one["tool"] == "PlanarFreehandROI"]

    assert set(points) == set(findings)
    assert {one["frameOfReference"] for one in seen["annotations"]} == {"1.2.3.5"}
    for key, finding in findings.items():
        away = np.linalg.norm(np.array(finding["place_mm"]) - points[key]["points"][0], axis=1)
        assert away.min() < CLOSE
    np.testing.assert_allclose(line["points"], findings["f1"]["place_mm"], atol=CLOSE)
    marked = np.zeros(handmade_ct.SHAPE, bool)
    for name, mask in pixels.items():
        z = int(name.rpartition(".")[2]) - 1
        marked[z] |= (mask[::-1] if flipped else mask) > 0
    expected = np.zeros(handmade_ct.SHAPE, bool)
    for voxels in handmade_ct.voxels().values():
        expected[tuple(voxels.T)] = True
    assert (marked == expected).all()
    assert len(seen["segments"]) == 4


def test_every_group_has_coordinates(tmp_path):
    """OHIF 3.13 reads the coordinates of each tracked thing without asking whether there are any."""
    from pydicom import dcmread

    write_film(tmp_path / "film")
    headers = handmade_ct.slices()
    write_examination(handmade_ct.examination(), {"img-1": handmade_ct.examined(headers)}, tmp_path / "ct", WANTED)
    for name in ("film", "ct"):
        report = dcmread(tmp_path / name / "report.sr.dcm")
        (container,) = [item for item in report.ContentSequence if _name(item) == "126010"]
        placed: dict[str, bool] = {}
        for group in container.ContentSequence:
            (tracked,) = [item.UID for item in group.ContentSequence if _name(item) == "112040"]
            kinds = {item.ValueType for item in group.ContentSequence}
            placed[tracked] = placed.get(tracked, False) or bool(kinds & {"SCOORD", "SCOORD3D"})

        assert len(placed) >= 7
        assert all(placed.values()), name


def _name(item: Dataset) -> str:
    return item.ConceptNameCodeSequence[0].CodeValue
