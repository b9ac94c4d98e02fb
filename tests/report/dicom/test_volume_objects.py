"""A CT's objects: on the pixels of its slices, in its frame of reference, the same numbers, valid for others."""

import json
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import highdicom
import numpy as np
import pytest
from pydicom import dcmread

from calcinet.record import ModelRecord
from calcinet.report.dicom.slices import slices_match
from calcinet.report.documents import Wanted
from calcinet.report.write import write_examination
from tests.support import handmade_ct, objects
from tests.support.partners import need

EVERYTHING = ("json", "csv", "parquet", "fhir", "dicom")
KNOWN = ("Unrecognized defined term <99CALCINET>", "needed to build DICOMDIR", "only permitted to be empty when")
"""What dciodvfy says that is no mistake of ours: tests/test_hospital_objects.py says why."""

WAYS = ("plain", "flipped", "contrast")


def write(folder: Path, parents, *, contrast=False, formats=EVERYTHING, anonymous=False) -> Path:
    wanted = Wanted(formats, when=datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC), anonymous=anonymous)
    record = handmade_ct.examination(contrast=contrast)
    write_examination(record, {"img-1": handmade_ct.examined(parents)}, folder, wanted)
    return folder


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("ct-objects")
    return {
        "plain": write(folder / "plain", handmade_ct.slices()),
        "flipped": write(folder / "flipped", handmade_ct.slices(flipped=True)),
        "contrast": write(folder / "contrast", handmade_ct.slices(), contrast=True),
    }


def near(number):
    image, finding, code, *values = number
    return image, finding, code, *(None if value is None else float(f"{value:.6g}") for value in values)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("document", [objects.of_csv, objects.of_parquet, objects.of_sr, objects.of_fhir])
def test_every_quantity_is_that_of_the_record(results, way, document):
    expected = sorted(map(near, objects.of_record(results[way])), key=str)
    found = sorted(map(near, document(results[way])), key=str)

    assert len(expected) >= 25
    assert found == expected


@pytest.mark.parametrize("way", WAYS)
def test_checkers_of_others_find_no_error(results, way):
    need(shutil.which("dciodvfy"), "dciodvfy (Debian: dicom3tools)")
    need(shutil.which("dsrdump"), "dsrdump (Debian: dcmtk)")
    assert len(sorted(results[way].glob("*.dcm"))) == 4
    for path in results[way].glob("*.dcm"):
        said = subprocess.run(["dciodvfy", path], capture_output=True, text=True, check=False).stderr.splitlines()
        unknown = [line for line in said if line.startswith(("Error", "Warning")) and not any(k in line for k in KNOWN)]
        assert unknown == [], path.name
    done = subprocess.run(["dsrdump", results[way] / "report.sr.dcm"], capture_output=True, text=True, check=False)

    assert done.returncode == 0
    assert "E:" not in done.stderr


def placed(seg) -> dict[str, set[tuple[float, ...]]]:
    """Places of a segmentation's pixels in the patient, by its segments' labels, from its own frames alone."""
    found: dict[str, set[tuple[float, ...]]] = {}
    spacing = seg.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0].PixelSpacing
    along = np.array(seg.SharedFunctionalGroupsSequence[0].PlaneOrientationSequence[0].ImageOrientationPatient)
    for frame, pixels in zip(seg.PerFrameFunctionalGroupsSequence, seg.pixel_array, strict=True):
        number = frame.SegmentIdentificationSequence[0].ReferencedSegmentNumber
        corner = np.array(frame.PlanePositionSequence[0].ImagePositionPatient)
        rows, columns = np.nonzero(pixels)
        at = corner + np.outer(rows * spacing[0], along[3:]) + np.outer(columns * spacing[1], along[:3])
        label = seg.get_segment_description(number).segment_label
        found.setdefault(label, set()).update(tuple(np.round(point, 2)) for point in at.astype(float))
    return found


@pytest.mark.parametrize("way", ["plain", "flipped"])
def test_segments_lie_on_their_findings_voxels_however_the_slices_are_stored(results, way):
    """One a kind, compartment and side; places worked out from the frames are those of the voxels."""
    seg = highdicom.seg.segread(results[way] / "img-1.seg.dcm")
    names = {
        "f1": "Left, artery, vascular calcification",
        "f2": "Right, subcutaneous tissue, net-like calcification",
        "f3": "Right, muscle, other calcification",
        "f4": "Left, skin, other calcification",
    }
    expected = {}
    for key, at in handmade_ct.voxels().items():
        places = (np.c_[at, np.ones(len(at))] @ handmade_ct.affine().T)[:, :3]
        expected[names[key]] = {tuple(np.round(place, 2)) for place in places}

    assert placed(seg) == expected


def test_a_ct_is_said_to_be_read_by_rules_and_without_the_weights_of_films(tmp_path):
    """Morphological Operations of CID 7162 on every group and segment; the digest stands on none."""
    digest = 64 * "d"
    record = handmade_ct.examination().model_copy(update={"model": ModelRecord(name="net", sha256=digest)})
    write_examination(
        record, {"img-1": handmade_ct.examined(handmade_ct.slices())}, tmp_path / "out", Wanted(("sr", "seg"))
    )
    content = highdicom.sr.srread(tmp_path / "out" / "report.sr.dcm").content
    groups = [*content.get_image_measurement_groups(), *content.get_volumetric_roi_measurement_groups()]
    families = {coded(item) for group in groups for item in group[0].ContentSequence if named(item) == "111000"}
    segments = dcmread(tmp_path / "out" / "img-1.seg.dcm").SegmentSequence
    of_segments = [one.SegmentationAlgorithmIdentificationSequence[0] for one in segments]

    assert families == {"123104"}
    assert {one.AlgorithmFamilyCodeSequence[0].CodeValue for one in of_segments} == {"123104"}
    for name in ("report.sr.dcm", "img-1.seg.dcm"):
        assert digest.encode() not in (tmp_path / "out" / name).read_bytes()


def named(item) -> str:
    return item.ConceptNameCodeSequence[0].CodeValue


def coded(item) -> str:
    return item.ConceptCodeSequence[0].CodeValue


def test_a_compartment_of_a_ct_is_no_layer_of_a_projection(results):
    """Four findings, four segments and four scores name it, and the bundle the findings and the scores."""
    made = dcmread(results["plain"] / "report.sr.dcm")
    questions = [named(item) for item in every_item(made) if item.ValueType == "CODE"]
    bundle = (results["plain"] / "bundle.fhir.json").read_text()

    assert questions.count("COMPARTMENT-CT") == 13
    assert "COMPARTMENT" not in questions
    assert '"COMPARTMENT-CT"' in bundle
    assert '"COMPARTMENT"' not in bundle


def every_item(item):
    """Content items below one, in order."""
    for child in item.get("ContentSequence", ()):
        yield child
        yield from every_item(child)


def test_what_the_report_refers_to_is_its_evidence(results):
    """The segmentation and all slices, though no more than the head of the content is given to the library."""
    made = dcmread(results["plain"] / "report.sr.dcm")
    referred = {
        one.ReferencedSOPInstanceUID for item in every_item(made) for one in item.get("ReferencedSOPSequence", ())
    }
    evidence = {
        one.ReferencedSOPInstanceUID
        for study in made.CurrentRequestedProcedureEvidenceSequence
        for series in study.ReferencedSeriesSequence
        for one in series.ReferencedSOPSequence
    }

    assert dcmread(results["plain"] / "img-1.seg.dcm").SOPInstanceUID in referred
    assert referred <= evidence
    assert len(evidence) == 81


def test_only_frames_with_marks_are_written_and_they_name_their_slices(results):
    """The artery is on 60 slices, the net on 25, the lump on 5, the grain on one: 91 frames of 60 slices."""
    seg = dcmread(results["plain"] / "img-1.seg.dcm")
    named = seg.ReferencedSeriesSequence[0]

    assert seg.NumberOfFrames == 91
    assert seg.FrameOfReferenceUID == "1.2.3.5"
    assert named.SeriesInstanceUID == "1.2.3.4"
    assert len(named.ReferencedInstanceSequence) == 60


def test_findings_are_volumes_with_a_point_in_the_frame_of_reference(results):
    content = highdicom.sr.srread(results["plain"] / "report.sr.dcm").content
    groups = {g.tracking_identifier: g for g in content.get_volumetric_roi_measurement_groups()}
    grain = groups["img-1 f4 focus"].roi[0]

    assert {key.split(" ")[1] for key in groups} == {"f1", "f2", "f3", "f4", "all"}
    assert grain.graphic_type.value == "POINT"
    assert grain.value[0] == pytest.approx([64.0, -42.5, -610.0])
    assert grain.frame_of_reference_uid == "1.2.3.5"


def test_the_length_of_an_artery_has_its_centre_line(results):
    """In a group of the same tracking unique identifier: 60 points, the first on slice 10."""
    content = highdicom.sr.srread(results["plain"] / "report.sr.dcm").content
    named = "Cornerstone3DTools@^0.1.0:PlanarFreehandROI:img-1 f1 vessel"
    (group,) = [g for g in content.get_image_measurement_groups() if g.tracking_identifier == named]
    (volume,) = [
        g for g in content.get_volumetric_roi_measurement_groups() if g.tracking_identifier == "img-1 f1 vessel"
    ]
    (length,) = group.get_measurements()
    (line,) = length.referenced_coordinates

    assert group.tracking_uid == volume.tracking_uid
    assert line.graphic_type.value == "POLYLINE"
    assert line.value.shape == (60, 3)
    assert line.value[0, 2] == pytest.approx(-670)


def test_scores_are_said_to_be_by_agatston_and_where(results):
    content = highdicom.sr.srread(results["plain"] / "report.sr.dcm").content
    groups = {g.tracking_identifier: g for g in content.get_image_measurement_groups()}
    score = groups["img-1 score L lower leg artery"]
    (agatston,) = [item for item in score.get_measurements() if item.name.value == "112058"]

    assert agatston.value == 4120
    assert agatston.method.value == "112055"
    assert score.finding_sites[0].value.value == "30021000"
    assert score.finding_sites[0].laterality.value == "7771000"


def test_a_score_that_contrast_forbids_is_no_number(results):
    codes = {code for _, _, code, *_ in objects.of_sr(results["contrast"])}
    rows = (results["contrast"] / "measures.csv").read_text()

    assert "DCM:112058" not in codes
    assert "contrast agent present: its brightness would count as calcium" in rows


def test_segments_of_the_report_are_those_of_the_segmentation(results):
    content = highdicom.sr.srread(results["plain"] / "report.sr.dcm").content
    seg = highdicom.seg.segread(results["plain"] / "img-1.seg.dcm")
    groups = content.get_volumetric_roi_measurement_groups()
    told = [str(group.tracking_uid) for group in groups if group.tracking_identifier.startswith("img-1 all")]

    assert told == [str(seg.get_segment_description(number).tracking_uid) for number in seg.segment_numbers]


def test_a_second_run_gives_the_same_bytes(results, tmp_path):
    again = write(tmp_path / "again", handmade_ct.slices())
    for path in results["plain"].glob("*.dcm"):
        assert path.read_bytes() == (again / path.name).read_bytes(), path.name


def test_nobody_is_named_in_anonymous_objects(tmp_path):
    """Neither name nor number nor any identifier of the study."""
    folder = write(tmp_path / "out", handmade_ct.slices(), anonymous=True)
    seg = dcmread(folder / "img-1.seg.dcm")
    for path in [*folder.glob("*.dcm"), folder / "bundle.fhir.json"]:
        content = path.read_bytes()
        assert b"Quackenbush" not in content, path.name
        assert b"1.2.3.4." not in content, path.name

    assert seg.NumberOfFrames == 91
    assert seg.FrameOfReferenceUID != "1.2.3.5"


def test_without_slices_there_are_no_objects_but_everything_else(tmp_path):
    """A volume that came as NIfTI lies in no study."""
    folder = write(tmp_path / "out", ())

    assert list(folder.glob("*.dcm")) == []
    assert {"measures.csv", "bundle.fhir.json", "masks"} <= {path.name for path in folder.iterdir()}


def test_voxels_that_are_no_pixels_get_neither_segmentation_nor_report(tmp_path):
    """Slices moved by a third of a pixel, as after resampling: the picture and the paper remain."""
    moved = handmade_ct.slices()
    for parent in moved:
        parent.ImagePositionPatient = [float(parent.ImagePositionPatient[0]) + 0.5, *parent.ImagePositionPatient[1:]]
    ct = handmade_ct.examined(moved)
    folder = write(tmp_path / "out", moved)

    assert not slices_match(ct.volume, moved)
    assert {path.name for path in folder.glob("*.dcm")} == {"img-1.sc.dcm", "report.pdf.dcm"}


def test_no_marks_no_segmentation(tmp_path):
    record = handmade_ct.examination()
    bare = record.images[0].model_copy(
        update={"findings": (), "ct": record.images[0].ct.model_copy(update={"scores": (), "arteries": ()})}
    )
    wanted = Wanted(("dicom",))
    ct = {"img-1": handmade_ct.examined(handmade_ct.slices())}
    write_examination(record.model_copy(update={"images": (bare,)}), ct, tmp_path / "out", wanted)

    assert {path.name for path in (tmp_path / "out").glob("*.dcm")} == {
        "img-1.sc.dcm",
        "report.pdf.dcm",
        "report.sr.dcm",
    }


def test_the_study_of_the_bundle_counts_its_slices(results):
    bundle = json.loads((results["plain"] / "bundle.fhir.json").read_text())
    (study,) = [e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == "ImagingStudy"]

    assert study["series"] == [{"uid": "1.2.3.4", "modality": study["series"][0]["modality"], "numberOfInstances": 80}]


def test_calcium_of_a_part_has_its_place_in_the_bundle(results):
    bundle = json.loads((results["plain"] / "bundle.fhir.json").read_text())
    parts = [
        e["resource"]
        for e in bundle["entry"]
        if e["resource"]["resourceType"] == "Observation"
        and any(c["code"] == "122660" for c in e["resource"]["code"].get("coding", []))
        and "component" in e["resource"]
    ]
    sites = sorted((one["bodySite"]["text"], one["component"][0]["valueCodeableConcept"]["text"]) for one in parts)

    assert sites == [
        *(("lower leg, left", "artery"), ("lower leg, left", "skin")),
        *(("lower leg, right", "muscle"), ("lower leg, right", "subcutis")),
    ]


def test_rows_of_the_table_name_side_level_and_compartment(results):
    lines = (results["plain"] / "measures.csv").read_text().splitlines()
    (score,) = [line for line in lines if "score.agatston" in line]

    assert lines[0].endswith("side,level,compartment")
    assert score.endswith("DCM:112058,,,L,lower leg,artery")
