"""Sentences of the record about two bone scans of one patient."""

import math
from collections.abc import Sequence
from typing import Final

from calcinet.findings.scintigram.finder import SIDE_WORDS
from calcinet.record import ScanComparison
from calcinet.text import say

DIFFUSE_SHARE: Final = 0.5
"""A segment goes with the mean change if its own, as a logarithm, is this share of it or more. Our choice: half."""


def compared(comparison: ScanComparison) -> tuple[str, ...]:
    """A comparison with an earlier scan in words."""
    if comparison.overall is None or comparison.overall_interval is None:
        return ()
    return (_overall(comparison), *_of_segments(comparison), *_basis(comparison))


def _overall(comparison: ScanComparison) -> str:
    """The mean of all segments: a diffuse change only where most of them changed alike."""
    low, high = (100 * (end - 1) for end in comparison.overall_interval or (1.0, 1.0))
    change = 100 * ((comparison.overall or 1.0) - 1)
    values = {"change": change, "low": low, "high": high, "earlier": comparison.earlier}
    if comparison.call in (None, "no change"):
        return say(
            "Beside {earlier} soft-tissue uptake has not changed as a whole beyond counting and repeatability: "
            "{change:.0f} % (95 % interval {low:.0f} to {high:.0f} %).",
            **values,
        )
    if not _diffuse(comparison):
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


def _diffuse(comparison: ScanComparison) -> bool:
    """Whether more than half of the segments changed the same way, each by half of the mean change at least."""
    mean = math.log(comparison.overall or 1.0)
    alike = [math.log(one.ratio) / mean >= DIFFUSE_SHARE for one in comparison.segments]
    return 2 * sum(alike) > len(alike)


def _of_segments(comparison: ScanComparison) -> Sequence[str]:
    changed = [one for one in comparison.segments if one.call != "no change"]
    if not changed:
        return ()
    told = [
        say(
            "{side} {part} {change:.0f} % ({low:.0f} to {high:.0f} %)",
            side=SIDE_WORDS[one.side],
            part=say(one.part),
            change=100 * (one.ratio - 1),
            low=100 * (one.interval[0] - 1),
            high=100 * (one.interval[1] - 1),
        )
        for one in changed
    ]
    return (say("Changed beyond counting and repeatability: {segments:; }.", segments=told),)


def _basis(comparison: ScanComparison) -> Sequence[str]:
    if comparison.normalised_by == "dose":
        return (
            say(
                "Both scans were normalised by dose, decay, duration and size of a pixel; camera and collimator are "
                "taken for the same."
            ),
        )
    return (
        say(
            "Dose, times or counts of the two scans are missing or not comparable: both were normalised by the counts "
            "of leg bones, so that a change of bone would be taken for one of soft tissue."
        ),
    )
