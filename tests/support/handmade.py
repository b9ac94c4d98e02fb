"""One small examination made by hand: a vessel, a net and a focus on a grey limb."""

import cv2
import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from calcinet.examined import ExaminedImage, LoadedImage
from calcinet.image import Image
from calcinet.record import FindingRecord, ImageRecord, Meaning, ModelRecord, NotMeasured, Record, Refusal, Summary
from calcinet.report.dicom.source_reference import SourcedImage

ROWS, COLUMNS = 600, 400


def examined(plane: NDArray[np.float32], mask: NDArray[np.uint8], header: Dataset | None = None) -> ExaminedImage:
    """A film and its marks, held in memory."""
    image = Image(plane[np.newaxis], None, "1")
    return ExaminedImage.of(image, mask).read_from(LoadedImage(image, header))


def limb() -> ExaminedImage:
    """A limb of 260 columns with a bone, noise, a wavy vessel, a lattice and a dot."""
    _, x = np.mgrid[:ROWS, :COLUMNS].astype(np.float32)
    plane = np.where(np.abs(x - 200) < 130, 1.0, 0.05) + 0.9 * (np.abs(x - 230) < 35)
    plane += np.random.default_rng(5).normal(0, 0.02, plane.shape)
    mask = np.zeros((ROWS, COLUMNS), np.uint8)
    cv2.polylines(mask, [np.rint(vessel_line()[:, ::-1]).astype(np.int32)], False, 1, 5)
    for at in range(0, 81, 16):
        mask[400 : 480 + 1, 90 + at] = mask[400 + at, 90 : 170 + 1] = 2
    cv2.circle(mask, (300, 90), 5, 3, -1)
    plane[mask > 0] += 0.5
    return examined(plane.astype(np.float32), mask)


def vessel_line() -> NDArray[np.float64]:
    """Rows 60 to 340; columns wave round 130."""
    row = np.linspace(60, 340, 80)
    return np.stack([row, 130 + 12 * np.sin(row / 30)], axis=1)


def findings() -> tuple[FindingRecord, ...]:
    box = ((396, 86), (396, 174), (484, 174), (484, 86))
    ring = ((85, 295), (85, 305), (95, 305), (95, 295))
    return (
        FindingRecord(
            id="f1",
            kind="vessel",
            probability=0.97,
            calibre_mm=1.0,
            calibre_interval_mm=(0.84, 1.16),
            calibre_class="small",
            length_mm=57.3,
            area_mm2=57.0,
            depth_mm=11.2,
            compartment="muscle",
            polyline=tuple(map(tuple, vessel_line())),
            calibre_px=5.0,
            length_px=286.0,
            area_px=1430.0,
        ),
        FindingRecord(
            id="f2",
            kind="net",
            probability=0.91,
            area_mm2=310.0,
            area_interval_mm2=(200.0, 480.0),
            compartment="subcutis",
            outline=box,
            area_px=7744.0,
        ),
        FindingRecord(id="f3", kind="focus", probability=0.6, area_mm2=3.1, outline=ring, area_px=78.0),
    )


def examined_image() -> ImageRecord:
    return ImageRecord(
        id="img-1",
        source="0123456789ab.dcm",
        sha256="0123456789ab" + 52 * "c",
        modality="DX",
        anatomy="lower leg",
        laterality="L",
        view="AP",
        shape=(ROWS, COLUMNS),
        spacing_mm=(0.2, 0.2),
        spacing_basis="detector",
        resolvable_mm=0.21,
        statements=("Lines of calcium of 0.21 mm or wider would show here; finer arterioles would be missed.",),
        cautions=("Only an image processed for presentation was found: grey values are not proportional.",),
        findings=findings(),
        measures={
            "calcified_area_mm2": 370.1,
            "calcified_length_mm": 57.3,
            "net.probability": 0.91,
            "net.mesh_mm": 3.2,
            "net.length_density_per_mm": None,
        },
        intervals95={"net.mesh_mm": (2.9, 3.6)},
        not_measured=(NotMeasured(measure="net.length_density_per_mm", because="the net is smaller than five meshes"),),
    )


def refused_image() -> ImageRecord:
    refusal = Refusal(reason="The image is constant: every pixel is 0. Send the exposed film.", code="constant")
    return ImageRecord(id="img-2", source="ba9876543210.png", sha256=64 * "b", refused=refusal)


def examination() -> Record:
    return Record(
        version="0.1.0",
        model=ModelRecord(name="lines", sha256=None),
        summary=Summary(sentences=("A net-like pattern of calcium is seen in the subcutis of the left lower leg.",)),
        images=(examined_image(), refused_image()),
        meanings={"net.mesh_mm": Meaning(label="Median mesh of the net", unit="mm")},
    )


def nothing_examined() -> Record:
    return Record(version="0.1.0", model=ModelRecord(name="lines"), images=(refused_image(),))


def header(instance: str = "1.2.3.4") -> Dataset:
    """Header of a film, as the reader gives it."""
    made = Dataset()
    made.SOPClassUID, made.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.1.1", instance
    made.SeriesInstanceUID, made.StudyInstanceUID = "1.2.3.1", "1.2.3.2"
    for keyword in ("PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyDate", "StudyTime"):
        setattr(made, keyword, "")
    made.StudyID = made.AccessionNumber = made.ReferringPhysicianName = ""
    made.Modality, made.Rows, made.Columns = "DX", ROWS, COLUMNS
    return made


def sourced(image: ImageRecord | None = None, instance: str = "1.2.3.4") -> SourcedImage:
    """The film with its header."""
    return SourcedImage(record=image or examined_image(), pixels=limb(), header=header(instance))
