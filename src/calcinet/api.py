"""The Python entry: files in, record out."""

from collections.abc import Callable, Sequence
from pathlib import Path

from calcinet import record
from calcinet.image import Image
from calcinet.io import Refusal, read_all
from calcinet.protocols import ExaminedImage, assemble, examine_image
from calcinet.record import ImageRecord, Record

Paths = str | Path | Sequence[str | Path]
Progress = Callable[[int, int], None]
"""Called with the number of images done and the number of all."""


def examine(
    paths: Paths,
    *,
    spacing_mm: float | None = None,
    modality: str | None = None,
    anatomy: str | None = None,
    progress: Progress | None = None,
) -> Record:
    """Examine the films of one patient.

    Parameters
    ----------
    paths
        One or several DICOM, PNG, JPEG or TIFF files, folders, zips or DICOMDIRs.
    spacing_mm
        Pixel pitch at the detector in mm; stands above what the files say, and a difference becomes a caution.
    modality
        CR, DX or MG; stands above what the files say, and admits files that do not name themselves a radiograph.
    anatomy
        Body part in words ("lower leg"); stands above what the files say.
    progress
        Called after each image.

    Raises
    ------
    BadInput
        If a path does not exist or an option cannot be right.
    BadWeights
        If the detector's weights are missing or altered.
    """
    return examine_with_images(paths, spacing_mm=spacing_mm, modality=modality, anatomy=anatomy, progress=progress)[0]


def examine_with_images(
    paths: Paths,
    *,
    spacing_mm: float | None = None,
    modality: str | None = None,
    anatomy: str | None = None,
    progress: Progress | None = None,
) -> tuple[Record, dict[str, ExaminedImage]]:
    """`examine`, and the film and label map of every image that was not refused, by its id."""
    several = [paths] if isinstance(paths, str | Path) else list(paths)
    read = read_all(several, spacing_mm=spacing_mm, modality=modality, anatomy=anatomy)
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
    return assemble(records), examined


def _refused(refusal: Refusal, image_id: str) -> ImageRecord:
    return ImageRecord(
        id=image_id,
        source=refusal.source,
        sha256=refusal.sha256,
        modality=refusal.modality or "",
        refused=record.Refusal(reason=refusal.reason, code=refusal.code),
    )
