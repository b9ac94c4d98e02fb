"""What an archive and a record system get: the same numbers in every document, valid, stored and read back."""

import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import highdicom
import numpy as np
import pytest
from dicomweb_client.api import DICOMwebClient
from pydicom import dcmread
from requests import Session

from calcinet.apps.console import Exit
from calcinet.apps.examination import ExamineOptions, Order, examine_and_write
from calcinet.apps.sending import send_objects
from calcinet.findings.radiograph.tissue_map import find_regions
from calcinet.io import read, read_all
from calcinet.io.dicom.writer import write_radiograph
from calcinet.mask_labels import Tissue
from calcinet.phantoms.implant import implant_net
from calcinet.phantoms.radiograph.limb import limb, random_spec
from calcinet.report.documents import Wanted
from tests.support import objects
from tests.support.partners import need
from tests.support.paths import ROOT

CALF = "xray/wg04_RG3_extremity_CR_fuji_10bit_lossless.dcm"
CASE = ROOT / "examples" / "case-report" / "case.yaml"
MM = 0.2
"""The film does not say its pixel size; that of cassettes of its kind and year."""

FILMS = ("phantom", "real film", "implanted film")

KNOWN = {
    "Unrecognized defined term <99CALCINET>": "the checker cannot know our scheme; the objects identify it",
    "needed to build DICOMDIR": "the film itself has no such value, and none is made up",
    "only permitted to be empty when actually unknown": "the side of a film that does not say it is unknown",
    "Missing attribute or value that would be needed": "the same, in the checker's older words",
}
"""What dciodvfy says that is no mistake of ours, and why."""


@pytest.fixture(scope="module")
def films(tmp_path_factory, shared_data) -> dict[str, Path]:
    """A phantom, a real film, and a real film with a net put into it."""
    folder = tmp_path_factory.mktemp("films")
    real = shared_data / CALF
    phantom = limb(random_spec(8, net=True, vessels=True, anatomy="lower leg")).image
    image = read(real, spacing_mm=MM)
    made = implant_net(
        image.plane,
        find_regions(image)[Tissue.SOFT],
        mesh_px=5 / MM,
        line_px=0.5 / MM,
        contrast_in_noise=4,
        seed=3,
    )
    return {
        "phantom": write_radiograph(folder / "phantom.dcm", phantom),
        "real film": real,
        "implanted film": write_radiograph(folder / "implanted.dcm", replace(image, pixels=made.film[None])),
    }


def written(film: Path, folder: Path, *, formats=("json", "csv", "parquet", "fhir", "dicom"), **options) -> Path:
    anonymous = options.pop("anonymous", False)
    wanted, given = Wanted(formats, anonymous=anonymous), ExamineOptions(**options)
    order = Order(paths=[film], folder=folder, wanted=wanted, options=given, quiet=True)
    assert examine_and_write(order) is Exit.DONE
    return folder


@pytest.fixture(scope="module")
def results(films, tmp_path_factory) -> dict[str, Path]:
    """The examination of each, with everything written."""
    folder = tmp_path_factory.mktemp("results")
    return {
        name: written(film, folder / name.replace(" ", "-"), case=CASE, prior="0.3") for name, film in films.items()
    }


def near(number):
    image, finding, code, *values = number
    return image, finding, code, *(None if value is None else float(f"{value:.6g}") for value in values)


@pytest.mark.parametrize("film", FILMS)
@pytest.mark.parametrize("document", [objects.of_csv, objects.of_parquet, objects.of_sr, objects.of_fhir])
def test_every_quantity_is_that_of_the_record(results, film, document):
    expected = sorted(map(near, objects.of_record(results[film])), key=str)
    patient = {"99CALCINET:PRIOR", "99CALCINET:POSTERIOR"}
    courses = {f"99CALCINET:ART-{what}" for what in ("LENGTH", "CALCIFIED", "SHARE")}  # stand in tables alone

    told = (near(number) for number in document(results[film]) if number[2] not in patient | courses)
    found = sorted(told, key=str)

    assert len(expected) >= 3
    assert found == expected


def test_something_is_found_in_the_phantom_and_in_the_implanted_film(results):
    """Else the tests about findings would hold of nothing."""
    for film in ("phantom", "implanted film"):
        record = json.loads((results[film] / "record.json").read_text())
        assert "net" in {finding["kind"] for finding in record["images"][0]["findings"]}


@pytest.mark.parametrize("film", FILMS)
def test_prior_and_posterior_are_those_of_the_record(results, film):
    record = json.loads((results[film] / "record.json").read_text())
    content = highdicom.sr.srread(results[film] / "report.sr.dcm").content
    weighed = [g for g in content.get_image_measurement_groups() if "calciphylaxis" in g.tracking_identifier]
    values = {item.name.value: item.value for item in weighed[0].get_measurements()}
    bundle = json.loads((results[film] / "bundle.fhir.json").read_text())
    (risk,) = [e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == "RiskAssessment"]

    assert values == {"PRIOR": 0.3, "POSTERIOR": record["evidence"]["posterior"]["median"]}
    assert risk["prediction"][0]["probabilityDecimal"] == record["evidence"]["posterior"]["median"]
    assert len(risk["basis"]) == 2


def test_laboratory_is_in_the_bundle_as_in_the_record_and_reads_back(results, tmp_path):
    """The importer of FHIR cases takes our own observations for laboratory results again."""
    from calcinet.io.case.reader import read_case

    record = json.loads((results["phantom"] / "record.json").read_text())
    told = {lab["name"]: (lab["value"], lab["unit"]) for lab in record["clinical"]["labs"] if lab["value"] is not None}
    case = read_case(results["phantom"] / "bundle.fhir.json")
    back = {lab.name: (float(lab.value), lab.unit) for lab in case.labs if lab.value is not None}

    assert told
    assert {name: back[name] for name in told} == told


def dicom_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.dcm"))


def find_complaints(path: Path) -> list[str]:
    """What dciodvfy finds wrong, less what is known to be no mistake."""
    said = subprocess.run(["dciodvfy", path], capture_output=True, text=True, check=False).stderr.splitlines()
    complaints = [line for line in said if line.startswith(("Error", "Warning"))]
    return [line for line in complaints if not any(known in line for known in KNOWN)]


@pytest.mark.parametrize("film", FILMS)
def test_checkers_of_others_find_no_error(results, film):
    need(shutil.which("dciodvfy"), "dciodvfy (Debian: dicom3tools)")
    need(shutil.which("dcmdump"), "dcmdump (Debian: dcmtk)")
    for path in dicom_files(results[film]):
        assert subprocess.run(["dcmdump", "-q", path], capture_output=True, check=False).returncode == 0
        assert find_complaints(path) == [], path.name


@pytest.mark.parametrize("film", FILMS)
def test_structured_report_is_read_by_dcmtk(results, film):
    need(shutil.which("dsrdump"), "dsrdump (Debian: dcmtk)")
    done = subprocess.run(["dsrdump", results[film] / "report.sr.dcm"], capture_output=True, text=True, check=False)

    assert done.returncode == 0
    assert "E:" not in done.stderr
    assert (
        "not a diagnosis"
        in subprocess.run(
            ["dcmdump", "+P", "0040,a160", results[film] / "report.sr.dcm"], capture_output=True, text=True, check=True
        ).stdout
    )


@pytest.mark.parametrize("film", FILMS)
def test_objects_belong_to_the_films_study_in_series_of_their_own(results, films, film):
    parent = dcmread(films[film], stop_before_pixels=True)
    made = [dcmread(path, stop_before_pixels=True) for path in dicom_files(results[film])]

    assert {each.StudyInstanceUID for each in made} == {parent.StudyInstanceUID}
    assert parent.SeriesInstanceUID not in {each.SeriesInstanceUID for each in made}
    assert len({each.SeriesInstanceUID for each in made}) == len({each.Modality for each in made})
    assert {each.PatientID or "" for each in made} == {parent.get("PatientID") or ""}


@pytest.mark.parametrize("way", ["node", "dicomweb"])
@pytest.mark.parametrize("film", FILMS)
def test_archive_stores_finds_and_returns_every_object(results, orthanc, tmp_path, film, way):
    """C-STORE or STOW-RS in; QIDO-RS and WADO-RS out, equal element by element."""
    files = dicom_files(results[film])
    assert send_objects(files, getattr(orthanc, way), tmp_path / "outbox", quiet=True) is Exit.DONE

    with Session() as session:
        client = DICOMwebClient(orthanc.dicomweb, session=session)
        for path in files:
            sent = dcmread(path)
            found = client.search_for_instances(
                study_instance_uid=sent.StudyInstanceUID, search_filters={"SOPInstanceUID": sent.SOPInstanceUID}
            )
            got = client.retrieve_instance(
                sent.StudyInstanceUID,
                sent.SeriesInstanceUID,
                sent.SOPInstanceUID,
                media_types=(("application/dicom", sent.file_meta.TransferSyntaxUID),),
            )
            assert len(found) == 1
            assert got == sent


def test_second_run_gives_the_same_identifiers_and_an_option_others(films, results, tmp_path):
    def uids(folder):
        return {path.name: str(dcmread(path, stop_before_pixels=True).SOPInstanceUID) for path in dicom_files(folder)}

    again = written(films["phantom"], tmp_path / "again", case=CASE, prior="0.3")
    other = written(films["phantom"], tmp_path / "other", case=CASE, prior="0.2")

    assert uids(again) == uids(results["phantom"])
    assert set(uids(other).values()).isdisjoint(uids(again).values())
    assert uids(other).keys() == uids(again).keys()


def test_same_record_and_time_give_the_same_bytes(films, tmp_path):
    """Anonymous objects say no time."""
    runs = [written(films["phantom"], tmp_path / name, anonymous=True) for name in ("a", "b")]
    names = [path.name for path in dicom_files(runs[0])]

    assert len(names) == 4
    for name in [*names, "bundle.fhir.json"]:
        assert (runs[0] / name).read_bytes() == (runs[1] / name).read_bytes(), name


def test_segments_lie_on_the_marked_pixels(results):
    """Read back by highdicom, and laid on the label map."""
    from calcinet.mask_labels import MASK_LABELS

    for film in ("phantom", "implanted film"):
        seg = highdicom.seg.segread(results[film] / "img-1.seg.dcm")
        mask = read_mask(results[film])
        pixels = seg.get_pixels_by_source_instance(
            [seg.ReferencedSeriesSequence[0].ReferencedInstanceSequence[0].ReferencedSOPInstanceUID]
        )
        kinds = [seg.get_segment_description(n).tracking_id.split(" ")[2] for n in seg.segment_numbers]

        assert pixels.shape[1:3] == mask.shape
        for number, kind in enumerate(kinds):
            assert np.array_equal(pixels[0, :, :, number] > 0, mask == MASK_LABELS[kind])


def read_mask(folder: Path):
    import cv2

    return cv2.imread(str(folder / "masks" / "img-1.png"), cv2.IMREAD_UNCHANGED)


@pytest.mark.parametrize("change", ["MONOCHROME1", "mirrored", "anisotropic"])
def test_segments_lie_on_the_marked_pixels_however_the_film_is_stored(tmp_path, change):
    """A lattice of known pixels is where it was drawn, in the film's own rows and columns."""
    phantom = limb(random_spec(8, net=True, vessels=False, anatomy="lower leg")).image
    if change == "anisotropic":
        phantom = replace(
            phantom, pixels=phantom.pixels[:, ::2], spacing_mm=(1.0, 2 * phantom.spacing_mm[1], phantom.spacing_mm[2])
        )
    path = write_radiograph(
        tmp_path / "film.dcm", phantom, photometric="MONOCHROME1" if change == "MONOCHROME1" else "MONOCHROME2"
    )
    if change == "mirrored":
        stored = dcmread(path)
        stored.PatientOrientation = ["R", "F"]
        stored.save_as(path)
    folder = written(path, tmp_path / "out", formats=("seg",))
    mask = read_mask(folder)
    seg = highdicom.seg.segread(folder / "img-1.seg.dcm")
    source = dcmread(path, stop_before_pixels=True)

    assert (seg.Rows, seg.Columns) == (source.Rows, source.Columns) == mask.shape
    assert np.array_equal(seg.pixel_array.reshape(-1, *mask.shape).any(axis=0), mask > 0)
    if change == "mirrored":
        assert list(seg.PatientOrientation) == ["R", "F"]


SECOND_STUDY = "1.2.3.9"


@pytest.fixture(scope="module")
def two_studies(films, tmp_path_factory) -> Path:
    """The phantom, and another film of the same patient in another study, examined in one call."""
    folder = tmp_path_factory.mktemp("studies")
    second = dcmread(films["phantom"])
    second.StudyInstanceUID, second.SeriesInstanceUID, second.SOPInstanceUID = SECOND_STUDY, "1.2.3.10", "1.2.3.11"
    second.file_meta.MediaStorageSOPInstanceUID = second.SOPInstanceUID
    second.PixelData = bytes(second.PixelData[:-2]) + b"\1\1"  # another film, not the same again
    second.save_as(folder / "second.dcm")
    options = ExamineOptions(case=CASE, prior="0.3")
    paths = [films["phantom"], folder / "second.dcm"]
    order = Order(paths=paths, folder=folder / "out", wanted=Wanted(("dicom",)), options=options, quiet=True)
    assert examine_and_write(order) is Exit.DONE
    return folder / "out"


def list_references(sequence) -> dict[str, set[str]]:
    """Instances by study, of an evidence sequence of a structured report (PS3.3 C.17.2)."""
    listed: dict[str, set[str]] = {}
    for study in sequence:
        for series in study.ReferencedSeriesSequence:
            for instance in series.ReferencedSOPSequence:
                listed.setdefault(study.StudyInstanceUID, set()).add(instance.ReferencedSOPInstanceUID)
    return listed


def list_referenced_in_content(item) -> set[str]:
    """Every instance that the content of a report refers to."""
    found = {each.ReferencedSOPInstanceUID for each in item.get("ReferencedSOPSequence", ())}
    for child in item.get("ContentSequence", ()):
        found |= list_referenced_in_content(child)
    return found


def test_each_of_two_studies_has_its_own_report_of_its_own_images(two_studies, films):
    """Evidence of the procedure: the film and its segmentation; the film of the other study is other evidence."""
    made = {path.name: dcmread(path) for path in dicom_files(two_studies)}
    first = dcmread(films["phantom"], stop_before_pixels=True)
    film = {"img-1": str(first.SOPInstanceUID), "img-2": "1.2.3.11"}
    study = {"img-1": str(first.StudyInstanceUID), "img-2": SECOND_STUDY}
    if made["img-1.seg.dcm"].StudyInstanceUID == SECOND_STUDY:  # images are numbered as the files come
        film, study = ({"img-1": by["img-2"], "img-2": by["img-1"]} for by in (film, study))

    for report, paper, own, other in (
        ("report.sr.dcm", "report.pdf.dcm", "img-1", "img-2"),
        ("report-2.sr.dcm", "report-2.pdf.dcm", "img-2", "img-1"),
    ):
        evidence = {film[own], str(made[f"{own}.seg.dcm"].SOPInstanceUID)}
        assert made[report].StudyInstanceUID == made[paper].StudyInstanceUID == study[own]
        assert list_references(made[report].CurrentRequestedProcedureEvidenceSequence) == {study[own]: evidence}
        assert list_references(made[report].PertinentOtherEvidenceSequence) == {study[other]: {film[other]}}
        assert list_referenced_in_content(made[report]) == evidence
        assert other not in str(made[report].ContentSequence)
        sources = [item.ReferencedSOPInstanceUID for item in made[paper].SourceInstanceSequence]
        assert sources == [film[own], film[other]]
    uids = [each.SOPInstanceUID for each in made.values()]
    assert len(set(uids)) == len(uids) == 8
    papers = [made[name].EncapsulatedDocument for name in ("report.pdf.dcm", "report-2.pdf.dcm")]
    assert papers[0] == papers[1]


def test_reports_of_two_studies_give_the_patient_the_same_probability(two_studies):
    record = json.loads((two_studies / "record.json").read_text())
    for name in ("report.sr.dcm", "report-2.sr.dcm"):
        content = highdicom.sr.srread(two_studies / name).content
        (weighed,) = [g for g in content.get_image_measurement_groups() if "calciphylaxis" in g.tracking_identifier]
        values = {item.name.value: item.value for item in weighed.get_measurements()}
        assert values == {"PRIOR": 0.3, "POSTERIOR": record["evidence"]["posterior"]["median"]}


def test_checkers_of_others_find_no_error_in_the_objects_of_two_studies(two_studies):
    need(shutil.which("dciodvfy"), "dciodvfy (Debian: dicom3tools)")
    need(shutil.which("dsrdump"), "dsrdump (Debian: dcmtk)")
    for path in dicom_files(two_studies):
        assert find_complaints(path) == [], path.name
    for name in ("report.sr.dcm", "report-2.sr.dcm"):
        done = subprocess.run(["dsrdump", two_studies / name], capture_output=True, text=True, check=False)
        assert done.returncode == 0
        assert "E:" not in done.stderr


def test_archive_shows_a_report_and_a_paper_in_each_of_two_studies(two_studies, orthanc, tmp_path):
    assert send_objects(dicom_files(two_studies), orthanc.node, tmp_path / "outbox", quiet=True) is Exit.DONE
    with Session() as session:
        client = DICOMwebClient(orthanc.dicomweb, session=session)
        for study in {dcmread(path).StudyInstanceUID for path in dicom_files(two_studies)}:
            stored = {
                (each["00080060"]["Value"][0], each["00080018"]["Value"][0])
                for each in client.search_for_instances(study_instance_uid=study, fields=["Modality"])
            }
            ours = {
                (each.Modality, each.SOPInstanceUID)
                for each in map(dcmread, dicom_files(two_studies))
                if each.StudyInstanceUID == study
            }
            assert {modality for modality, _ in ours} == {"SR", "SEG", "OT", "DOC"}
            assert ours <= stored


def test_own_objects_that_come_back_with_the_study_are_passed_over(results, films):
    """An archive gives out the study with report, segmentation, marked film and paper: the film alone is examined."""
    study = read_all([films["phantom"], *dicom_files(results["phantom"])])

    assert len(study) == 1
    assert study.passed_over is not None
    assert study.passed_over.startswith("4 files beside the images hold no image")


def test_picture_gets_no_objects_and_is_told_why(tmp_path, shared_data, capsys):
    film = shared_data / "xray" / "boneage_hand_0.png"
    order = Order(paths=[film], folder=tmp_path / "out", wanted=Wanted(("json", "dicom", "fhir")))

    assert examine_and_write(order) is Exit.DONE
    assert "did not come as one" in capsys.readouterr().out
    assert dicom_files(tmp_path / "out") == []
    assert (tmp_path / "out" / "bundle.fhir.json").exists()


def test_examining_and_sending_at_once(films, orthanc, tmp_path, capsys):
    order = Order(
        paths=[films["phantom"]],
        folder=tmp_path / "out",
        wanted=Wanted(("json",)),
        send=orthanc.node,
        outbox=tmp_path / "box",
    )

    assert examine_and_write(order) is Exit.DONE
    assert "4 objects delivered" in capsys.readouterr().out
