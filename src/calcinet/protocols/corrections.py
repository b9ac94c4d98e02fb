"""What a reader corrects, and how it is said: both values of every number that changed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from calcinet.errors import BadInput
from calcinet.record import Correction, ImageRecord, Meaning
from calcinet.record.base import Point
from calcinet.text import Text, as_written, say
from calcinet.vocabulary import CorrectionAction, FindingKind


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingEdit:
    """One thing that a reader does with one finding."""

    action: CorrectionAction
    finding: str
    """Its id; of one that is added, the id that it gets."""
    kind: FindingKind | None = None
    """What it is called, where it is relabelled or added."""
    points: tuple[Point, ...] = ()
    """Rows and columns: of an added vessel its line, of other added marks their outline; of what is erased the outline;
    where a vessel is split one point, where another mark is two, on either side of it."""
    width_px: float | None = None
    """Of an added vessel: about how wide it is."""
    other: str = ""
    """What is joined to it; or the id of a second part, where it is split or its middle is erased."""
    by: str = ""
    """Who says so."""


Corrections = Sequence[FindingEdit]
"""In the order in which they were made; each begins with what those before it left."""

NOTHING: Final[Corrections] = ()

CORRECTABLE: Final = ("CR", "DX", "MG")
"""Modalities whose findings can be corrected: what is measured anew needs marks of pixels alone."""

REJECTED_ALONE: Final = ("MG",)
"""Of these a finding can be rejected, and nothing else: an artery has a grade by what its finder saw."""

KINDS: Final[Mapping[FindingKind, Text]] = {
    "vessel": say("a calcified vessel"),
    "net": say("net-like calcification"),
    "focus": say("other calcium"),
}
"""What a mark of a film can be called."""

MOST_POINTS: Final = 2000
"""Of a line or an outline that a reader draws. Our choice: a pointer gives some hundred."""

CHANGED_FROM: Final = 1e-6
"""Relative; a number that changes by less is the same. Our choice: rounding."""


def check_corrections(found: ImageRecord, corrections: Corrections) -> None:
    """Refuse what cannot be corrected.

    Raises
    ------
    BadInput
        If the image has no such finding, or that cannot be done with it.
    """
    list_corrections(found, corrections)


def list_corrections(found: ImageRecord, corrections: Corrections) -> list[Correction]:
    """What is done with the findings of an image, each with what it was called before and after.

    Raises
    ------
    BadInput
        As `check_corrections`.
    """
    if found.modality not in CORRECTABLE:
        raise BadInput(say("findings of films can be corrected, those of this image cannot: write it in your report"))
    if found.modality in REJECTED_ALONE and any(edit.action != "reject" for edit in corrections):
        raise BadInput(say("a finding of a mammogram can be rejected, and called nothing else"))
    kinds: dict[str, FindingKind] = {finding.id: finding.kind for finding in found.findings}
    listed: list[Correction] = []
    for edit in corrections:
        _check_points(found, edit)
        before = kinds.get(edit.finding)
        if edit.action != "add" and before is None:
            raise BadInput(say("this image has no finding {finding}", finding=edit.finding))
        EFFECTS[edit.action](edit, kinds)
        other = edit.other if edit.other and edit.action in ("split", "join") else None
        listed.append(
            Correction(
                finding=edit.finding,
                action=edit.action,
                found_as=before,
                corrected_to=kinds.get(edit.finding),
                other=other,
                by=edit.by,
            )
        )
    return listed


def _check_points(found: ImageRecord, edit: FindingEdit) -> None:
    if len(edit.points) > MOST_POINTS:
        raise BadInput(say("a line has at most {most} points, got {count}", most=MOST_POINTS, count=len(edit.points)))
    if found.shape is None:
        return
    rows, columns = found.shape
    for row, column in edit.points:
        if not (-0.5 <= row <= rows - 0.5 and -0.5 <= column <= columns - 0.5):
            raise BadInput(
                say(
                    "a point lies outside of the image: it has {rows} rows and {columns} columns",
                    rows=rows,
                    columns=columns,
                )
            )


def _reject(edit: FindingEdit, kinds: dict[str, FindingKind]) -> None:
    del kinds[edit.finding]


def _relabel(edit: FindingEdit, kinds: dict[str, FindingKind]) -> None:
    kinds[edit.finding] = _require_kind(edit)


def _add(edit: FindingEdit, kinds: dict[str, FindingKind]) -> None:
    kind = _require_kind(edit)
    least = 2 if kind == "vessel" else 3
    if len(edit.points) < least:
        raise BadInput(say("a vessel is drawn with 2 points or more, other calcium with 3 or more"))
    kinds[edit.finding] = kind


def _require_kind(edit: FindingEdit) -> FindingKind:
    if edit.kind is None or edit.kind not in KINDS:
        raise BadInput(say("a finding of a film is one of {kinds:, }", kinds=list(KINDS)))
    return edit.kind


def _erase(edit: FindingEdit, kinds: dict[str, FindingKind]) -> None:
    if len(edit.points) < 3:
        raise BadInput(say("what is erased is drawn round with 3 points or more"))
    if edit.other and kinds[edit.finding] == "vessel":
        kinds[edit.other] = "vessel"  # where the middle is erased


def _split(edit: FindingEdit, kinds: dict[str, FindingKind]) -> None:
    kind = kinds[edit.finding]
    if len(edit.points) != (1 if kind == "vessel" else 2):
        raise BadInput(say("a vessel is split at one point, another mark between two points on either side of it"))
    kinds[edit.other] = kind


def _join(edit: FindingEdit, kinds: dict[str, FindingKind]) -> None:
    other = kinds.get(edit.other)
    if other is None:
        raise BadInput(say("this image has no finding {finding}", finding=edit.other))
    if edit.other == edit.finding or other != kinds[edit.finding]:
        raise BadInput(say("two findings of one kind can be joined: relabel one of them first"))
    del kinds[edit.other]


EFFECTS: Final[Mapping[CorrectionAction, Callable[[FindingEdit, dict[str, FindingKind]], None]]] = {
    "reject": _reject,
    "relabel": _relabel,
    "add": _add,
    "erase": _erase,
    "split": _split,
    "join": _join,
}
"""What each does to the kinds of the findings; it refuses what cannot be."""


def note_corrections(
    image: ImageRecord, found: ImageRecord, corrections: Corrections, meanings: Mapping[str, Meaning]
) -> ImageRecord:
    """The record of a corrected image, with what was corrected and both values of what changed by it.

    Parameters
    ----------
    image
        Measured with the corrections.
    found
        The same as the program found it.
    corrections
        What a reader said.
    meanings
        Of the measures that are compared.
    """
    if not corrections:
        return image
    left = {finding.id for finding in image.findings}
    entries = []
    for entry in list_corrections(found, corrections):
        if entry.action == "erase" and entry.finding not in left:
            entry = entry.model_copy(update={"corrected_to": None})
        entries.append(entry)
    told = [_tell_correction(entry) for entry in entries]
    told += _compare_measures(image, found, meanings)
    return image.model_copy(update={"corrections": tuple(entries), "correction_notes": tuple(told)})


def carry_corrections(
    corrections: Corrections, carry: Callable[[Sequence[Point]], tuple[Point, ...]], shrink: float
) -> Corrections:
    """The same on another grid of the film, whose points `carry` gives; a width is divided by `shrink`."""
    carried = []
    for edit in corrections:
        width_px = None if edit.width_px is None else edit.width_px / shrink
        carried.append(replace(edit, points=carry(edit.points), width_px=width_px))
    return carried


def _tell_correction(entry: Correction) -> Text:
    """What a reader did, in a sentence."""
    before = "" if entry.found_as is None else KINDS[entry.found_as]
    after = "" if entry.corrected_to is None else KINDS[entry.corrected_to]
    finding, other = entry.finding, as_written(entry.other or "")
    if entry.action == "relabel":
        return say(
            "Corrected by a reader: {finding}, found as {before}, is {after}.",
            finding=finding,
            before=before,
            after=after,
        )
    if entry.action == "add":
        return say("Corrected by a reader: {finding}, {after}, was added.", finding=finding, after=after)
    if entry.action == "split":
        return say(
            "Corrected by a reader: {finding} was split, its other part is {other}.", finding=finding, other=other
        )
    if entry.action == "join":
        return say("Corrected by a reader: {other} was joined to {finding}.", finding=finding, other=other)
    if entry.action == "erase" and entry.corrected_to is not None:
        return say("Corrected by a reader: a part of {finding} was erased.", finding=finding)
    return say(
        "Corrected by a reader: {finding}, found as {before}, was rejected.",
        finding=finding,
        before=before,
    )


def _compare_measures(image: ImageRecord, found: ImageRecord, meanings: Mapping[str, Meaning]) -> Iterator[Text]:
    """A sentence for each number that is another one now."""
    for name, meaning in meanings.items():
        before, after = found.measures.get(name), image.measures.get(name)
        if before == after or (before is not None and after is not None and _are_same(before, after)):
            continue
        if _write_number(before) == _write_number(after):
            continue
        unit = "" if meaning.unit == "1" else meaning.unit
        yield say(
            "{quantity}, corrected by a reader: {after} {unit}; as the program found it: {before} {unit}.",
            quantity=meaning.label,
            after=_write_number(after),
            before=_write_number(before),
            unit=unit,
        )


def _are_same(before: float, after: float) -> bool:
    return abs(before - after) <= CHANGED_FROM * max(abs(before), abs(after))


def _write_number(value: float | None) -> Text:
    if value is None:
        return say("not measured")
    return say("{value:.3g}", value=value)
