"""Names of the measures of a bone scan, with label and unit."""

from typing import Final

from calcinet.findings.scintigram.limb_segments import ARM, CORE, LEG, SEGMENT_KEYS
from calcinet.protocols.scintigram.scan import SOFT_PARTS
from calcinet.record import Meaning
from calcinet.text import as_written, say

COUNTS: Final = "uptake.counts"
OVERALL_CHANGE: Final = "uptake.change.overall"

SEGMENT_LABELS: Final = {
    "reference": say("Soft-tissue uptake over reference tissue: {part}, {side}", part="", side="").message,
    "bone": say("Soft-tissue uptake over bone: {part}, {side}", part="", side="").message,
    "variation": say("Variation of soft-tissue uptake beyond counting: {part}, {side}", part="", side="").message,
    "focus": say("Brightest place of soft tissue over its surroundings: {part}, {side}", part="", side="").message,
    "change": say("Soft-tissue uptake over the earlier scan: {part}, {side}", part="", side="").message,
}
"""Label of each measure of one segment."""

SIDES: Final = {"L": say("left"), "R": say("right")}


def segment_measure(what: str, part: str, side: str) -> str:
    """Name of a measure of one segment.

    >>> segment_measure("bone", "lower leg", "L")
    'uptake.bone.lower_leg_L'
    """
    return f"uptake.{what}.{part.replace(' ', '_')}_{side}"


def side_ratio_measure(part: str) -> str:
    """Name of the ratio of the left to the right segment.

    >>> side_ratio_measure("lower leg")
    'uptake.left_over_right.lower_leg'
    """
    return f"uptake.left_over_right.{part.replace(' ', '_')}"


def _collect_meanings() -> dict[str, Meaning]:
    meanings = {
        COUNTS: Meaning(label=say("Counts of all views"), unit="{counts}"),
        OVERALL_CHANGE: Meaning(label=say("Soft-tissue uptake over the earlier scan, all segments"), unit="1"),
    }
    for part in (*ARM, *LEG, *CORE):
        label = say("Uptake, left over right: {part}", part=as_written(part))
        meanings[side_ratio_measure(part)] = Meaning(label=label, unit="1")
    for part, side in SEGMENT_KEYS:
        if part not in SOFT_PARTS:
            continue
        for what, message in SEGMENT_LABELS.items():
            label = say(message, part=as_written(part), side=SIDES[side])
            meanings[segment_measure(what, part, side)] = Meaning(label=label, unit="1")
    return meanings


MEANINGS: Final = _collect_meanings()
"""By the name of the measure in the record."""
