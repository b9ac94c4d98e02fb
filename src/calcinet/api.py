"""The Python entry: files in, record out."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from calcinet import record
from calcinet.clinical.case import Case
from calcinet.errors import BadInput
from calcinet.evidence.priors import prior as given_prior
from calcinet.examined import ExaminedImage
from calcinet.measure.calibre.classes import DEFAULT_CLASSES, CalibreClasses
from calcinet.progress import Progress
from calcinet.protocols import assemble
from calcinet.record import ImageRecord, Record
from calcinet.text import say

if TYPE_CHECKING:
    from calcinet.io import Refusal, Study

Paths = str | Path | Sequence[str | Path]


class ReadOptions(TypedDict, total=False):
    """What stands above the files."""

    spacing_mm: float | None
    modality: str | None
    anatomy: str | None
    mg_per_cm3_per_hu: float | None
    labels: str | Path | None


def examine(
    paths: Paths = (),
    case: Case | str | Path | None = None,
    *,
    prior: float | str | None = None,
    include_secondary: bool = False,
    calibre_classes: Sequence[float] | None = None,
    progress: Progress | None = None,
    **options: Unpack[ReadOptions],
) -> Record:
    """Examine the films of one patient, with the case beside them or the case alone.

    Parameters
    ----------
    paths
        One or several DICOM, PNG, JPEG, TIFF or NIfTI files, folders, zips or DICOMDIRs; none where there is a case.
    case
        The patient: a `Case`, or a case file in YAML or JSON or a FHIR R4 bundle.
    prior
        Pre-test probability of calciphylaxis, or the name of a preset; without it no post-test probability is stated.
    include_secondary
        Weigh figures that were read at second hand or are recalled, too.
    calibre_classes
        Smallest outer diameters in mm of small, medium and large vessels; 0.5, 2 and 4 where not given.
    progress
        Called after each file that was looked at, then after each image that was examined.
    options
        What stands above the files: `spacing_mm`, pixel pitch at the detector in mm; `modality`, CR, DX, MG or CT,
        which admits files that do not name themselves so; `anatomy`, body part in words ("lower leg"). Of a CT:
        `mg_per_cm3_per_hu`, density of hydroxyapatite that a Hounsfield unit stands for; `labels`, folder of masks of
        bones and arteries, one NIfTI file a structure.

    Raises
    ------
    BadInput
        If a path does not exist, an option cannot be right, or the case file is malformed.
    BadWeights
        If the detector's weights are missing or altered.
    """
    return examine_with_images(
        paths,
        case=case,
        prior=prior,
        include_secondary=include_secondary,
        calibre_classes=calibre_classes,
        progress=progress,
        **options,
    )[0]


def examine_with_images(
    paths: Paths = (),
    case: Case | str | Path | None = None,
    *,
    prior: float | str | None = None,
    include_secondary: bool = False,
    calibre_classes: Sequence[float] | None = None,
    progress: Progress | None = None,
    **options: Unpack[ReadOptions],
) -> tuple[Record, dict[str, ExaminedImage]]:
    """`examine`, and pixels and marks of every image that was not refused, by its id."""
    several = _list_paths(paths)
    if not several and case is None:
        raise BadInput(say("nothing to examine: give a film, a case, or both"))
    patient = _read_patient(case)
    before = None if prior is None else given_prior(prior)
    classes = DEFAULT_CLASSES
    if calibre_classes is not None:
        classes = CalibreClasses.rising(calibre_classes)
    records: list[ImageRecord] = []
    images: dict[str, ExaminedImage] = {}
    if several:
        from calcinet.io import read_all

        records, images = _examine_study(read_all(several, **options, progress=progress), classes, progress)
    whole = assemble(
        records,
        patient,
        prior=before,
        include_secondary=include_secondary,
        classes=classes,
        scanned_h={key: image.scanned_h for key, image in images.items() if image.scanned_h is not None},
    )
    given = _name_read_options(options)
    if before is not None:
        given["prior"] = before.value
    if include_secondary:
        given["include_secondary"] = include_secondary
    if calibre_classes is not None:
        given["calibre_classes"] = calibre_classes
    if patient is not None:
        given["case_sha256"] = _hash_case(patient)
    return whole.model_copy(update={"options": given}), images


def _list_paths(paths: Paths) -> list[str | Path]:
    if isinstance(paths, str | Path):
        return [paths]
    return list(paths)


def _name_read_options(options: ReadOptions) -> dict[str, Any]:
    """The options that were given, as the record names them."""
    given: dict[str, Any] = {name: value for name, value in options.items() if value is not None}
    if "labels" in given:
        given["labels"] = "given"  # a folder's name may be a patient's
    return given


def _hash_case(case: Case) -> str:
    return hashlib.sha256(case.model_dump_json().encode()).hexdigest()


def _read_patient(case: Case | str | Path | None) -> Case | None:
    """A case as it is, or read from its file; what reads YAML is loaded only then."""
    if isinstance(case, str | Path):
        from calcinet.io.case.reader import read_case

        return read_case(Path(case))
    return case


def _examine_study(
    study: "Study", classes: CalibreClasses, progress: Progress | None
) -> tuple[list[ImageRecord], dict[str, ExaminedImage]]:
    records: list[ImageRecord] = []
    images: dict[str, ExaminedImage] = {}
    for number in range(len(study)):
        image_record, examined = _examine_number(study, number, classes)
        records.append(image_record)
        if examined is not None:
            images[image_record.id] = examined
        if progress:
            progress(number + 1, len(study))
    return records, images


def _examine_number(study: "Study", number: int, classes: CalibreClasses) -> tuple[ImageRecord, ExaminedImage | None]:
    """Examine one image of a study; nothing as large as its pixels outlives the call."""
    from calcinet.io import Refusal
    from calcinet.io.study_image import StudyImage
    from calcinet.protocols import examine_image

    item, image_id = study[number], f"img-{number + 1}"
    if isinstance(item, Refusal):
        return _note_refusal(item, image_id), None
    image_record, examined = examine_image(item, image_id, classes)
    return image_record, examined.read_from(StudyImage(study, number))


def _note_refusal(refusal: "Refusal", image_id: str) -> ImageRecord:
    return ImageRecord(
        id=image_id,
        source=refusal.source,
        sha256=refusal.sha256,
        modality=refusal.modality or "",
        refused=record.Refusal(reason=refusal.reason, code=refusal.code),
    )
