"""What a reader corrects, and how it is said: both values of every number that changed."""

from collections.abc import Iterator, Mapping
from typing import Final

from calcinet.errors import BadInput
from calcinet.record import Correction, ImageRecord, Meaning
from calcinet.text import Text, say
from calcinet.vocabulary import FindingKind

Corrections = Mapping[str, FindingKind | None]
"""By the id of a finding what a reader calls it; None: rejected."""

NOTHING: Final[Corrections] = {}

CORRECTABLE: Final = ("CR", "DX", "MG")
"""Modalities whose findings can be corrected: what is measured anew needs marks of pixels alone."""

REJECTED_ALONE: Final = ("MG",)
"""Of these a finding can be rejected, and called nothing else: an artery has a grade by what its finder saw."""

KINDS: Final[Mapping[FindingKind, Text]] = {
    "vessel": say("a calcified vessel"),
    "net": say("net-like calcification"),
    "focus": say("other calcium"),
}
"""What a mark of a film can be called."""

CHANGED_FROM: Final = 1e-6
"""Relative; a number that changes by less is the same. Our choice: rounding."""


def check_corrections(found: ImageRecord, corrections: Corrections) -> None:
    """Refuse what cannot be corrected.

    Raises
    ------
    BadInput
        If the image has no such finding, or it cannot be called so.
    """
    if found.modality not in CORRECTABLE:
        raise BadInput(say("findings of films can be corrected, those of this image cannot: write it in your report"))
    kinds = {finding.id: finding.kind for finding in found.findings}
    if found.modality in REJECTED_ALONE and any(kind is not None for kind in corrections.values()):
        raise BadInput(say("a finding of a mammogram can be rejected, and called nothing else"))
    for finding_id, kind in corrections.items():
        if finding_id not in kinds:
            raise BadInput(say("this image has no finding {finding}", finding=finding_id))
        if kind is not None and kind not in KINDS:
            raise BadInput(say("a finding of a film is one of {kinds:, }", kinds=list(KINDS)))


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
    entries, told = [], []
    for finding in found.findings:
        if finding.id not in corrections:
            continue
        kind = corrections[finding.id]
        entries.append(Correction(finding=finding.id, found_as=finding.kind, corrected_to=kind))
        told.append(_tell_correction(finding.id, finding.kind, kind))
    told += _compare_measures(image, found, meanings)
    return image.model_copy(update={"corrections": tuple(entries), "correction_notes": tuple(told)})


def _tell_correction(finding_id: str, before: FindingKind, after: FindingKind | None) -> Text:
    if after is None:
        return say(
            "Corrected by a reader: {finding}, found as {before}, was rejected.",
            finding=finding_id,
            before=KINDS[before],
        )
    return say(
        "Corrected by a reader: {finding}, found as {before}, is {after}.",
        finding=finding_id,
        before=KINDS[before],
        after=KINDS[after],
    )


def _compare_measures(image: ImageRecord, found: ImageRecord, meanings: Mapping[str, Meaning]) -> Iterator[Text]:
    """A sentence for each number that is another one now."""
    for name, meaning in meanings.items():
        before, after = found.measures.get(name), image.measures.get(name)
        if before == after or (before is not None and after is not None and _are_same(before, after)):
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
