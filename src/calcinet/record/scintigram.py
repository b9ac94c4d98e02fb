"""Models of a planar bone scan: its segments, what was left out, and the comparison with an earlier scan."""

from typing import Final, Literal, Self

from pydantic import model_validator

from calcinet.record.base import Interval, Quantity, RecordModel, Sentence, check_interval
from calcinet.text import say
from calcinet.vocabulary import ChangeCall, LimbPart

Sign = Literal["increased", "heterogeneous"]

VARIATION_MEANS: Final = say(
    "Variation beyond counting: soft tissue is divided into squares of 6.8 mm with a smooth surface over them (a "
    "level, a slope and the spill of bone on either side of the bone, a cubic along the limb, a curve across it). Told "
    "is the root mean square of how far squares lie from the surface, in percent of it, less what counting by chance "
    "gives: V² = (sum (c - m)² / m - E) / sum (m - a)² / m, with c the counts of a square, m those of the surface, a "
    "those of air, E the share of counting. It is what the blur of the camera leaves of patches; its interval is of "
    "counting alone."
)
"""What the variation of a segment is: on the page, and in the truth of a phantom, where E is 0."""

Outline = tuple[tuple[float, float], ...]
"""Rows and columns of the picture, in which several views lie side by side."""


class UptakeSegment(RecordModel):
    """One segment of one limb, of all views that show it."""

    part: LimbPart
    side: Literal["L", "R"]
    together: bool = False
    """Bone and soft tissue were measured together: the camera does not tell them apart here."""
    because: Sentence = ""
    """Why it was not measured; empty where it was."""
    counts: Quantity = None
    """In soft tissue, of all views."""
    density: Quantity = None
    """Counts a mm of tissue that a pixel sees; of two views their geometric mean."""
    density_sd: Quantity = None
    """Relative standard deviation of it by counting."""
    other_side: Quantity = None
    """Over the same segment on the other side."""
    other_side_interval: Interval | None = None
    reference: Quantity = None
    """Over reference soft tissue."""
    reference_interval: Interval | None = None
    bone: Quantity = None
    """Over the bone of the same segment, counts a pixel."""
    bone_interval: Interval | None = None
    variation: Quantity = None
    """As a share: `VARIATION_MEANS`."""
    variation_interval: Interval | None = None
    variation_p: Quantity = None
    """Probability of such a variation by counting alone."""
    focus_ratio: Quantity = None
    """Brightest place over its surroundings."""
    focus_p: Quantity = None
    """Probability of so bright a place by counting alone, all places of the segment considered."""
    focus: tuple[float, float] | None = None
    """Row and column of that place in the picture, only where counting does not explain it."""
    signs: tuple[Sign, ...] = ()
    outlines: tuple[Outline, ...] = ()
    """Of the whole segment, one a view."""

    @model_validator(mode="after")
    def _check_intervals(self) -> Self:
        for interval in (
            self.other_side_interval,
            self.reference_interval,
            self.bone_interval,
            self.variation_interval,
        ):
            if interval is not None:
                check_interval(interval)
        return self


class LeftOut(RecordModel):
    """A bright place that is no tissue, and was left out of every measure."""

    kind: Literal["bladder", "injection site", "urine contamination", "outside the body"]
    label: Sentence
    """What it is taken for and where, for people."""
    part: LimbPart | None = None
    side: Literal["L", "R"] | None = None
    outline: Outline = ()


class SegmentChange(RecordModel):
    """One segment on two scans."""

    part: LimbPart
    side: Literal["L", "R"]
    ratio: float
    """Later over earlier, normalised."""
    interval: Interval
    call: ChangeCall


class ScanComparison(RecordModel):
    """Two scans of one patient: the later one, which holds it, beside an earlier one."""

    earlier: str
    """Id of its image."""
    hours: Quantity = None
    """From the earlier scan to this one."""
    normalised_by: Literal["dose", "bone"]
    """What the counts were divided by: activity given, decayed and counted for so long; or the counts of bone."""
    overall: Quantity = None
    """Geometric mean of the segments' ratios."""
    overall_interval: Interval | None = None
    call: ChangeCall | None = None
    """Of the overall change."""
    segments: tuple[SegmentChange, ...] = ()
    cautions: tuple[Sentence, ...] = ()
    """How the two scans were made differently, or that it is not known."""


class ScintigramRecord(RecordModel):
    """How a bone scan was counted and what it showed part by part."""

    views: tuple[Literal["anterior", "posterior", "other"], ...]
    whole_body: bool
    counts: float
    """Sum of the pixels of all views."""
    counts_stated: Quantity = None
    """As the file says; None as well where frames of the file were left out."""
    dose_mbq: Quantity = None
    hours_after_injection: Quantity = None
    half_life_h: Quantity = None
    drug: Literal["medronate", "oxidronate", "butedronate", "pyrophosphate"] | None = None
    """Radiopharmaceutical, where the file names one of bone."""
    camera: str | None = None
    """Digest of maker and model: the same camera has the same."""
    collimator: str | None = None
    """Digest of name and type."""
    decay_corrected: bool | None = False
    """None: the file contradicts itself."""
    seconds: tuple[Quantity, ...] = ()
    """Duration of each view."""
    counts_scale: float = 1.0
    """Pixel units for one count, as the noise shows."""
    filter_px: float = 0.0
    """Standard deviation of a filter put on the counts, as the noise shows."""
    bone_density: Quantity = None
    """Counts a pixel of the bone of thighs and lower legs, without the soft tissue before and behind it; of two views
    their geometric mean."""
    bone_sd: Quantity = None
    grade: Literal[0, 1, 2] | None = None
    """Our own ordinal scale, not validated: 0 neither, 1 increased or heterogeneous, 2 both in one segment."""
    segments: tuple[UptakeSegment, ...] = ()
    body: tuple[Outline, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    other_causes: tuple[Sentence, ...] = ()
    """What else raises the uptake of soft tissue."""
    spot_views: tuple[str, ...] = ()
    """Of a whole body: ids of the views of parts of the body that belong to the same examination."""
    comparison: ScanComparison | None = None

    @property
    def signed(self) -> tuple[UptakeSegment, ...]:
        """The segments that have a sign."""
        return tuple(segment for segment in self.segments if segment.signs)

    @property
    def counts_taken(self) -> float:
        """Counts of all views as the noise shows them, where the pixels were scaled."""
        return self.counts / self.counts_scale
