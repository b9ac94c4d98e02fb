"""One bone scan on the page: how it was counted, its segments, what changed, what else it may be."""

from collections.abc import Iterator

from calcinet.record import ImageRecord, ScanComparison, ScintigramRecord, SegmentChange, UptakeSegment
from calcinet.record.scintigram import VARIATION_MEANS
from calcinet.report.blocks import Block, Heading, Prose, Table, Tone, itemise_labels
from calcinet.report.labels import SIDES
from calcinet.report.language import Language
from calcinet.report.quantities.numbers import FIXED_SPACE, NO_VALUE, number, whole_percent
from calcinet.report.sections.scintigram.labels import (
    CALLS,
    CAUSES_CITES,
    CRITERION,
    CRITERION_CITES,
    POSITIVE,
    POSITIVE_CITES,
    SIGNS,
    VIEWS,
)

Bounds = tuple[float, float] | None
"""A 95 % interval, or None."""


def scintigram_blocks(image: ImageRecord, _: Language) -> list[Block]:
    """Segments with their ratios, the change since an earlier scan, the criterion and other causes."""
    scan = require_scintigram(image)
    blocks: list[Block] = []
    if scan.segments:
        blocks += [Heading(_("Uptake of the limbs, segment by segment")), _tabulate_segments(scan, _)]
        blocks += _note_method(scan, _)
    if scan.comparison is not None:
        blocks.append(Heading(_("Beside the earlier scan")))
        blocks += _compare(scan.comparison, _)
    blocks += [
        Heading(_("What such uptake may mean")),
        Prose(_(CRITERION), cites=CRITERION_CITES),
        Prose(_(POSITIVE), cites=POSITIVE_CITES),
        Prose(
            _("{causes:; }.", causes=list(scan.other_causes)),
            lead=_("Other causes of soft-tissue uptake:"),
            cites=CAUSES_CITES,
        ),
    ]
    return blocks


def counting_facts(image: ImageRecord, _: Language) -> list[str]:
    """List how a scan was counted, in short facts."""
    scan = require_scintigram(image)
    views = [_(VIEWS[view]) for view in scan.views]
    facts = [
        _("{views:, }", views=views),
        _("{millions:.2f} million counts", millions=scan.counts_taken / 1e6),
    ]
    if scan.dose_mbq is not None:
        facts.append(f"{scan.dose_mbq:.0f}{FIXED_SPACE}MBq")
    if scan.hours_after_injection is not None:
        facts.append(_("{hours:.1f} h after injection", hours=scan.hours_after_injection))
    if image.spacing_mm is not None:
        facts.append(_("{mm} mm per pixel", mm=number(image.spacing_mm[0])))
    return facts


def require_scintigram(image: ImageRecord) -> ScintigramRecord:
    """Give what the record says of the bone scan; refuses an image that is none."""
    if image.scintigram is None:
        raise ValueError(f"{image.id} is no bone scan")
    return image.scintigram


def _tabulate_segments(scan: ScintigramRecord, _: Language) -> Table:
    head = (
        _("Segment"),
        _("Over the other side"),
        _("Over reference tissue"),
        _("Over bone"),
        _("Variation beyond counting"),
        _("Brightest place"),
        _("Reading"),
    )
    rows = tuple(_make_segment_row(segment, _) for segment in scan.segments)
    return Table(head, rows, (2.6, 2.3, 2.3, 2.1, 2.3, 1.8, 2.8))


def _make_segment_row(segment: UptakeSegment, _: Language) -> tuple[Prose, ...]:
    name = _name_segment(segment, _)
    if segment.because:
        return Prose("", lead=name), *[Prose(NO_VALUE)] * 5, Prose(_(segment.because), tone="note")
    return (
        Prose("", lead=name, small=_("{n} counts", n=f"{segment.counts or 0:,.0f}")),
        _write_ratio(segment.other_side, segment.other_side_interval, _),
        _write_ratio(segment.reference, segment.reference_interval, _),
        _write_ratio(segment.bone, segment.bone_interval, _),
        _write_variation(segment, _),
        _write_focus(segment, _),
        _read_segment(segment, _),
    )


def _name_segment(segment: UptakeSegment | SegmentChange, _: Language) -> str:
    return _("{side} {part}", side=_(SIDES[segment.side]), part=_(segment.part))


def _write_ratio(ratio: float | None, bounds: Bounds, _: Language) -> Prose:
    if bounds is None:
        return Prose(number(ratio))
    low, high = bounds
    return Prose(number(ratio), small=_("{low} to {high}", low=number(low), high=number(high)))


def _write_variation(segment: UptakeSegment, _: Language) -> Prose:
    if segment.variation is None:
        return Prose(NO_VALUE)
    shown = whole_percent(100 * segment.variation)
    if segment.variation_interval is None:
        return Prose(shown)
    low, high = segment.variation_interval
    return Prose(shown, small=_("{low} to {high}", low=f"{100 * low:.0f}", high=f"{100 * high:.0f}"))


def _write_focus(segment: UptakeSegment, _: Language) -> Prose:
    if segment.focus is None:
        return Prose(number(segment.focus_ratio))
    return Prose(number(segment.focus_ratio), small=_("beyond counting"))


def _read_segment(segment: UptakeSegment, _: Language) -> Prose:
    if segment.together:
        return Prose(_("bone and soft tissue together: not read"), tone="note")
    if not segment.signs:
        return Prose(_("unremarkable"))
    signs = [_(SIGNS[sign]) for sign in segment.signs]
    return Prose(_("{signs:, }", signs=signs), tone="warn")


def _note_method(scan: ScintigramRecord, _: Language) -> Iterator[Block]:
    """Say how counts were compared, what the intervals hold, and which bright places were left out."""
    method = _("Counts a millimetre of tissue, sections taken for round and attenuation as in water; one view only.")
    if len(scan.views) > 1:
        method = _(
            "Counts a millimetre of tissue, sections taken for round and attenuation as in water; of two views the "
            "geometric mean."
        )
    yield Prose(method, tone="note")
    yield Prose(
        _(
            "95 % intervals, from counting and from what is assumed to differ in healthy people: 8 % between sides, "
            "20 % between parts. Nobody has measured these two; beside bone the interval is of counting alone."
        ),
        tone="note",
    )
    if any(segment.variation is not None for segment in scan.segments):
        yield Prose(_(VARIATION_MEANS), tone="note")
    if scan.left_out:
        yield Heading(_("Bright, but no tissue: left out"))
        yield itemise_labels(scan.left_out, _)


def _compare(comparison: ScanComparison, _: Language) -> Iterator[Block]:
    if comparison.hours is not None:
        days = comparison.hours / 24
        yield Prose(_("{days:.1f} days lie between the scans.", days=days), tone="note")
    head = (_("Segment"), _("Over the earlier scan"), _("95 % interval"), _("Reading"))
    rows = []
    if comparison.overall is not None and comparison.overall_interval is not None and comparison.call is not None:
        name = _("All soft tissue")
        rows.append(_make_change_row(name, comparison.overall, comparison.overall_interval, comparison.call, _))
    for segment in comparison.segments:
        name = _name_segment(segment, _)
        rows.append(_make_change_row(name, segment.ratio, segment.interval, segment.call, _))
    yield Table(head, tuple(rows), (3, 2, 2.4, 2))


def _make_change_row(
    name: str, ratio: float, interval: tuple[float, float], call: str, _: Language
) -> tuple[Prose, ...]:
    low, high = interval
    tone: Tone = "warn"
    if call == "no change":
        tone = "plain"
    return (
        Prose("", lead=name),
        Prose(number(ratio)),
        Prose(_("{low} to {high}", low=number(low), high=number(high))),
        Prose(_(CALLS[call]), tone=tone),
    )
