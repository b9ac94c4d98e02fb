"""The first inputs of every entrance, small, all from phantoms and from words made up here."""

import gzip
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import cv2
import nibabel
import numpy as np
import tifffile
import yaml
from numpy.typing import NDArray
from PIL import Image as Picture
from pydicom import DataElement, Dataset, config, dcmread, dcmwrite
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.filewriter import correct_ambiguous_vr
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    EnhancedCTImageStorage,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    MediaStorageDirectoryStorage,
    RLELossless,
)

from calcinet.image import Emission, Image, Projection
from calcinet.io import write_radiograph
from calcinet.io.ct.writer import write_ct
from calcinet.io.scintigram.writer import write_scintigram
from calcinet.phantoms.radiograph.limb import LimbSpec, limb
from fuzz.framing import pack
from fuzz.mutators.archive import Entry, write_entries

CASES: Final = Path(__file__).parents[1] / "examples"
"""Cases of invented patients."""

BUNDLE: Final = Path(__file__).with_name("bundle.json")

FILM_SHAPE: Final = (72, 64)
"""Rows and columns. Our choice: hardly more than the least that is read."""

CT_SHAPE: Final = (5, 24, 28)
"""Slices, rows and columns. Our choice: as `FILM_SHAPE`."""

SPACING_MM: Final = (2.0, 0.8, 0.7)
"""Of the CT (Z, Y, X)."""

SCAN_SHAPE: Final = (2, 72, 64)
"""Views, rows and columns of the bone scan."""

INVENTED_CASES: Final = ("04-warfarin-for-five-days", "06-penile", "08-breast", "10-second-biopsy")
"""Short ones that together have every block of a case. Our choice."""

GREY_LEVELS: Final = 255

Plane = NDArray[np.float32]


@cache
def draw_film() -> Image:
    """A generated lower leg, made as small as a film may be."""
    image = limb(LimbSpec(seed=1, pixel_mm=0.8, field_mm=(140.0, 100.0))).image
    plane = cv2.resize(image.plane, FILM_SHAPE[::-1], interpolation=cv2.INTER_AREA)
    return replace(image, pixels=np.asarray(plane, np.float32)[None], spacing_mm=(1.0, 1.9, 1.6))


@cache
def draw_ct() -> Image:
    """A leg of fat, muscle and bone in Hounsfield units."""
    _, row, column = np.indices(CT_SHAPE, dtype=float)
    away = np.hypot((row - CT_SHAPE[1] / 2) / 10, (column - CT_SHAPE[2] / 2) / 11)
    hu = np.select([away < 0.2, away < 0.7, away < 1.0], [700.0, 50.0, -100.0], -1000.0)
    hu += np.random.default_rng(0).normal(0, 12, CT_SHAPE)
    return Image(np.rint(hu).astype(np.float32), SPACING_MM, "[hnsf'U]", modality="CT")


@cache
def draw_scan() -> Image:
    """Counts of two views that tell left from right."""
    counts = np.zeros(SCAN_SHAPE, np.float32) + np.arange(SCAN_SHAPE[1], dtype=np.float32)[None, :, None] % 7 + 1
    counts[:, 20, 10] = 100
    views: tuple[Projection, ...] = ("anterior", "posterior")
    emission = Emission(views=views, whole_body=True, dose_mbq=740.0, hours_after_injection=3.0, half_life_h=6.0,
                        frame_s=(1200.0, 1200.0), scanned_h=5.0)  # fmt: skip
    return Image(counts, (1.0, 2.5, 2.5), "{counts}", modality="NM", emission=emission)


def make_films() -> list[bytes]:
    """Films for processing and for presentation, plain and packed, with elements that change how they are read."""
    shown = _read_written(write_radiograph, draw_film())
    made = [_write(shown), _write(_read_written(write_radiograph, replace(draw_film(), linear=True)))]
    computed = _change(
        shown, Modality="CR", PhotometricInterpretation="MONOCHROME1", Laterality="L", PixelPaddingValue=0
    )
    computed.RescaleSlope, computed.RescaleIntercept, computed.RescaleType = 2, -1024, "US"
    computed.VOILUTSequence = [_make_table(256)]
    made += [_write(computed), _write(_change(shown, ModalityLUTSequence=[_make_table(4096)]))]
    made += [_write_bare(shown, implicit=True), _write_bare(shown, little=False)]
    made += [*_pack_films(shown), _write(_colour_film(shown))]
    return made


def make_series() -> list[bytes]:
    """A CT of five slices, the same with other elements, and as one file of several frames."""
    slices = _read_written(write_ct, draw_ct(), is_folder=True)
    others = []
    for number, dataset in enumerate(slices):
        changed = _change(dataset, GantryDetectorTilt=0, ConvolutionKernel="B30f", ContrastBolusAgent="IODINE")
        changed.ImagePositionPatient = [0, number * 0.1, number * 2.5]
        changed.RescaleIntercept, changed.PixelPaddingValue, changed.BodyPartExamined = -24, -2000, "LEG"
        others.append(_write(changed))
    return [pack([_write(dataset) for dataset in slices]), pack(others), pack([_write(_join_frames(slices))])]


def make_mammograms() -> list[bytes]:
    """A mammogram for presentation and one for processing, with views and paddle."""
    shown = _read_written(write_radiograph, replace(draw_film(), modality="MG", anatomy="breast", laterality="L"))
    shown.ViewPosition, shown.PatientOrientation, shown.ImageLaterality = "CC", ["A", "R"], "L"
    view = Dataset()
    view.CodeValue, view.CodingSchemeDesignator, view.CodeMeaning = "R-10242", "SRT", "cranio-caudal"
    raw = _read_written(write_radiograph, replace(draw_film(), modality="MG", anatomy="breast", linear=True))
    raw.ViewCodeSequence, raw.BreastImplantPresent, raw.EstimatedRadiographicMagnificationFactor = [view], "NO", 1.8
    return [_write(shown), _write(raw)]


def make_scans() -> list[bytes]:
    """A bone scan of two views, and a spot view."""
    scan = _read_written(write_scintigram, draw_scan())
    spot = _read_written(write_scintigram, replace(draw_scan(), pixels=draw_scan().pixels[:1],
                         emission=replace(draw_scan().emission, views=("anterior",), frame_s=(600.0,))))  # fmt: skip
    spot.ImageType, spot.BodyPartExamined = ["ORIGINAL", "PRIMARY", "STATIC", "EMISSION"], "LEG"
    spot.CorrectedImage, spot.AcquisitionDateTime = ["DECY"], "20200101120000+0800"
    return [_write(scan), _write(spot)]


def make_pictures() -> list[bytes]:
    """PNG, JPEG and TIFF of 8 and 16 bits, of a palette and of transparency."""
    deep = _scale_greys(65535).astype(np.uint16)
    grey = _scale_greys(GREY_LEVELS).astype(np.uint8)
    shown = Picture.fromarray(grey)
    pictures = [
        *(_save(shown, "PNG"), _save(Picture.fromarray(deep), "PNG"), _save(shown.convert("P"), "PNG", transparency=0)),
        *(
            _save(shown.convert("RGBA"), "PNG"),
            _save(shown, "JPEG"),
            _save(shown.convert("RGB"), "JPEG", dpi=(300, 300)),
        ),
        *(
            _save(shown, "TIFF"),
            _save(shown.convert("1"), "TIFF", compression="group4"),
            _save(shown, "TIFF", compression="tiff_lzw"),
        ),
    ]
    stream = BytesIO()
    tifffile.imwrite(stream, deep, photometric="miniswhite", compression="zlib", rowsperstrip=24)
    return [*pictures, stream.getvalue()]


def make_volumes() -> list[bytes]:
    """NIfTI of both versions, plain and packed, whole numbers and fractions."""
    volumes = []
    kinds: tuple[Any, ...] = (nibabel.Nifti1Image, nibabel.Nifti2Image)
    for kind in kinds:
        for sort in (np.int16, np.float32):
            image = kind(draw_ct().pixels.transpose(2, 1, 0).astype(sort), np.diag([-0.7, -0.8, 2.0, 1.0]))
            image.header.set_xyzt_units("mm")
            volumes.append(image.to_bytes())
    return [*volumes, gzip.compress(volumes[0], mtime=0)]


def make_zips() -> list[bytes]:
    """Films of three formats, a disc, and a zip in a zip."""
    film, picture = make_films()[0], make_pictures()[0]
    study = write_entries([
        Entry("film.dcm", film, zipfile.ZIP_DEFLATED), Entry("deep/film.png", picture), Entry("notes.txt", b"no film"),
    ])  # fmt: skip
    disc = write_entries(
        [Entry("DICOMDIR", make_directory("IMAGES", "A1")), Entry("IMAGES/A1", film, zipfile.ZIP_BZIP2)]
    )
    return [
        study,
        disc,
        write_entries([Entry("inner.zip", study, zipfile.ZIP_LZMA), Entry("film.jpg", make_pictures()[4])]),
    ]


def make_discs() -> list[bytes]:
    """A DICOMDIR with the files that it lists."""
    film = make_films()[0]
    return [
        pack([make_directory("IMAGES", "A1"), film]),
        pack([make_directory("IMAGES", "A2", count=3), film, b"", film]),
    ]


def make_yaml_cases() -> list[bytes]:
    """Cases of invented patients as they are written."""
    return [_find_case(name).read_bytes() for name in INVENTED_CASES]


def make_json_cases() -> list[bytes]:
    """The same cases as JSON."""
    return [json.dumps(yaml.safe_load(text), default=str).encode() for text in make_yaml_cases()]


def make_bundles() -> list[bytes]:
    """A hospital's record of a made-up patient, each resource that is read once; and the beginning of it."""
    bundle = json.loads(BUNDLE.read_text("utf-8"))
    return [json.dumps(bundle).encode(), json.dumps({**bundle, "entry": bundle["entry"][:3]}).encode()]


def make_directory(*reference: str, count: int = 1) -> bytes:
    """A DICOMDIR that lists one file, as often as asked."""
    directory = Dataset()
    directory.DirectoryRecordSequence = []
    for _ in range(count):
        record = Dataset()
        record.OffsetOfTheNextDirectoryRecord, record.RecordInUseFlag = 0, 65535
        record.DirectoryRecordType = "IMAGE"
        record.add(DataElement(0x00041500, "CS", list(reference), validation_mode=config.IGNORE))
        directory.DirectoryRecordSequence.append(record)
    directory.file_meta = FileMetaDataset()
    directory.file_meta.MediaStorageSOPClassUID = MediaStorageDirectoryStorage
    directory.file_meta.MediaStorageSOPInstanceUID = UID("1.2.3")
    directory.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return _write(directory)


def _find_case(name: str) -> Path:
    return CASES / "invented" / f"{name}.yaml"


def _read_written(write: Callable[..., Any], image: Image, *, is_folder: bool = False) -> Any:
    """What a writer of the package writes, as data sets."""
    with TemporaryDirectory() as folder:
        if is_folder:
            return [dcmread(path) for path in write(folder, image)]
        return dcmread(write(Path(folder, "film.dcm"), image))


def _change(dataset: Dataset, **tags: Any) -> Any:
    changed = dcmread(BytesIO(_write(dataset)))
    for keyword, value in tags.items():
        setattr(changed, keyword, value)
    return changed


def _write(dataset: Dataset) -> bytes:
    """The file of a data set; sequences end with a mark, so that what lies in them may change its length."""
    correct_ambiguous_vr(dataset, is_little_endian=True)
    _end_by_mark(dataset)
    stream = BytesIO()
    dcmwrite(stream, dataset, enforce_file_format=True)
    return stream.getvalue()


def _end_by_mark(dataset: Dataset) -> None:
    for element in dataset:
        if element.VR == "SQ":
            element.is_undefined_length = True
            for item in element.value:
                item.is_undefined_length_sequence_item = True
                _end_by_mark(item)


def _write_bare(dataset: Dataset, *, implicit: bool = False, little: bool = True) -> bytes:
    """The file in another of the plain transfer syntaxes."""
    changed = _change(dataset)
    changed.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian if implicit else ExplicitVRBigEndian
    if not little:
        changed.PixelData = np.frombuffer(changed.PixelData, np.uint16).byteswap().tobytes()
    stream = BytesIO()
    dcmwrite(stream, changed, implicit_vr=implicit, little_endian=little, enforce_file_format=True)
    return stream.getvalue()


def _pack_films(film: Dataset) -> list[bytes]:
    """The film with its pixels packed in four ways."""
    made = []
    for syntax in (RLELossless, JPEG2000Lossless):
        packed = _change(film)
        packed.compress(syntax, generate_instance_uid=False)
        made.append(_write(packed))
    lossy = _change(film, BitsAllocated=8, BitsStored=8, HighBit=7)
    lossy.PixelData = encapsulate([_save(Picture.fromarray(_scale_greys(GREY_LEVELS).astype(np.uint8)), "JPEG")])
    lossy["PixelData"].VR, lossy["PixelData"].is_undefined_length = "OB", True
    lossy.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
    deflated = _change(film)
    deflated.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    return [*made, _write(lossy), _write(deflated)]


def _colour_film(film: Dataset) -> Any:
    """The film as a secondary capture in colour, all of it grey, with an overlay."""
    grey = _scale_greys(GREY_LEVELS).astype(np.uint8)
    capture = _change(film, SamplesPerPixel=3, PhotometricInterpretation="RGB", PlanarConfiguration=0)
    capture.BitsAllocated = capture.BitsStored = 8
    capture.HighBit, capture.PixelData = 7, np.stack([grey] * 3, axis=-1).tobytes()
    capture.SOPClassUID = UID("1.2.840.10008.5.1.4.1.1.7")
    capture.file_meta.MediaStorageSOPClassUID = capture.SOPClassUID
    capture.add_new(0x60000010, "US", FILM_SHAPE[0])
    capture.add_new(0x60000011, "US", FILM_SHAPE[1])
    capture.add_new(0x60003000, "OW", bytes(FILM_SHAPE[0] * FILM_SHAPE[1] // 8))
    return capture


def _make_table(entries: int) -> Dataset:
    table = Dataset()
    table.LUTDescriptor, table.LUTExplanation = [entries, 0, 16], ""
    table.add_new(0x00283006, "US", [number * 16 % 65536 for number in range(entries)])
    return table


def _join_frames(slices: list[Any]) -> Any:
    """The slices as one Enhanced CT."""
    joined = _change(slices[0], SOPClassUID=EnhancedCTImageStorage, NumberOfFrames=len(slices))
    joined.file_meta.MediaStorageSOPClassUID = EnhancedCTImageStorage
    for keyword in (
        "ImagePositionPatient",
        "ImageOrientationPatient",
        "PixelSpacing",
        "RescaleSlope",
        "RescaleIntercept",
    ):
        if keyword in joined:
            del joined[keyword]
    joined.SharedFunctionalGroupsSequence = [
        _make_group(
            PixelMeasuresSequence={"PixelSpacing": [0.8, 0.7], "SliceThickness": 2.0},
            PlaneOrientationSequence={"ImageOrientationPatient": [1, 0, 0, 0, 1, 0]},
            PixelValueTransformationSequence={"RescaleSlope": 1, "RescaleIntercept": 0, "RescaleType": "HU"},
        )
    ]
    joined.PerFrameFunctionalGroupsSequence = [
        _make_group(PlanePositionSequence={"ImagePositionPatient": [0, 0, 2.0 * number]})
        for number in range(len(slices))
    ]
    joined.PixelData = b"".join(dataset.PixelData for dataset in slices)
    return joined


def _make_group(**sequences: dict[str, Any]) -> Dataset:
    group = Dataset()
    for keyword, elements in sequences.items():
        item = Dataset()
        for name, value in elements.items():
            setattr(item, name, value)
        setattr(group, keyword, [item])
    return group


def _scale_greys(levels: int) -> Plane:
    plane = draw_film().plane
    return np.asarray((plane - plane.min()) / (plane.max() - plane.min()) * levels, np.float32)


def _save(picture: Picture.Image, kind: str, **options: Any) -> bytes:
    stream = BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()
