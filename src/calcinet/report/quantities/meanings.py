"""What each measure means: its label and its unit, from the record, from the contract or from a finding's own field."""

from collections.abc import Mapping
from typing import Final

from calcinet.errors import BadInput
from calcinet.record import Course, CtScore, FindingRecord, ImageRecord, Meaning, Record
from calcinet.record.base import FieldMeaning, field_meanings
from calcinet.report.pictures.annotation import number_of
from calcinet.text import say

FINDING_QUANTITIES: Final[Mapping[str, FieldMeaning]] = field_meanings(FindingRecord)
"""Numbers of a finding by the name of their field, in the order of their rows."""

SCORE_QUANTITIES: Final[Mapping[str, FieldMeaning]] = field_meanings(CtScore)
"""Numbers of one side, level and compartment of a CT."""

ARTERY_QUANTITIES: Final[Mapping[str, FieldMeaning]] = field_meanings(Course)
"""Numbers of an artery of a CT and of a vessel of a film."""

CONTRACT_MEANINGS: Final[Mapping[str, Meaning]] = {
    "resolvable_mm": Meaning(label=say("Limit of detection (width of a calcified line)"), unit="mm"),
    "calcified_area_mm2": Meaning(label=say("Calcified area"), unit="mm2"),
    "calcified_area_px": Meaning(label=say("Calcified area"), unit="{pixel}"),
    "calcified_length_mm": Meaning(label=say("Calcified length"), unit="mm"),
    "calcified_length_px": Meaning(label=say("Calcified length"), unit="{pixel}"),
    "net.probability": Meaning(label=say("Probability of a net-like pattern"), unit="1"),
    "net.area_cm2": Meaning(label=say("Area of the net"), unit="cm2"),
    "net.mesh_mm": Meaning(label=say("Mesh size of the net"), unit="mm"),
    "net.mesh_px": Meaning(label=say("Mesh size of the net"), unit="{pixel}"),
    "net.length_density_per_mm": Meaning(label=say("Length of net lines per area"), unit="/mm"),
    "marked_soft_tissue_percent": Meaning(label=say("Share of soft tissue marked"), unit="%"),
    "prior": Meaning(label=say("Pre-test probability of calciphylaxis, as given"), unit="1"),
    "posterior": Meaning(label=say("Post-test probability of calciphylaxis"), unit="1"),
}
"""The measures that the contract itself names; a record explains the others in `meanings`."""


def measure_meaning(name: str, record: Record) -> Meaning:
    """Explain a measure as the record does, else as the contract does; refuses one that neither explains."""
    if name in record.meanings:
        return record.meanings[name]
    if name in CONTRACT_MEANINGS:
        return CONTRACT_MEANINGS[name]
    raise BadInput(f"no label and no unit for the measure {name!r}: the record must give them in meanings")


def missing_labels(image: ImageRecord, record: Record) -> dict[str, str]:
    """Name what was not measured of an image: labels by the names in `not_measured`, in its order."""
    of_findings = missing_of_findings(image)
    labels: dict[str, str] = {}
    for entry in image.not_measured:
        if entry.measure in of_findings:
            meaning = finding_meaning(*of_findings[entry.measure], record)
        else:
            meaning = measure_meaning(entry.measure, record)
        labels[entry.measure] = meaning.label
    return labels


def missing_of_findings(image: ImageRecord) -> dict[str, tuple[FindingRecord, str]]:
    """Find the missing numbers of an image that are of its findings, `f12.calibre_mm` and the like.

    Returns
    -------
    dict
        By the name in `not_measured`: the finding, and which of FINDING_QUANTITIES is missing.
    """
    missing = {entry.measure for entry in image.not_measured}
    found: dict[str, tuple[FindingRecord, str]] = {}
    if not missing:
        return found
    for finding in image.findings:
        for quantity in FINDING_QUANTITIES:
            name = f"{finding.id}.{quantity}"
            if name in missing:
                found[name] = (finding, quantity)
    return found


def finding_meaning(finding: FindingRecord, quantity: str, record: Record) -> Meaning:
    """Explain a number of a finding that stands among those of the whole image."""
    meaning = quantity_meaning(quantity, record)
    label = say("Finding {number}: {label}", number=number_of(finding), label=meaning.label)
    return meaning.model_copy(update={"label": label})


def quantity_meaning(quantity: str, record: Record) -> Meaning:
    """Explain a number of a finding as the record does, else as its field does."""
    if quantity in record.meanings:
        return record.meanings[quantity]
    declared = FINDING_QUANTITIES[quantity]
    return Meaning(label=declared.label, unit=declared.unit)
