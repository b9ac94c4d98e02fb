"""An examined image and its marks: what a protocol gives, what the program keeps, what pictures are drawn from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Floats, Indices, Pixels
from calcinet.image import Image

PATIENT_AXES: Final = [2, 1, 0, 3]
"""Rows of an affine without orientation: X, Y and Z of the patient from voxels (Z, Y, X)."""


class ImageSource(Protocol):
    """Where the pixels and the DICOM headers of an examined image are read from, each time that they are asked for."""

    def read_image(self) -> Image:
        """The image as it was examined.

        Raises
        ------
        Unreadable
            If its file is gone or has changed since it was examined.
        """

    def read_header(self) -> Any:
        """What objects made from it repeat of its DICOM header, a pydicom dataset without pixels.

        None where it came from a picture. Of a CT that of the slice at the low end of Z.
        """

    def read_slice_headers(self) -> Sequence[Any]:
        """Headers of the slices of a CT in the order of Z; none where slices and voxels do not match."""


@dataclass(frozen=True, slots=True, eq=False)
class LoadedImage:
    """A source that holds the image in memory."""

    image: Image
    header: Any = None
    slice_headers: Sequence[Any] = ()

    def read_image(self) -> Image:
        """The image itself."""
        return self.image

    def read_header(self) -> Any:
        """Its DICOM header, or None."""
        return self.header

    def read_slice_headers(self) -> Sequence[Any]:
        """Headers of its slices, or none."""
        return self.slice_headers


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ExaminedVolume:
    """A CT behind its picture, its brightest projection from the front: head up, the patient's left at the right.

    Where `oriented` is false, these are guesses of its axes, and nothing may call a side by its name.
    """

    source: ImageSource
    shape: tuple[int, int, int]
    voxels: Mapping[str, Indices]
    """(Z, Y, X) of every finding by its id in the record, shape (N, 3)."""
    kinds: Mapping[str, int]
    """Label of every finding by its id, a value of `calcinet.mask_labels.MASK_LABELS`."""
    affine: Floats
    """Shape (4, 4): voxel (Z, Y, X, 1) to the patient's (left, posterior, superior, 1) in mm (DICOM LPS)."""
    oriented: bool = True
    """Whether it is known how the volume lies in the patient; else the affine holds its spacing alone."""

    @classmethod
    def of(cls, image: Image, voxels: Mapping[str, Indices], kinds: Mapping[str, int]) -> "ExaminedVolume":
        """Keep the voxels of the findings of a CT."""
        slices, rows, columns = image.pixels.shape
        affine = image.affine
        if affine is None:
            affine = np.diag([*(image.spacing_mm or (1, 1, 1)), 1])[PATIENT_AXES]
        return cls(
            source=LoadedImage(image),
            shape=(slices, rows, columns),
            voxels=voxels,
            kinds=kinds,
            affine=np.asarray(affine, dtype=float),
            oriented=image.affine is not None,
        )

    @property
    def hu(self) -> Pixels:
        """Hounsfield units, shape (Z, Y, X): Z to the head, Y to the back, X to the left. Read when asked for.

        Raises
        ------
        Unreadable
            If its files are gone or have changed since it was examined.
        """
        return self.source.read_image().pixels

    @property
    def labels(self) -> NDArray[np.uint8]:
        """Label map, same shape, made when asked for."""
        labels = np.zeros(self.shape, dtype=np.uint8)
        for finding_id, voxels in self.voxels.items():
            labels[tuple(voxels.T)] = self.kinds[finding_id]
        return labels

    @property
    def slice_headers(self) -> Sequence[Any]:
        """DICOM headers of the slices in the order of Z; none where slices and voxels do not match."""
        return self.source.read_slice_headers()


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ExaminedImage:
    """An image and what was marked on it.

    Only the marks are kept; pixels are read when they are asked for, so that a study needs the memory of one image.
    """

    source: ImageSource
    shape: tuple[int, int]
    """Rows and columns of the picture."""
    marked: Indices
    """Marked pixels in the flat label map."""
    labels: NDArray[np.uint8]
    """Their labels, values of `calcinet.mask_labels.MASK_LABELS`."""
    picture: Pixels | None = None
    """Of an image that is not a plane itself: a CT's projection, a bone scan's views; small beside what it is of."""
    volume: ExaminedVolume | None = None
    """Of a CT: what lies behind the picture."""
    scanned_h: float | None = None
    """Of a bone scan: when it began, in hours on the clock of its file."""
    utc_offset_h: float | None = None
    """Of a bone scan: offset of that clock from UTC, where its file tells it."""
    groundwork: Any = None
    """Of a film that nobody corrected, while its pixels are held: `calcinet.protocols.groundwork.Groundwork`."""

    @classmethod
    def of(
        cls,
        image: Image,
        mask: NDArray[np.uint8],
        *,
        picture: Pixels | None = None,
        volume: ExaminedVolume | None = None,
        scanned_h: float | None = None,
        utc_offset_h: float | None = None,
        groundwork: Any = None,
    ) -> "ExaminedImage":
        """Keep the marks of an image.

        Parameters
        ----------
        image
            What was examined.
        mask
            Label map of the picture, shape (Y, X).
        picture
            What is shown of it, same shape, where it is not a plane itself.
        volume
            Of a CT: its findings in space.
        scanned_h, utc_offset_h
            Of a bone scan: when it began, and by which clock.
        groundwork
            What its corrections begin with.
        """
        marked = np.flatnonzero(mask)
        rows, columns = mask.shape
        return cls(
            source=LoadedImage(image),
            shape=(rows, columns),
            marked=marked,
            labels=mask.ravel()[marked],
            picture=picture,
            volume=volume,
            scanned_h=scanned_h,
            utc_offset_h=utc_offset_h,
            groundwork=groundwork,
        )

    def read_from(self, source: ImageSource) -> "ExaminedImage":
        """The same with its pixels in another place, so that this one need not hold them, nor its groundwork."""
        volume = self.volume
        if volume is not None:
            volume = replace(volume, source=source)
        return replace(self, source=source, volume=volume, groundwork=None)

    @property
    def plane(self) -> Pixels:
        """Shape (Y, X), rising with attenuation: the film; of a CT its brightest projection from the front; of a bone
        scan its views side by side.

        Raises
        ------
        Unreadable
            If the file is gone or has changed since it was examined.
        """
        if self.picture is not None:
            return self.picture
        return self.source.read_image().plane

    @property
    def mask(self) -> NDArray[np.uint8]:
        """Label map, same shape."""
        mask = np.zeros(self.shape, dtype=np.uint8)
        mask.ravel()[self.marked] = self.labels
        return mask

    @property
    def source_header(self) -> Any:
        """What objects made from it repeat of its DICOM header; None where it came from a picture.

        Raises
        ------
        Unreadable
            As `plane`.
        """
        return self.source.read_header()


def hours_on_one_clock(images: Mapping[str, ExaminedImage]) -> dict[str, float]:
    """When each bone scan began, by image id: on UTC where all files tell their offset, else on the clocks as they are.

    Scans of one patient are mostly made at one place: what clocks of that place differ by is an hour in summer.
    """
    scans = {key: image for key, image in images.items() if image.scanned_h is not None}
    tell_all = all(image.utc_offset_h is not None for image in scans.values())
    hours = {}
    for key, image in scans.items():
        offset_h = image.utc_offset_h if tell_all else 0.0
        hours[key] = (image.scanned_h or 0.0) - (offset_h or 0.0)
    return hours
