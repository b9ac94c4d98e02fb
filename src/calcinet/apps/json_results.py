"""What commands with --json print: one object with a schema of its own, described in docs/command-line.md."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from calcinet.record import ImageRecord, Record
from calcinet.report.labels import KINDS

if TYPE_CHECKING:
    from calcinet.delivery import Delivered

EXAMINED: Final = "calcinet.examined/1"
SENT: Final = "calcinet.sent/1"
RECORD: Final = "record.json"
PAGE: Final = "report.html"


def describe_examination(record: Record, folder: Path, notes: Sequence[str], sent: Mapping[str, Any] | None) -> Any:
    """Where an examination lies and what it found, in short; everything else stands in record.json."""
    level = None
    if record.summary.suspicion is not None:
        level = record.summary.suspicion.level
    return {
        "schema": EXAMINED,
        "record": str(folder / RECORD),
        "page": str(folder / PAGE) if PAGE in record.files else None,
        "files": list(record.files) or [RECORD],
        "level": level,
        "sentences": [str.__str__(sentence) for sentence in record.summary.sentences],
        "images": [_describe_image(image) for image in record.images],
        "notes": list(notes),
        "delivery": sent,
    }


def _describe_image(image: ImageRecord) -> dict[str, Any]:
    refused = None
    if image.refused is not None:
        refused = {"code": image.refused.code, "reason": str.__str__(image.refused.reason)}
    found: Counter[str] = Counter(finding.kind for finding in image.findings)
    return {
        "id": image.id,
        "sha256": image.sha256,
        "modality": image.modality,
        "anatomy": image.anatomy,
        "laterality": image.laterality,
        "refused": refused,
        "findings": {kind: found[kind] for kind in KINDS},
        "resolvable_mm": image.resolvable_mm,
    }


def describe_deliveries(deliveries: Mapping[str, "Delivered"], not_taken: Sequence[str]) -> dict[str, Any]:
    """What became of objects, by the address of their receiver."""
    told = [{"address": address} | asdict(done) for address, done in deliveries.items()]
    return {"schema": SENT, "destinations": told, "not_taken": list(not_taken)}
