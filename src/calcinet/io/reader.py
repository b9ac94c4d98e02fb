"""Every file of one call to images and refusals, in order, of one patient."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from calcinet.errors import BadInput, Unreadable
from calcinet.image import Image
from calcinet.io.ct.user_masks import check_labels
from calcinet.io.dicom.pixel_spacing import Pair
from calcinet.io.file_sources import Source, expand_path
from calcinet.io.given_objects import GivenImage, take_given
from calcinet.io.options import Options
from calcinet.io.refusal import Refusal
from calcinet.io.stated_site import split_side
from calcinet.io.study import Study
from calcinet.progress import Progress


def read_all(
    paths: Sequence[Any],
    *,
    spacing_mm: float | Pair | None = None,
    modality: str | None = None,
    anatomy: str | None = None,
    mg_per_cm3_per_hu: float | None = None,
    labels: str | Path | None = None,
    progress: Progress | None = None,
) -> Study:
    """Read every radiograph and every CT series under `paths`, in the order in which they are given.

    Parameters
    ----------
    paths
        DICOM, PNG, JPEG, TIFF and NIfTI files, folders, zips and DICOMDIRs, all of one patient; in place of a path an
        `Image`, which says all of itself, a pydicom data set or a Pillow image.
    spacing_mm
        Pixel pitch in mm, one number or (rows, columns); stands above what the files say.
    modality
        CR, DX or MG; stands above what the files say, and admits files that do not name themselves a radiograph. CT:
        admits NIfTI, and slices that do not name themselves CT.
    anatomy
        Body part in words; stands above what the files say. A side named with it counts for a lone film that does not
        name its own.
    mg_per_cm3_per_hu
        Of a CT: density of hydroxyapatite that a Hounsfield unit stands for, from inserts scanned alike.
    labels
        Of a CT: folder of masks of bones and arteries, one NIfTI file a structure.
    progress
        Called after each file that was looked at, with the number done and the number of all.

    Returns
    -------
    Study
        A sequence of an image or a refusal for every file that is, or was meant to be, an image, and for every CT
        series; pixels are decoded when they are asked for. Where the files belong to more than one patient all are
        refused ("mixed-patients").

    Raises
    ------
    BadInput
        If a path does not exist or an option cannot be right.
    """
    folder_of_masks = None
    if labels is not None:
        folder_of_masks = Path(labels)
        check_labels(folder_of_masks)
    part, side = split_side(anatomy)
    options = Options(
        spacing_mm=spacing_mm,
        modality=modality,
        anatomy=part,
        side=side,
        mg_per_cm3_per_hu=mg_per_cm3_per_hu,
        labels=folder_of_masks,
    )
    if not paths:
        raise BadInput("no path given: give a film, a folder, a zip or a DICOMDIR")
    return Study(_find_all(paths, options), options, progress)


def _find_all(given: Sequence[Any], options: Options) -> list[Source | Refusal | GivenImage]:
    """Every file and image, in the order in which they are given."""
    found: list[Source | Refusal | GivenImage] = []
    for number, item in enumerate(given, start=1):
        taken = take_given(item, number, len(given))
        if taken is None:
            found.extend(expand_path(Path(item), number, len(given)))
            continue
        if isinstance(taken, GivenImage) and (options.spacing_mm or options.modality or options.anatomy):
            raise BadInput(
                "spacing_mm, modality and anatomy are said above files: an image in memory says them itself, give them"
                " to calcinet.Image.from_array"
            )
        found.append(taken)
    return found


def read(
    path: str | Path, *, spacing_mm: float | Pair | None = None, modality: str | None = None, anatomy: str | None = None
) -> Image:
    """Read one radiograph or one CT series; options as in `read_all`.

    Raises
    ------
    Unreadable
        If it cannot be examined; `code` says why in one word.
    BadInput
        If the path does not exist, holds several files, or an option cannot be right.
    """
    results = read_all([path], spacing_mm=spacing_mm, modality=modality, anatomy=anatomy)
    first, count = _find_first_image(results)
    if first is None:
        refusal = results[0]
        assert isinstance(refusal, Refusal)
        raise Unreadable(refusal.reason, code=refusal.code)
    if count > 1:
        raise BadInput(f"found {count} images where one was expected: use read_all")
    return first


def _find_first_image(results: Study) -> tuple[Image | None, int]:
    """The first image and how many there are; each of the others is let go before the next is read."""
    first = None
    count = 0
    for result in results:
        if isinstance(result, Image):
            count += 1
            if first is None:
                first = result
    return first, count
