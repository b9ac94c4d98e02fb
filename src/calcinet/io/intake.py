"""Every file of one call to images and refusals, in order, of one patient."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import overload

from pydicom.dataset import Dataset

from calcinet.errors import BadInput, Unreadable
from calcinet.image import Image
from calcinet.io.dicom import Header, header_of, read_dicom
from calcinet.io.identity import Person, different, mixed_patients
from calcinet.io.kinds import HEAD_BYTES, SUFFIX, Kind, kind_of, not_an_image
from calcinet.io.options import Options
from calcinet.io.parent import parent_of
from calcinet.io.raster import read_raster
from calcinet.io.refusal import Refusal, fingerprint, refusal, source_name
from calcinet.io.sources import Source, expand
from calcinet.io.spacing import Pair
from calcinet.text import say

Progress = Callable[[int, int], None]
"""Called with the number of files done and the number of all."""


@dataclass(frozen=True, slots=True)
class _File:
    """What is known of a file before its pixels are touched."""

    sha256: str
    kind: Kind = "unknown"
    source: Source | None = None
    refused: Refusal | None = None
    """Why it is not read at all."""
    header: Header | None = None
    """Of a DICOM file; its data set is dropped."""

    def refusal(self, error: Unreadable) -> Refusal:
        """The same file, refused for `error`."""
        modality = self.header.modality if self.header else None
        name = self.refused.source if self.refused else source_name(self.sha256, SUFFIX.get(self.kind, ""))
        return Refusal(name, self.sha256, str(error), error.code, modality)


class Films(Sequence[Image | Refusal]):
    """The images and refusals of one call.

    Each film is read when it is asked for and only the last one is kept, so that a study needs the memory of one film;
    whose they are and which are doubles is known from the start.
    """

    def __init__(self, found: Sequence[Source | Refusal], options: Options, progress: Progress | None = None) -> None:
        self._options = options
        self._persons: list[Person] = []
        self._mixed = False
        self._last: tuple[int, Image | Refusal] | None = None
        self._bytes: tuple[str, bytes] | None = None
        """Hash and content of the file met last, until a film is read: a lone film is then loaded once."""
        self._files: list[_File] = []
        for done, item in enumerate(found, start=1):
            self._files.append(_File(item.sha256, refused=item) if isinstance(item, Refusal) else self._met(item))
            if progress is not None:
                progress(done, len(found))

    def __len__(self) -> int:
        return len(self._files)

    @overload
    def __getitem__(self, index: int) -> Image | Refusal: ...
    @overload
    def __getitem__(self, index: slice) -> list[Image | Refusal]: ...
    def __getitem__(self, index: int | slice) -> Image | Refusal | list[Image | Refusal]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        number = range(len(self))[index]
        if self._last is None or self._last[0] != number:
            self._last = None  # makes room for the next
            self._last = (number, self._read(number))
        return self._last[1]

    def parent(self, number: int) -> Dataset | None:
        """What objects made from a DICOM film repeat of its header; None where it has none.

        Raises
        ------
        Unreadable
            If the film's file is gone or has changed.
        """
        file = self._files[number]
        if file.kind != "dicom" or file.source is None or file.refused is not None:
            return None
        return parent_of(header_of(self._loaded(file.sha256, file.source)).dataset)

    def _met(self, source: Source) -> _File:
        """Look at a file as far as its kind, its hash and whose it is."""
        try:
            self._bytes = None  # makes room for the next
            data = source.load()
        except Unreadable as error:
            refused = refusal(error)
            return _File(refused.sha256, refused=refused)
        file = _File(fingerprint(data), kind_of(data[:HEAD_BYTES]), source)
        self._bytes = (file.sha256, data)
        try:
            if any(known.sha256 == file.sha256 for known in self._files):
                raise Unreadable(say("the same file was given twice: examined once"), code="duplicate")
            if file.kind == "dicom":
                header = header_of(data)
                self._meet(header.person)
                file = replace(file, header=replace(header, dataset=Dataset()))
            elif file.kind not in ("png", "jpeg", "tiff"):
                raise not_an_image(data[:HEAD_BYTES])
        except Unreadable as error:
            return replace(file, refused=file.refusal(error))
        return file

    def _meet(self, person: Person | None) -> None:
        if person is None or person in self._persons:
            return
        self._mixed = self._mixed or any(different(person, known) for known in self._persons)
        self._persons.append(person)

    def _read(self, number: int) -> Image | Refusal:
        """Decode one film, unless something is known against it."""
        file = self._files[number]
        if self._mixed:
            return file.refusal(mixed_patients())
        if file.source is None or file.refused is not None:
            assert file.refused is not None
            return file.refused
        try:
            self._require_unprocessed(file)
            return self._image(file, self._loaded(file.sha256, file.source))
        except Unreadable as error:
            return file.refusal(error)

    def _loaded(self, sha256: str, source: Source) -> bytes:
        """The bytes that were looked at before."""
        kept, self._bytes = self._bytes, None
        if kept is not None and kept[0] == sha256:
            return kept[1]
        data = source.load()
        if fingerprint(data) != sha256:
            raise Unreadable(say("the file changed while it was read: wait until it is there whole"), code="changed")
        return data

    def _image(self, file: _File, data: bytes) -> Image:
        if file.kind == "dicom":
            return read_dicom(header_of(data), data, self._options)
        return read_raster(data, file.kind, self._options)

    def _require_unprocessed(self, file: _File) -> None:
        """Refuse a presentation image where the data it was made from are here themselves, and can be read."""
        if file.header is None or _unprocessed(file):
            return
        for number, other in enumerate(self._files):
            named = other.header is not None and other.header.instance in file.header.made_from
            if named and _unprocessed(other) and isinstance(self[number], Image):
                message = say(
                    "made from another image of this call, which holds the unprocessed data: that one is examined"
                    " instead"
                )
                raise Unreadable(message, code="duplicate-presentation")


def _unprocessed(file: _File) -> bool:
    return file.header is not None and file.header.for_processing


def read_all(
    paths: Sequence[str | Path],
    *,
    spacing_mm: float | Pair | None = None,
    modality: str | None = None,
    anatomy: str | None = None,
    progress: Progress | None = None,
) -> Films:
    """Read every radiograph under `paths`, in natural order of the path.

    Parameters
    ----------
    paths
        DICOM, PNG, JPEG and TIFF files, folders, zips and DICOMDIRs, all of one patient.
    spacing_mm
        Pixel pitch in mm, one number or (rows, columns); stands above what the files say.
    modality
        CR, DX or MG; stands above what the files say, and admits files that do not name themselves a radiograph.
    anatomy
        Body part in words; stands above what the files say.
    progress
        Called after each file that was looked at, with the number done and the number of all.

    Returns
    -------
    Films
        A sequence of an image or a refusal for every file that is, or was meant to be, an image; pixels are decoded
        when they are asked for. Where the files belong to more than one patient all are refused ("mixed-patients").

    Raises
    ------
    BadInput
        If a path does not exist or an option cannot be right.
    """
    options = Options(spacing_mm, modality, anatomy)
    if not paths:
        raise BadInput("no path given: give a film, a folder, a zip or a DICOMDIR")
    return Films(expand(paths), options, progress)


def read(
    path: str | Path, *, spacing_mm: float | Pair | None = None, modality: str | None = None, anatomy: str | None = None
) -> Image:
    """Read one radiograph; options as in `read_all`.

    Raises
    ------
    Unreadable
        If it cannot be examined; `code` says why in one word.
    BadInput
        If the path does not exist, holds several files, or an option cannot be right.
    """
    results = read_all([path], spacing_mm=spacing_mm, modality=modality, anatomy=anatomy)
    first = next((result for result in results if isinstance(result, Image)), None)
    if first is None:
        refused = next(result for result in results if isinstance(result, Refusal))
        raise Unreadable(refused.reason, code=refused.code)
    count = sum(isinstance(result, Image) for result in results) if len(results) > 1 else 1
    if count > 1:
        raise BadInput(f"found {count} images where one was expected: use read_all")
    return first
