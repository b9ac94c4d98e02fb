"""From files that were looked at to what is examined: each film by itself, the slices of a CT together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from calcinet.errors import Unreadable
from calcinet.io.ct.series_reader import Identity
from calcinet.io.ct.series_selection import choose
from calcinet.io.ct.slice_geometry import Layout, layout_of
from calcinet.io.ct.slice_header import Slice
from calcinet.io.ct.stacks import Stack, stacks_of
from calcinet.io.file_sources import Source
from calcinet.io.file_types import SUFFIX, Kind
from calcinet.io.radiograph.dicom_reader import Header
from calcinet.io.refusal import Refusal, fingerprint, source_name
from calcinet.io.scintigram.reader import ViewKey
from calcinet.text import say

LOCALIZER: Final = say(
    "found the scout view of a CT, beside or in place of its slices; a scout view is too coarse to show small vessels: "
    "the slices are examined, where they are there"
)

LOCALIZER_ALONE: Final = say(
    "found the localizer (scout view) of a CT examination alone; expected the series itself: give its slices, or give "
    "--modality DX to examine the scout view as a coarse film"
)


@dataclass(frozen=True, slots=True)
class File:
    """What is known of a file before its pixels are touched."""

    sha256: str
    kind: Kind = "unknown"
    source: Source | None = None
    refused: Refusal | None = None
    """Why it is not read at all."""
    header: Header | None = None
    """Of a DICOM file; its data set is dropped."""
    slices: tuple[Slice, ...] = ()
    """Of a CT file."""
    of_ct: bool = False
    """Whether it belongs to a CT series, be it readable or not."""
    series: str = ""
    """Series Instance UID of a DICOM file; empty where it is unknown."""
    examination: int | None = None
    """Number of its study within the call."""
    localizer: bool = False
    copy: bool = False
    """Whether an earlier file has the same bytes."""
    view: ViewKey | None = None
    """Of a whole-body scintigram of one view."""
    beside: "File | None" = None
    """The posterior view that this anterior one is examined with."""

    def refusal(self, error: Unreadable) -> Refusal:
        """The same file, refused for `error`."""
        modality = self.header.modality if self.header else None
        name = self.refused.source if self.refused else source_name(self.sha256, SUFFIX.get(self.kind, ""))
        return Refusal(name, self.sha256, str(error), error.code, modality)


@dataclass(frozen=True, slots=True)
class Series:
    """Slices of a CT that are one image, or files of any series that are refused for one reason."""

    identity: Identity
    stack: Stack | None = None
    refused: Refusal | None = None
    why: str | None = None
    """Why it was chosen among several."""
    rivals: tuple[tuple[Stack, str], ...] = ()
    """Series of the same body that are examined instead where they can be read, and in what each is better."""
    copies: int = 0
    """Files that were given twice and are left out."""
    modality: str | None = "CT"

    def refusal(self, error: Unreadable) -> Refusal:
        """The same series, refused for `error`."""
        return Refusal(self.identity.source, self.identity.sha256, str(error), error.code, self.modality)

    def beaten(self, why: str) -> Refusal:
        """The same series, refused because another of the same body is examined."""
        message = say(
            "another series of the same body is examined instead, so that nothing is counted twice: {why}", why=why
        )
        return self.refusal(Unreadable(message, code="other-series"))


Item = File | Series


def arranged(files: Sequence[File], *, scouts_as_films: bool) -> list[Item]:
    """Put the slices of each series together at the place of the first, and say which loses against which.

    Parameters
    ----------
    files
        In natural order.
    scouts_as_films
        Whether the caller says that the files are films, so that a scout view without its series is examined as one.
    """
    placed: list[tuple[int, Item]] = list(_series(files))
    films = scouts_as_films and not placed
    why = LOCALIZER if any(file.of_ct for file in files) else LOCALIZER_ALONE
    files = [file if films else _without_scout(file, why) for file in files]
    placed += _refused_together(files)
    placed += [(number, file) for number, file in enumerate(files) if not file.of_ct and not _belongs_to_refused(file)]
    return [item for _, item in sorted(placed, key=lambda pair: pair[0])]


def _without_scout(file: File, why: str) -> File:
    """The same file, refused where it is a scout view."""
    if not file.localizer or file.refused is not None:
        return file
    return replace(file, refused=file.refusal(Unreadable(why, code="localizer")))


def _belongs_to_refused(file: File) -> bool:
    """Whether a file is refused with others of its series; of a CT's copies nothing is said twice."""
    return file.refused is not None and (file.of_ct or bool(file.series)) and not (file.of_ct and file.copy)


def _refused_together(files: Sequence[File]) -> Iterable[tuple[int, Series]]:
    """One refusal for all files of a series that are refused for the same reason."""
    alike: dict[tuple[str, str, str], list[int]] = {}
    for number, file in enumerate(files):
        if file.refused is not None and _belongs_to_refused(file):
            alike.setdefault((file.series, file.refused.code, file.refused.reason), []).append(number)
    for (_, code, reason), numbers in alike.items():
        first, identity = files[numbers[0]], _identity(files, numbers)
        if len(numbers) > 1:
            reason = say("{reason} ({count} files of one series)", reason=reason, count=len(numbers))
        refused = Refusal(identity.source, identity.sha256, reason, code, _modality(first))
        yield numbers[0], Series(identity, refused=refused, modality=refused.modality)


def _modality(file: File) -> str | None:
    return "CT" if file.of_ct else file.header.modality if file.header else None


def _series(files: Sequence[File]) -> list[tuple[int, Series]]:
    stacks = stacks_of(slice_ for file in files for slice_ in file.slices)
    found = [Series(_identity(files, stack.files), stack, copies=_copies(files, stack)) for stack in stacks]
    found = [_laid(series) for series in found]
    sound = [index for index, series in enumerate(found) if series.refused is None]
    for index, verdict in zip(sound, choose([stacks[index] for index in sound]), strict=True):
        rivals = tuple((stacks[sound[other]], why) for other, why in verdict.rivals)
        found[index] = replace(found[index], why=verdict.why, rivals=rivals)
    return [(stack.files[0], series) for stack, series in zip(stacks, found, strict=True)]


def _laid(series: Series) -> Series:
    """Refuse, before it competes with others, a stack that cannot be a volume of HU."""
    assert series.stack is not None
    try:
        series.stack.require_quantity()
        layout_of(series.stack)
    except Unreadable as error:
        return replace(series, refused=series.refusal(error))
    return series


def _identity(files: Sequence[File], numbers: Sequence[int]) -> Identity:
    """Named by the sorted hashes of its files; of one file, by that file's own."""
    hashes = sorted(files[number].sha256 for number in numbers)
    sha256 = hashes[0] if len(hashes) == 1 else fingerprint("".join(hashes).encode())
    return Identity(source_name(sha256, ".dcm"), sha256)


def _copies(files: Sequence[File], stack: Stack) -> int:
    own = {files[number].sha256 for number in stack.files}
    return sum(file.copy and file.sha256 in own for file in files)


def layout_if_sound(series: Series) -> Layout | None:
    """Where the slices of a series stand; None where it is refused."""
    return None if series.stack is None or series.refused is not None else layout_of(series.stack)


def with_views_joined(items: Sequence[Item]) -> list[Item]:
    """Put the posterior view of a scintigram with the anterior one of the same scan; it no longer stands alone."""
    backs = [item for item in items if isinstance(item, File) and item.refused is None and item.view is not None]
    kept: list[Item] = []
    taken: set[str] = set()
    for item in items:
        view = item.view if isinstance(item, File) and item.refused is None else None
        back = None if view is None else _posterior(view, [b for b in backs if b.sha256 not in taken])
        if back is not None and isinstance(item, File):
            taken.add(back.sha256)
            kept.append(replace(item, beside=back))
        else:
            kept.append(item)
    return [item for item in kept if not (isinstance(item, File) and item.sha256 in taken and item.refused is None)]


def _posterior(view: ViewKey, backs: Sequence[File]) -> File | None:
    return next((back for back in backs if back.view is not None and back.view.completes(view)), None)
