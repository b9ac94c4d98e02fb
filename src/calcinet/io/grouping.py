"""From files that were looked at to what is examined: each film by itself, the slices of a CT together."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain
from operator import itemgetter
from typing import Final

from calcinet.errors import Unreadable
from calcinet.io.ct.series_reader import Identity
from calcinet.io.ct.series_selection import choose
from calcinet.io.ct.slice_geometry import Layout, layout_of
from calcinet.io.ct.stacks import Stack, stacks_of
from calcinet.io.refusal import Refusal, fingerprint, source_name
from calcinet.io.scintigram.view_pairing import ViewKey
from calcinet.io.study_items import File, Item, Series
from calcinet.text import say

LOCALIZER: Final = say(
    "found the scout view of a CT, beside or in place of its slices; a scout view is too coarse to show small vessels: "
    "the slices are examined, where they are there"
)

LOCALIZER_ALONE: Final = say(
    "found the localizer (scout view) of a CT examination alone; expected the series itself: give its slices, or give "
    "--modality DX to examine the scout view as a coarse film"
)


def arrange(files: Sequence[File], *, scouts_as_films: bool) -> list[Item]:
    """Put the slices of each series together at the place of the first, and say which loses against which.

    Parameters
    ----------
    files
        In the order in which they are given.
    scouts_as_films
        Whether the caller says that the files are films, so that a scout view without its series is examined as one.
    """
    numbered: list[tuple[int, Item]] = [*_collect_series(files)]
    if numbered or not scouts_as_films:
        files = _refuse_scouts(files)
    numbered.extend(_refuse_together(files))
    for number, file in enumerate(files):
        if not file.is_ct and not _is_refused_with_series(file):
            numbered.append((number, file))
    numbered.sort(key=itemgetter(0))
    return [item for _, item in numbered]


def pair_views(items: Sequence[Item]) -> list[Item]:
    """Put the posterior view of a scintigram with the anterior one of the same scan; it is no item any more."""
    posteriors = _match_views(items)
    joined = set(posteriors.values())
    paired: list[Item] = []
    for number, item in enumerate(items):
        if number in joined:
            continue
        posterior = items[posteriors.get(number, number)]
        if isinstance(item, File) and isinstance(posterior, File) and posterior is not item:
            paired.append(replace(item, posterior=posterior))
        else:
            paired.append(item)
    return paired


def layout_if_sound(series: Series) -> Layout | None:
    """Where the slices of a series are; None where it is refused."""
    if series.stack is None or series.refusal is not None:
        return None
    return layout_of(series.stack)


def _refuse_scouts(files: Sequence[File]) -> list[File]:
    """The same files, those refused that are scout views and were not refused before."""
    why = LOCALIZER_ALONE
    if any(file.is_ct for file in files):
        why = LOCALIZER
    error = Unreadable(why, code="localizer")
    checked = []
    for file in files:
        if file.is_localizer and file.refusal is None:
            checked.append(replace(file, refusal=file.refuse(error)))
        else:
            checked.append(file)
    return checked


def _is_refused_with_series(file: File) -> bool:
    """Whether a file is refused with others of its series; of a CT's copies nothing is said twice."""
    if file.refusal is None or (file.is_ct and file.is_copy):
        return False
    return file.is_ct or bool(file.series)


def _refuse_together(files: Sequence[File]) -> Iterable[tuple[int, Series]]:
    """One refusal for all files of a series that are refused for the same reason."""
    alike: dict[tuple[str, str, str], list[int]] = {}
    for number, file in enumerate(files):
        if file.refusal is not None and _is_refused_with_series(file):
            key = (file.series, file.refusal.code, file.refusal.reason)
            alike.setdefault(key, []).append(number)
    for (_, code, reason), numbers in alike.items():
        identity = _identify(files, numbers)
        if len(numbers) > 1:
            reason = say("{reason} ({count} files of one series)", reason=reason, count=len(numbers))
        modality = _find_modality(files[numbers[0]])
        refusal = Refusal(source=identity.source, sha256=identity.sha256, reason=reason, code=code, modality=modality)
        series = Series(identity=identity, refusal=refusal, modality=modality, numbers=tuple(numbers))
        yield numbers[0], series


def _find_modality(file: File) -> str | None:
    if file.is_ct:
        return "CT"
    return file.modality


def _collect_series(files: Sequence[File]) -> list[tuple[int, Series]]:
    """The CT series of a call, each with the number of its first file."""
    stacks = stacks_of(chain.from_iterable(file.slices for file in files))
    collected = [_make_series(files, stack) for stack in stacks]
    first_files = [stack.files[0] for stack in stacks]
    return list(zip(first_files, _rank(stacks, collected), strict=True))


def _make_series(files: Sequence[File], stack: Stack) -> Series:
    """The series of a stack; refused, before it competes with others, where it cannot be a volume of HU."""
    series = Series(
        identity=_identify(files, stack.files),
        stack=stack,
        numbers=tuple(sorted(stack.files)),
        copies=_count_copies(files, stack),
    )
    try:
        stack.require_quantity()
        layout_of(stack)
    except Unreadable as error:
        return replace(series, refusal=series.refuse(error))
    return series


def _rank(stacks: Sequence[Stack], collected: Sequence[Series]) -> list[Series]:
    """The same series; those that are sound know which others of the same body are better."""
    ranked = list(collected)
    sound = [number for number, series in enumerate(collected) if series.refusal is None]
    verdicts = choose([stacks[number] for number in sound])
    for number, verdict in zip(sound, verdicts, strict=True):
        rivals = tuple((stacks[sound[other]], why) for other, why in verdict.rivals)
        ranked[number] = replace(collected[number], why=verdict.why, rivals=rivals)
    return ranked


def _identify(files: Sequence[File], numbers: Sequence[int]) -> Identity:
    """Named by the sorted hashes of its files; of one file, by that file's own."""
    hashes = sorted(files[number].sha256 for number in numbers)
    sha256 = hashes[0]
    if len(hashes) > 1:
        sha256 = fingerprint("".join(hashes).encode())
    return Identity(source_name(sha256, ".dcm"), sha256)


def _count_copies(files: Sequence[File], stack: Stack) -> int:
    """Files of the call that have the bytes of one of the stack and are left out."""
    own = {files[number].sha256 for number in stack.files}
    return sum(file.is_copy and file.sha256 in own for file in files)


def _match_views(items: Sequence[Item]) -> dict[int, int]:
    """Number of the posterior view to each anterior one that has one."""
    keys = _collect_view_keys(items)
    posteriors: dict[int, int] = {}
    for number, key in keys.items():
        for other, other_key in keys.items():
            if other_key.completes(key) and other not in posteriors.values():
                posteriors[number] = other
                break
    return posteriors


def _collect_view_keys(items: Sequence[Item]) -> dict[int, ViewKey]:
    """Keys of the whole-body scintigrams of one view, by the number of the item."""
    keys: dict[int, ViewKey] = {}
    for number, item in enumerate(items):
        if isinstance(item, File) and item.refusal is None and item.view_key is not None:
            keys[number] = item.view_key
    return keys
