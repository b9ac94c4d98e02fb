"""Whether uptake on a bone scan is where the lesions of the case are."""

from collections.abc import Mapping, Sequence
from typing import Final

from calcinet.clinical.body_sites import Site
from calcinet.clinical.case import Case
from calcinet.protocols.scintigram.sentences import name_segments
from calcinet.record import ImageRecord, UptakeSegment
from calcinet.text import Text, say

SITES: Final[Mapping[str, frozenset[Site]]] = {
    "upper arm": frozenset({"upper arm", "arm"}),
    "forearm": frozenset({"forearm", "arm"}),
    "thigh": frozenset({"thigh", "leg"}),
    "lower leg": frozenset({"lower leg", "leg"}),
}
"""Sites of the body chart that a segment shows; as for films."""


def compare_with_lesions(image: ImageRecord, case: Case) -> tuple[str, ...]:
    """A sentence on whether uptake is where the lesions of the case are; none where either is unknown."""
    scan = image.scintigram
    if scan is None or scan.grade is None or not case.lesions:
        return ()
    if not scan.signed:
        return ()
    affected = [segment for segment in scan.signed if is_affected(segment, case)]
    sentence = _say_how_many(scan.signed, affected)
    if all(is_affected(segment, case, with_side=True) for segment in affected):
        return (sentence,)
    return (say("{told} The side of a lesion was not told: both sides are taken for affected.", told=sentence),)


def _say_how_many(signed: Sequence[UptakeSegment], affected: Sequence[UptakeSegment]) -> Text:
    """All, some or none of the segments with signs are affected sites; names the affected ones, or else all."""
    if not affected:
        places = name_segments(signed)
        return say("None of this uptake lies at an affected site of the case: {places:, }.", places=places)
    places = name_segments(affected)
    if len(affected) == len(signed):
        return say("All of this uptake lies at affected sites of the case: {places:, }.", places=places)
    return say("Some of this uptake lies at affected sites of the case: {places:, }.", places=places)


def is_affected(segment: UptakeSegment, case: Case, *, with_side: bool = False) -> bool:
    """Whether a lesion of the case is at a segment; `with_side` asks for one whose side was given."""
    sites = SITES.get(segment.part, frozenset())
    sides = {segment.side, "B", None}
    if with_side:
        sides.remove(None)
    return any(lesion.site in sites and lesion.side in sides for lesion in case.lesions or ())
