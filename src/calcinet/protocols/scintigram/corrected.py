"""Uptake of a bone scan that a reader rejects, places in another segment, or takes for what is no tissue."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, cast, get_args

from calcinet.protocols.corrections import Corrections, FindingEdit, name_detail, sort_signed
from calcinet.record import LeftOut, UptakeSegment
from calcinet.record.scintigram import Sign
from calcinet.text import say
from calcinet.vocabulary import LimbPart, LimbSide, NoTissue

Place = tuple[LimbPart, LimbSide]

NO_TISSUE: Final = frozenset(get_args(NoTissue))
"""Details that say that uptake is none of tissue."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class KeptSegments:
    """Segments of a scan with the signs that a reader leaves them."""

    segments: Sequence[UptakeSegment]
    left_out: Sequence[LeftOut]
    """What a reader takes for no tissue."""
    ids: dict[Place, str]
    """Of the segments with signs: those that their findings had before."""


def number_segments(segments: Sequence[UptakeSegment]) -> dict[Place, str]:
    """Ids of the findings, one a segment that has a sign, the brightest beside the other side first."""
    return {(segment.part, segment.side): f"f{number}" for number, segment in enumerate(sort_signed(segments), start=1)}


def correct_segments(segments: Sequence[UptakeSegment], corrections: Corrections) -> KeptSegments:
    """Take signs away from what a reader rejects, and bring them where they say that they belong.

    What was counted in a segment stays as it is: a reader judges what it means.
    """
    by_place = {(segment.part, segment.side): segment for segment in segments}
    ids = number_segments(segments)
    places = {name: place for place, name in ids.items()}
    left_out: list[LeftOut] = []
    taken: list[tuple[FindingEdit, UptakeSegment]] = []
    for edit in corrections:
        if edit.action == "reject" or edit.detail:
            place = places[edit.finding]
            taken.append((edit, by_place[place]))
            by_place[place] = by_place[place].model_copy(update={"signs": (), "focus": None})
            del ids[place]
    for edit, before in taken:
        if edit.detail in NO_TISSUE:
            left_out.append(_leave_out(edit, before))
        elif edit.detail:
            place = _read_place(edit.detail)
            by_place[place] = _bring_signs(by_place[place], before)
            ids[place] = edit.finding
    return KeptSegments(segments=[*by_place.values()], left_out=left_out, ids=ids)


def _leave_out(edit: FindingEdit, segment: UptakeSegment) -> LeftOut:
    what = name_detail(edit.detail)
    where = name_detail(f"{segment.side} {segment.part}")
    return LeftOut(
        kind=cast(NoTissue, edit.detail),
        label=say("{what} ({where}), says a reader", what=what, where=where),
        part=segment.part,
        side=segment.side,
        outline=segment.outlines[0] if segment.outlines else (),
    )


def _read_place(detail: str) -> Place:
    """Part and side of a detail that names a segment."""
    side, part = detail.split(" ", 1)
    return cast(LimbPart, part), cast(LimbSide, side)


def _bring_signs(segment: UptakeSegment, before: UptakeSegment) -> UptakeSegment:
    """A segment with the signs of another one beside its own."""
    signs: list[Sign] = [*segment.signs]
    for sign in before.signs:
        if sign not in signs:
            signs.append(sign)
    return segment.model_copy(update={"signs": tuple(signs), "focus": segment.focus or before.focus})
