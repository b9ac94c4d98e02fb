"""Sentences of the record about two bone scans of one patient."""

import math
from typing import Final

from calcinet.findings.scintigram.finder import SIDE_WORDS
from calcinet.record import ScanComparison, SegmentChange
from calcinet.text import Text, as_written, say

DIFFUSE_SHARE: Final = 0.5
"""A segment goes with the mean change if its own, as a logarithm, is this share of it or more. Our choice: half."""


def describe_change(comparison: ScanComparison) -> tuple[str, ...]:
    """What changed since an earlier scan, as a whole and by segment, and what both were normalised by."""
    if comparison.overall is None or comparison.overall_interval is None:
        return ()
    return (
        _describe_overall(comparison),
        *_describe_segments(comparison),
        _explain_basis(comparison),
        *comparison.cautions,
    )


def _describe_overall(comparison: ScanComparison) -> Text:
    """The mean of all segments: a diffuse change only where most of them changed alike."""
    low, high = comparison.overall_interval or (1.0, 1.0)
    values = {
        "change": to_percent(comparison.overall or 1.0),
        "low": to_percent(low),
        "high": to_percent(high),
        "earlier": comparison.earlier,
    }
    if comparison.call in (None, "no change"):
        return say(
            "Beside {earlier} soft-tissue uptake has not changed as a whole beyond counting and repeatability: "
            "{change:.0f} % (95 % interval {low:.0f} to {high:.0f} %).",
            **values,
        )
    if not is_diffuse(comparison):
        return say(
            "Beside {earlier} soft-tissue uptake has changed by {change:.0f} % on average (95 % interval {low:.0f} to "
            "{high:.0f} %), but not alike in most segments.",
            **values,
        )
    if comparison.call == "decreased":
        return say(
            "Beside {earlier} soft-tissue uptake has diffusely decreased: {change:.0f} % (95 % interval {low:.0f} to "
            "{high:.0f} %).",
            **values,
        )
    return say(
        "Beside {earlier} soft-tissue uptake has diffusely increased: {change:.0f} % (95 % interval {low:.0f} to "
        "{high:.0f} %).",
        **values,
    )


def to_percent(ratio: float) -> float:
    """Change in percent of a ratio of later over earlier."""
    return 100 * (ratio - 1)


def is_diffuse(comparison: ScanComparison) -> bool:
    """Whether more than half of the segments changed the same way, each by `DIFFUSE_SHARE` of the mean change at least.

    Changes are logarithms of ratios: the segment's ln r over the mean's ln R is that share.
    """
    mean = math.log(comparison.overall or 1.0)
    alike = [math.log(segment.ratio) / mean >= DIFFUSE_SHARE for segment in comparison.segments]
    return 2 * sum(alike) > len(alike)


def _describe_segments(comparison: ScanComparison) -> tuple[Text, ...]:
    changed = [_describe_segment(segment) for segment in comparison.segments if segment.call != "no change"]
    if not changed:
        return ()
    return (say("Changed beyond counting and repeatability: {segments:; }.", segments=changed),)


def _describe_segment(segment: SegmentChange) -> Text:
    low, high = segment.interval
    return say(
        "{side} {part} {change:.0f} % ({low:.0f} to {high:.0f} %)",
        side=SIDE_WORDS[segment.side],
        part=as_written(segment.part),
        change=to_percent(segment.ratio),
        low=to_percent(low),
        high=to_percent(high),
    )


def _explain_basis(comparison: ScanComparison) -> Text:
    if comparison.normalised_by == "dose":
        return say("Both scans were normalised by dose, decay, duration and size of a pixel.")
    return say(
        "Dose, times or counts of the two scans are missing or not comparable: both were normalised by the counts "
        "of leg bones, so that a change of bone would be taken for one of soft tissue."
    )
