"""What a reader corrects, and how it is said: both values of every number that changed."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, get_args

from calcinet.errors import BadInput
from calcinet.record import Correction, ImageRecord, Meaning, UptakeSegment
from calcinet.record.base import Point
from calcinet.text import Text, as_written, say
from calcinet.vocabulary import ArteryPattern, Compartment, CorrectionAction, FindingKind, NoTissue


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingEdit:
    """One thing that a reader does with one finding."""

    action: CorrectionAction
    finding: str
    """Its id; of one that is added, the id that it gets."""
    kind: FindingKind | None = None
    """What it is called, where it is relabelled or added."""
    detail: str = ""
    """Of what is relabelled, beside its kind or alone: on a CT its compartment; of a breast artery its pattern; of
    uptake side and part of a limb (`L thigh`), or what it is that is no tissue. Empty: as before."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What can be corrected on images of one modality."""

    actions: tuple[CorrectionAction, ...] = ("reject", "relabel")
    kinds: tuple[FindingKind, ...]
    """What a finding can be called, unless it is called so already."""
    details: tuple[str, ...] = ()
    """Words of `FindingEdit.detail`."""


FILM: Final = Scope(actions=get_args(CorrectionAction), kinds=("vessel", "net", "focus"))

SCOPES: Final[Mapping[str, Scope]] = {
    "CR": FILM,
    "DX": FILM,
    "MG": Scope(kinds=("focus",), details=get_args(ArteryPattern)),
    "CT": Scope(kinds=("vessel", "focus"), details=get_args(Compartment)),
    "NM": Scope(kinds=("uptake",), details=get_args(NoTissue)),
}
"""By DICOM modality. A net has lines, and a breast artery a grade, by what their finder saw: nothing else can be called
one of these there. Uptake can be said to lie in any segment of a limb that was measured, too."""

KINDS: Final[Mapping[FindingKind, Text]] = {
    "vessel": say("a calcified vessel"),
    "net": say("net-like calcification"),
    "focus": say("other calcium"),
    "uptake": say("uptake"),
}
"""What a finding is called."""

DETAILS: Final[Mapping[str, Text]] = {
    "artery": say("in arteries"),
    "muscle": say("in muscle"),
    "subcutis": say("in the subcutis"),
    "skin": say("in the skin"),
    "bone overlap": say("at bone"),
    "unknown": say("elsewhere"),
    "punctate": say("punctate"),
    "coarse": say("coarse or tram-track"),
    "injection site": say("likely injection site"),
    "urine contamination": say("likely urine on the skin"),
    "outside the body": say("bag, catheter or contamination beside the body"),
}
"""How a detail is said; a segment is said by side and part."""

IN_ARTERY: Final[Compartment] = "artery"
ELSEWHERE: Final[Compartment] = "unknown"
"""The compartment that decides the kind of what lies there, and where other calcium lies that is said to be in none."""

SIDES: Final[Mapping[str, Text]] = {"L": say("left"), "R": say("right")}
"""How the side of a segment is said."""

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
    if found.modality not in SCOPES:
        raise BadInput(say("findings of this image cannot be corrected: write it in your report"))
    scope = SCOPES[found.modality]
    kinds: dict[str, FindingKind] = {finding.id: finding.kind for finding in found.findings}
    details = find_details(found)
    listed: list[Correction] = []
    for edit in corrections:
        if edit.action not in scope.actions:
            raise BadInput(
                say(
                    "a finding of this image can be rejected or relabelled, got {action}",
                    action=as_written(edit.action),
                )
            )
        _check_points(found, edit)
        before, detail = kinds.get(edit.finding), details.get(edit.finding)
        if edit.action != "add" and before is None:
            raise BadInput(say("this image has no finding {finding}", finding=edit.finding))
        if edit.action == "relabel" and edit.kind != before:
            _check_kind(scope, edit)
        EFFECTS[edit.action](edit, kinds)
        _change_detail(found, edit, kinds, details)
        other = edit.other if edit.other and edit.action in ("split", "join") else None
        listed.append(
            Correction(
                finding=edit.finding,
                action=edit.action,
                found_as=before,
                corrected_to=kinds.get(edit.finding),
                detail_before=detail,
                detail_after=details.get(edit.finding),
                other=other,
                by=edit.by,
            )
        )
    return listed


def find_details(found: ImageRecord) -> dict[str, str]:
    """What is known of findings beside their kind, by their ids, in the words of `FindingEdit.detail`."""
    if found.modality == "CT":
        return {finding.id: finding.compartment for finding in found.findings}
    if found.breast is not None:
        coarse = dict.fromkeys(found.breast.coarse_arteries, "coarse")
        return coarse | dict.fromkeys(found.breast.punctate_arteries, "punctate")
    if found.scintigram is not None:
        segments = [f"{segment.side} {segment.part}" for segment in sort_signed(found.scintigram.segments)]
        return dict(zip((finding.id for finding in found.findings), segments, strict=True))
    return {}


def sort_signed(segments: Iterable[UptakeSegment]) -> list[UptakeSegment]:
    """Segments of a bone scan that have a sign, the brightest beside the other side first, as they are numbered."""
    signed = [segment for segment in segments if segment.signs]
    return sorted(signed, key=_get_side_ratio, reverse=True)


def _get_side_ratio(segment: UptakeSegment) -> float:
    return segment.other_side or 0.0


def _check_kind(scope: Scope, edit: FindingEdit) -> None:
    if edit.kind is None and edit.detail:
        return
    if edit.kind not in scope.kinds:
        raise BadInput(say("a finding of this image can be called {kinds:, }", kinds=[*map(as_written, scope.kinds)]))


def _change_detail(
    found: ImageRecord, edit: FindingEdit, kinds: dict[str, FindingKind], details: dict[str, str]
) -> None:
    """Take over what a reader says beside the kind; it is checked against what there is."""
    if edit.finding not in kinds:
        details.pop(edit.finding, None)
        return
    if edit.action != "relabel":
        return
    if edit.detail:
        _check_detail(found, edit, kinds[edit.finding], details)
        details[edit.finding] = edit.detail
    elif found.modality == "MG" and kinds[edit.finding] != "vessel":
        details.pop(edit.finding, None)
    if details.get(edit.finding) == IN_ARTERY:
        _settle_artery(edit, kinds, details)


def _settle_artery(edit: FindingEdit, kinds: dict[str, FindingKind], details: dict[str, str]) -> None:
    """What lies in an artery is a vessel, and other calcium lies in none."""
    if edit.kind is None:
        kinds[edit.finding] = "vessel"
    elif edit.kind == "focus" and edit.detail:
        raise BadInput(
            say("calcium in an artery is a vessel: call {finding} so, or say where else it lies", finding=edit.finding)
        )
    elif edit.kind == "focus":
        details[edit.finding] = ELSEWHERE


def _check_detail(found: ImageRecord, edit: FindingEdit, kind: FindingKind, details: Mapping[str, str]) -> None:
    allowed = [*SCOPES[found.modality].details]
    if found.scintigram is not None:
        allowed += list_segments(found.scintigram.segments)
    if found.modality == "MG" and kind != "vessel":
        allowed = []
    if edit.detail not in allowed:
        raise BadInput(
            say(
                "{finding} can be said to be one of {allowed:, }, got {given}",
                finding=edit.finding,
                allowed=[*map(as_written, allowed)],
                given=as_written(edit.detail),
            )
        )
    if found.modality != "NM" or edit.detail in DETAILS:
        return
    for other, detail in details.items():
        if detail == edit.detail and other != edit.finding:
            raise BadInput(
                say(
                    "{other} is the uptake of this segment: reject {finding} instead", other=other, finding=edit.finding
                )
            )


def list_segments(segments: Iterable[UptakeSegment]) -> list[str]:
    """Segments of a bone scan whose soft tissue was measured, as a detail names them."""
    return [
        f"{segment.side} {segment.part}" for segment in segments if segment.density is not None and not segment.together
    ]


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
    if edit.kind is not None:
        kinds[edit.finding] = edit.kind


def _add(edit: FindingEdit, kinds: dict[str, FindingKind]) -> None:
    kind = _require_kind(edit)
    least = 2 if kind == "vessel" else 3
    if len(edit.points) < least:
        raise BadInput(say("a vessel is drawn with 2 points or more, other calcium with 3 or more"))
    kinds[edit.finding] = kind


def _require_kind(edit: FindingEdit) -> FindingKind:
    if edit.kind is None or edit.kind not in FILM.kinds:
        raise BadInput(say("a finding of a film is one of {kinds:, }", kinds=list(FILM.kinds)))
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
    before = _name_kind(entry.found_as, entry.detail_before)
    after = _name_kind(entry.corrected_to, entry.detail_after)
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


def _name_kind(kind: FindingKind | None, detail: str | None) -> Text:
    """A kind, and what is said beside it."""
    if kind is None:
        return as_written("")
    if detail is None:
        return KINDS[kind]
    return say("{kind} ({detail})", kind=KINDS[kind], detail=name_detail(detail))


def name_detail(detail: str) -> Text:
    """A detail as it is said: `L thigh` is "left thigh".

    >>> name_detail("skin"), name_detail("L thigh")
    ('in the skin', 'left thigh')
    """
    if detail in DETAILS:
        return DETAILS[detail]
    side, part = detail.split(" ", 1)
    return say("{side} {part}", side=SIDES[side], part=as_written(part))


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
