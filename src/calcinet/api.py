"""The Python entry: files in, record out."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypedDict, Unpack

from calcinet import record
from calcinet.clinical.case import Case
from calcinet.errors import BadInput
from calcinet.evidence.priors import prior as given_prior
from calcinet.image import Image
from calcinet.io import Refusal, read_all
from calcinet.protocols import ExaminedImage, assemble, examine_image
from calcinet.record import ImageRecord, Record
from calcinet.text import say

Paths = str | Path | Sequence[str | Path]
Progress = Callable[[int, int], None]
"""Called with the number of images done and the number of all."""


class ReadOptions(TypedDict, total=False):
    """What stands above the files."""

    spacing_mm: float | None
    modality: str | None
    anatomy: str | None


def examine(
    paths: Paths = (),
    case: Case | str | Path | None = None,
    *,
    prior: float | str | None = None,
    include_secondary: bool = False,
    progress: Progress | None = None,
    **options: Unpack[ReadOptions],
) -> Record:
    """Examine the films of one patient, with the case beside them or the case alone.

    Parameters
    ----------
    paths
        One or several DICOM, PNG, JPEG or TIFF files, folders, zips or DICOMDIRs; none where there is a case.
    case
        The patient: a `Case`, or a case file in YAML or JSON or a FHIR R4 bundle.
    prior
        Probability of calciphylaxis before the findings, or the name of a preset; without it there is no posterior.
    include_secondary
        Weigh figures that were read at second hand or are recalled, too.
    progress
        Called after each image.
    options
        What stands above the files: `spacing_mm`, pixel pitch at the detector in mm; `modality`, CR, DX or MG, which
        admits files that do not name themselves a radiograph; `anatomy`, body part in words ("lower leg").

    Raises
    ------
    BadInput
        If a path does not exist, an option cannot be right, or the case file is malformed.
    BadWeights
        If the detector's weights are missing or altered.
    """
    return examine_with_images(
        paths, case=case, prior=prior, include_secondary=include_secondary, progress=progress, **options
    )[0]


def examine_with_images(
    paths: Paths = (),
    case: Case | str | Path | None = None,
    *,
    prior: float | str | None = None,
    include_secondary: bool = False,
    progress: Progress | None = None,
    **options: Unpack[ReadOptions],
) -> tuple[Record, dict[str, ExaminedImage]]:
    """`examine`, and the film and label map of every image that was not refused, by its id."""
    several = [paths] if isinstance(paths, str | Path) else list(paths)
    if not several and case is None:
        raise BadInput(say("nothing to examine: give a film, a case, or both"))
    patient = _patient(case)
    before = None if prior is None else given_prior(prior)
    records, examined = _examined(read_all(several, **options) if several else [], progress)
    return assemble(records, patient, prior=before, include_secondary=include_secondary), examined


def _patient(case: Case | str | Path | None) -> Case | None:
    """A case as it is, or read from its file; what reads YAML is loaded only then."""
    if isinstance(case, str | Path):
        from calcinet.io.case import read_case

        return read_case(Path(case))
    return case


def _examined(
    read: Sequence[Image | Refusal], progress: Progress | None
) -> tuple[list[ImageRecord], dict[str, ExaminedImage]]:
    records: list[ImageRecord] = []
    examined: dict[str, ExaminedImage] = {}
    for number, item in enumerate(read, start=1):
        image_id = f"img-{number}"
        if isinstance(item, Image):
            image_record, examined[image_id] = examine_image(item, image_id)
        else:
            image_record = _refused(item, image_id)
        records.append(image_record)
        if progress:
            progress(number, len(read))
    return records, examined


def _refused(refusal: Refusal, image_id: str) -> ImageRecord:
    return ImageRecord(
        id=image_id,
        source=refusal.source,
        sha256=refusal.sha256,
        modality=refusal.modality or "",
        refused=record.Refusal(reason=refusal.reason, code=refusal.code),
    )
