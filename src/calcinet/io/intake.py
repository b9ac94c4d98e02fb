"""Every file of one call to images and refusals, in order, of one patient."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from calcinet.errors import BadInput, Unreadable
from calcinet.image import Image
from calcinet.io.dicom import Header, header_of, read_dicom
from calcinet.io.identity import Person, different, mixed_patients
from calcinet.io.kinds import HEAD_BYTES, SUFFIX, Kind, kind_of, not_an_image
from calcinet.io.options import Options
from calcinet.io.raster import read_raster
from calcinet.io.refusal import Refusal, fingerprint, refusal
from calcinet.io.sources import Source, expand
from calcinet.io.spacing import Pair
from calcinet.text import say

Progress = Callable[[int, int], None]
"""Called with the number of files done and the number of all."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of one file, and how it hangs together with the others."""

    result: Image | Refusal
    header: Header | None = None


@dataclass(slots=True)
class _Call:
    """What the files read so far have in common."""

    options: Options
    persons: list[Person] = field(default_factory=list)
    hashes: set[str] = field(default_factory=set)
    mixed: bool = False

    def outcome(self, item: Source | Refusal) -> _Outcome:
        """Read one file; once two patients have been met, nothing is decoded any more."""
        if isinstance(item, Refusal):
            return _Outcome(item)
        try:
            data = item.load()
        except Unreadable as error:
            return _Outcome(refusal(error))
        return self._read(data, kind_of(data[:HEAD_BYTES]))

    def _read(self, data: bytes, kind: Kind) -> _Outcome:
        header: Header | None = None
        try:
            self._require_new(data)
            if kind == "dicom":
                header = header_of(data)
                self._meet(header.person)
            image = self._image(data, kind, header)
        except Unreadable as error:
            modality = header.modality if header else None
            return _Outcome(refusal(error, data, suffix=SUFFIX.get(kind, ""), modality=modality), header)
        return _Outcome(image, header)

    def _image(self, data: bytes, kind: Kind, header: Header | None) -> Image:
        if self.mixed:
            raise mixed_patients()
        if header is not None:
            return read_dicom(header, data, self.options)
        if kind in ("png", "jpeg", "tiff"):
            return read_raster(data, kind, self.options)
        raise not_an_image(data[:HEAD_BYTES])

    def _require_new(self, data: bytes) -> None:
        sha256 = fingerprint(data)
        if sha256 in self.hashes:
            raise Unreadable(say("the same file was given twice: examined once"), code="duplicate")
        self.hashes.add(sha256)

    def _meet(self, person: Person | None) -> None:
        if person is None or person in self.persons:
            return
        self.mixed = self.mixed or any(different(person, known) for known in self.persons)
        self.persons.append(person)


def read_all(
    paths: Sequence[str | Path],
    *,
    spacing_mm: float | Pair | None = None,
    modality: str | None = None,
    anatomy: str | None = None,
    progress: Progress | None = None,
) -> list[Image | Refusal]:
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
        Called after each file with the number done and the number of all.

    Returns
    -------
    list
        An image or a refusal for every file that is, or was meant to be, an image. Where the files belong to more than
        one patient all are refused ("mixed-patients").

    Raises
    ------
    BadInput
        If a path does not exist or an option cannot be right.
    """
    call = _Call(Options(spacing_mm, modality, anatomy))
    if not paths:
        raise BadInput("no path given: give a film, a folder, a zip or a DICOMDIR")
    found = expand(paths)
    outcomes = []
    for done, item in enumerate(found, start=1):
        outcomes.append(call.outcome(item))
        if progress is not None:
            progress(done, len(found))
    if call.mixed:
        return [_refused(outcome, mixed_patients()) for outcome in outcomes]
    return _without_duplicates(outcomes)


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
    images = [result for result in results if isinstance(result, Image)]
    if not images:
        first = next(result for result in results if isinstance(result, Refusal))
        raise Unreadable(first.reason, code=first.code)
    if len(images) > 1:
        raise BadInput(f"found {len(images)} images where one was expected: use read_all")
    return images[0]


def _without_duplicates(outcomes: list[_Outcome]) -> list[Image | Refusal]:
    """Drop the presentation image where the data it was made from are here themselves."""
    originals = {
        outcome.header.instance
        for outcome in outcomes
        if outcome.header and outcome.header.for_processing and isinstance(outcome.result, Image)
    }
    message = say(
        "made from another image of this call, which holds the unprocessed data: that one is examined instead"
    )
    error = Unreadable(message, code="duplicate-presentation")
    return [
        _refused(outcome, error)
        if outcome.header and not outcome.header.for_processing and outcome.header.made_from & originals
        else outcome.result
        for outcome in outcomes
    ]


def _refused(outcome: _Outcome, error: Unreadable) -> Refusal:
    """The same file, refused for `error`."""
    result = outcome.result
    modality = outcome.header.modality if outcome.header else None
    return Refusal(result.source, result.sha256, str(error), error.code, modality)
