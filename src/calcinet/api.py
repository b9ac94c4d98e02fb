"""The Python entry: files in, record out."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypedDict, Unpack

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from calcinet import record
from calcinet.arrays import Floats, Indices, Pixels
from calcinet.clinical.case import Case
from calcinet.errors import BadInput, Unreadable
from calcinet.evidence.priors import prior as given_prior
from calcinet.image import Image
from calcinet.io import Refusal, Study, read_all
from calcinet.measure.calibre.calibre import CalibreClasses
from calcinet.progress import Progress
from calcinet.protocols import DEFAULT_CLASSES, assemble, examine_image
from calcinet.protocols.examined_image import ExaminedImage
from calcinet.record import ImageRecord, Record
from calcinet.text import say

Paths = str | Path | Sequence[str | Path]


class ReadOptions(TypedDict, total=False):
    """What stands above the files."""

    spacing_mm: float | None
    modality: str | None
    anatomy: str | None
    mg_per_cm3_per_hu: float | None
    labels: str | Path | None


@dataclass(frozen=True, slots=True, eq=False)
class ExaminedFilm:
    """A film and what was marked on it; both come when they are asked for: a study needs the memory of one film."""

    films: Study
    index: int
    shape: tuple[int, int]
    places: Indices
    """Of the marked pixels in the flat label map."""
    marks: NDArray[np.uint8]
    """Their labels."""
    picture: Pixels | None = None
    """Of an image that is not a plane itself; small beside what it was made from."""
    volume: "ExaminedCt | None" = None
    """What lies behind the picture of a CT."""
    scanned_h: float | None = None
    """Of a bone scan: when it began, in hours on the clock of its file."""

    @classmethod
    def of(cls, films: Study, index: int, image: Image, found: ExaminedImage) -> "ExaminedFilm":
        """Keep what was marked on an image, and its picture where that is not the image itself."""
        places = np.flatnonzero(found.mask)
        rows, columns = found.mask.shape
        plain = image.pixels.shape[0] == 1 and image.modality != "CT"
        return cls(
            films,
            index,
            (rows, columns),
            places,
            found.mask.ravel()[places],
            None if plain else found.plane,
            None if found.voxels is None else ExaminedCt.of(films, index, image, found),
            found.scanned_h,
        )

    @property
    def plane(self) -> Pixels:
        """Shape (Y, X), rising with attenuation.

        Raises
        ------
        Unreadable
            If the film's file is gone or has changed since it was examined.
        """
        return self.picture if self.picture is not None else _image(self.films, self.index).plane

    @property
    def parent(self) -> Dataset | None:
        """What objects made from the film repeat of its DICOM header; None where it is a picture.

        Raises
        ------
        Unreadable
            As `plane`.
        """
        return self.films.source_header(self.index)

    @property
    def mask(self) -> NDArray[np.uint8]:
        """Label map, same shape."""
        mask = np.zeros(self.shape, dtype=np.uint8)
        mask.ravel()[self.places] = self.marks
        return mask


@dataclass(frozen=True, slots=True, eq=False)
class ExaminedCt:
    """A CT and the voxels of its findings; what is large comes when it is asked for."""

    films: Study
    index: int
    shape: tuple[int, int, int]
    voxels: Mapping[str, Indices]
    """(Z, Y, X) of every finding by its id, shape (N, 3)."""
    kinds: Mapping[str, int]
    """Label of every finding by its id."""
    affine: Floats
    """Shape (4, 4): voxel (Z, Y, X, 1) to the patient's (left, posterior, superior, 1) in mm."""
    oriented: bool = True
    """Whether it is known how the volume lies in the patient; else the affine holds its spacing alone."""

    @classmethod
    def of(cls, films: Study, index: int, image: Image, found: ExaminedImage) -> "ExaminedCt":
        """Keep the voxels of the findings."""
        slices, rows, columns = image.pixels.shape
        affine = image.affine if image.affine is not None else np.diag([*(image.spacing_mm or (1, 1, 1)), 1])[_XYZ]
        return cls(
            films,
            index,
            (slices, rows, columns),
            found.voxels or {},
            found.kinds or {},
            np.asarray(affine, dtype=float),
            image.affine is not None,
        )

    @property
    def hu(self) -> Pixels:
        """Hounsfield units, shape (Z, Y, X).

        Raises
        ------
        Unreadable
            If its files are gone or have changed since it was examined.
        """
        return _image(self.films, self.index).pixels

    @property
    def labels(self) -> NDArray[np.uint8]:
        """Label map, same shape."""
        out = np.zeros(self.shape, dtype=np.uint8)
        for name, voxels in self.voxels.items():
            out[tuple(voxels.T)] = self.kinds[name]
        return out

    @property
    def parents(self) -> Sequence[Dataset]:
        """Headers of the slices in the order of Z; none where slices and voxels do not match."""
        return self.films.source_headers(self.index)


_XYZ: Final = [2, 1, 0, 3]
"""Rows of an affine without orientation: X, Y and Z of the patient from voxels (Z, Y, X)."""


def _image(films: Study, index: int) -> Image:
    item = films[index]
    if isinstance(item, Refusal):
        raise Unreadable(item.reason, code=item.code)
    return item


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
        Probability of calciphylaxis before the findings, or the name of a preset; without it there is no posterior.
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
) -> tuple[Record, dict[str, ExaminedFilm]]:
    """`examine`, and the film and label map of every image that was not refused, by its id."""
    several = [paths] if isinstance(paths, str | Path) else list(paths)
    if not several and case is None:
        raise BadInput(say("nothing to examine: give a film, a case, or both"))
    patient = _patient(case)
    before = None if prior is None else given_prior(prior)
    classes = DEFAULT_CLASSES if calibre_classes is None else CalibreClasses.rising(calibre_classes)
    records, examined = (
        _examined(read_all(several, **options, progress=progress), classes, progress) if several else ([], {})
    )
    whole = assemble(
        records,
        patient,
        prior=before,
        include_secondary=include_secondary,
        classes=classes,
        scanned_h={key: film.scanned_h for key, film in examined.items() if film.scanned_h is not None},
    )
    masks = "given" if options.get("labels") is not None else None  # a folder's name may be a patient's
    given = {
        **options,
        "labels": masks,
        "prior": before and before.value,
        "include_secondary": include_secondary or None,
    }
    given |= {"calibre_classes": calibre_classes, "case_sha256": patient and _digest(patient)}
    said = {name: value for name, value in given.items() if value is not None}
    return whole.model_copy(update={"options": said}), examined


def _digest(case: Case) -> str:
    return hashlib.sha256(case.model_dump_json().encode()).hexdigest()


def _patient(case: Case | str | Path | None) -> Case | None:
    """A case as it is, or read from its file; what reads YAML is loaded only then."""
    if isinstance(case, str | Path):
        from calcinet.io.case.reader import read_case

        return read_case(Path(case))
    return case


def _examined(
    read: Study, classes: CalibreClasses, progress: Progress | None
) -> tuple[list[ImageRecord], dict[str, ExaminedFilm]]:
    records: list[ImageRecord] = []
    examined: dict[str, ExaminedFilm] = {}
    for index in range(len(read)):
        image_record, film = _examined_one(read, index, classes)
        records.append(image_record)
        if film is not None:
            examined[image_record.id] = film
        if progress:
            progress(index + 1, len(read))
    return records, examined


def _examined_one(read: Study, index: int, classes: CalibreClasses) -> tuple[ImageRecord, ExaminedFilm | None]:
    """One film of several; nothing as large as it outlives the call."""
    item, image_id = read[index], f"img-{index + 1}"
    if isinstance(item, Refusal):
        return _refused(item, image_id), None
    image_record, found = examine_image(item, image_id, classes)
    return image_record, ExaminedFilm.of(read, index, item, found)


def _refused(refusal: Refusal, image_id: str) -> ImageRecord:
    return ImageRecord(
        id=image_id,
        source=refusal.source,
        sha256=refusal.sha256,
        modality=refusal.modality or "",
        refused=record.Refusal(reason=refusal.reason, code=refusal.code),
    )
