"""One bone scan on the page: how it was counted, its segments, what changed, what else it may be."""

from collections.abc import Iterator

from calcinet.record import ImageRecord, ScanComparison, ScintigramRecord, UptakeSegment
from calcinet.report.blocks import Block, Heading, Items, Prose, Table
from calcinet.report.labels import SIDES
from calcinet.report.language import Language
from calcinet.report.quantities.numbers import FIXED_SPACE, NO_VALUE, number
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


def scintigram_blocks(image: ImageRecord, _: Language) -> list[Block]:
    """Segments with their ratios, the change since an earlier scan, the criterion and other causes."""
    assert image.scintigram is not None
    scan = image.scintigram
    blocks: list[Block] = []
    if scan.segments:
        blocks += [Heading(_("Uptake of the limbs, segment by segment")), _segments(scan, _), *_notes(scan, _)]
    if scan.comparison is not None:
        blocks += [Heading(_("Beside the earlier scan")), *_comparison(scan.comparison, _)]
    blocks += [
        Heading(_("What such uptake may mean")),
        Prose(_(CRITERION), cites=CRITERION_CITES),
        Prose(_(POSITIVE), cites=POSITIVE_CITES),
        Prose(
            _("{causes:; }.", causes=[_(cause) for cause in scan.other_causes]),
            lead=_("Other causes of soft-tissue uptake:"),
            cites=CAUSES_CITES,
        ),
    ]
    return blocks


def facts(image: ImageRecord, _: Language) -> list[str]:
    """Number, modality and how it was counted, in short."""
    assert image.scintigram is not None
    scan = image.scintigram
    told = [image.id, image.modality, _("{views:, }", views=[_(VIEWS[view]) for view in scan.views])]
    told.append(_("{millions:.2f} million counts", millions=scan.counts_taken / 1e6))
    if scan.dose_mbq is not None:
        told.append(f"{scan.dose_mbq:.0f}{FIXED_SPACE}MBq")
    if scan.hours_after_injection is not None:
        told.append(_("{hours:.1f} h after injection", hours=scan.hours_after_injection))
    if image.spacing_mm is not None:
        told.append(_("{mm} mm per pixel", mm=number(image.spacing_mm[0])))
    return told


def _segments(scan: ScintigramRecord, _: Language) -> Table:
    head = (
        _("Segment"),
        _("Over the other side"),
        _("Over reference tissue"),
        _("Over bone"),
        _("Variation beyond counting"),
        _("Brightest place"),
        _("Reading"),
    )
    return Table(head, tuple(_row(segment, _) for segment in scan.segments), (2.6, 2.3, 2.3, 2.1, 2.3, 1.8, 2.8))


def _row(segment: UptakeSegment, _: Language) -> tuple[Prose, ...]:
    name = _("{side} {part}", side=_(SIDES[segment.side]), part=_(segment.part))
    if segment.because:
        return Prose("", lead=name), *[Prose(NO_VALUE)] * 5, Prose(_(segment.because), tone="note")
    signs = [_(SIGNS[sign]) for sign in segment.signs]
    reading = Prose(_("{signs:, }", signs=signs), tone="warn") if signs else Prose(_("unremarkable"))
    if segment.together:
        reading = Prose(_("bone and soft tissue together: not read"), tone="note")
    return (
        Prose("", lead=name, small=_("{n} counts", n=f"{segment.counts or 0:,.0f}")),
        _cell(number(segment.other_side), segment.other_side_interval, _),
        _cell(number(segment.reference), segment.reference_interval, _),
        _cell(number(segment.bone), segment.bone_interval, _),
        _percent(segment.variation, segment.variation_interval, _),
        Prose(number(segment.focus_ratio), small="" if segment.focus is None else _("beyond counting")),
        reading,
    )


def _cell(value: str, bounds: Bounds, _: Language) -> Prose:
    small = "" if bounds is None else _("{low} to {high}", low=number(bounds[0]), high=number(bounds[1]))
    return Prose(value, small=small)


def _percent(value: float | None, bounds: Bounds, _: Language) -> Prose:
    if value is None:
        return Prose(NO_VALUE)
    small = "" if bounds is None else _("{low} to {high}", low=f"{100 * bounds[0]:.0f}", high=f"{100 * bounds[1]:.0f}")
    return Prose(f"{100 * value:.0f}{FIXED_SPACE}%", small=small)


def _notes(scan: ScintigramRecord, _: Language) -> Iterator[Block]:
    both = _(
        "Counts a millimetre of tissue, sections taken for round and attenuation as in water; of two views the "
        "geometric mean."
    )
    one = _("Counts a millimetre of tissue, sections taken for round and attenuation as in water; one view only.")
    yield Prose(both if len(scan.views) > 1 else one, tone="note")
    yield Prose(
        _(
            "95 % intervals, from counting and from what is assumed to differ in healthy people: 8 % between sides, "
            "20 % between parts. Nobody has measured these two; beside bone the interval is of counting alone."
        ),
        tone="note",
    )
    if scan.left_out:
        items = tuple(Prose(_(spot.label)) for spot in scan.left_out)
        yield Heading(_("Bright, but no tissue: left out"))
        yield Items(items)


def _comparison(comparison: ScanComparison, _: Language) -> Iterator[Block]:
    if comparison.hours is not None:
        days = comparison.hours / 24
        yield Prose(_("{days:.1f} days lie between the scans.", days=days), tone="note")
    head = (_("Segment"), _("Over the earlier scan"), _("95 % interval"), _("Reading"))
    rows = [
        (
            Prose("", lead=_("{side} {part}", side=_(SIDES[one.side]), part=_(one.part))),
            Prose(number(one.ratio)),
            Prose(_("{low} to {high}", low=number(one.interval[0]), high=number(one.interval[1]))),
            Prose(_(CALLS[one.call]), tone="plain" if one.call == "no change" else "warn"),
        )
        for one in comparison.segments
    ]
    if comparison.overall is not None and comparison.overall_interval is not None and comparison.call is not None:
        low, high = comparison.overall_interval
        overall = (
            Prose("", lead=_("All soft tissue")),
            Prose(number(comparison.overall)),
            Prose(_("{low} to {high}", low=number(low), high=number(high))),
            Prose(_(CALLS[comparison.call]), tone="plain" if comparison.call == "no change" else "warn"),
        )
        rows.insert(0, overall)
    yield Table(head, tuple(rows), (3, 2, 2.4, 2))
