"""Identifiers of findings that stay: of one mark of an image, whatever its number; of a mark over several films."""

import json
import uuid
from collections import Counter
from collections.abc import Mapping
from typing import Final

import numpy as np

from calcinet.record import FindingRecord, ImageRecord

NAMESPACE: Final = uuid.UUID("1d4f0a52-3c1b-5a0e-9a57-7f3f5b6c2e91")
"""Name space of the identifiers of findings. Our choice: any fixed one does."""

PLACE_PX: Final = 64
"""Marks of one kind whose middles lie in one square of this side are taken for the same. Our choice: wider than what
another version of the detector moves a mark by."""

PLACE_MM: Final = 10.0
"""The same of the middles of lesions in space."""


def track_findings(image: ImageRecord) -> ImageRecord:
    """Give every finding an identifier that stays while the image, its kind and its place stay (root 2.25, PS3.5 B.2).

    It comes from the hash of the image, the kind, and the square or cube that the middle lies in; further ones there
    are counted in the order of the record. One that has an identifier keeps it.
    """
    if not image.findings or not image.sha256:
        return image
    seen: Counter[tuple[str, ...]] = Counter()
    tracked = []
    for finding in image.findings:
        place = (finding.kind, *_find_place(finding))
        seen[place] += 1
        uid = finding.tracking_uid or _derive_uid(image.sha256, *place, str(seen[place]))
        tracked.append(finding.model_copy(update={"tracking_uid": uid}))
    return image.model_copy(update={"findings": tuple(tracked)})


def take_over(image: ImageRecord, baseline: ImageRecord, pairs: Mapping[str, str]) -> ImageRecord:
    """Give findings of a follow-up the identifiers of those that they are on the baseline.

    `pairs` has the id on the follow-up by that on the baseline. An identifier that no finding of the baseline has left
    stays its own.
    """
    uids = {finding.id: finding.tracking_uid for finding in baseline.findings}
    earlier = {later: uids[first] for first, later in pairs.items() if uids.get(first) is not None}
    findings = []
    for finding in image.findings:
        uid = earlier.get(finding.id, finding.tracking_uid)
        findings.append(finding.model_copy(update={"tracking_uid": uid}))
    return image.model_copy(update={"findings": tuple(findings)})


def _find_place(finding: FindingRecord) -> tuple[str, ...]:
    """The square of the picture, or the cube of the patient, that the middle of a finding lies in."""
    if finding.place_mm:
        return tuple(map(str, (np.mean(finding.place_mm, axis=0) // PLACE_MM).astype(int)))
    points = finding.outline or finding.polyline
    if not points:
        return ()
    return tuple(map(str, (np.mean(points, axis=0) // PLACE_PX).astype(int)))


def _derive_uid(*parts: str) -> str:
    return f"2.25.{uuid.uuid5(NAMESPACE, json.dumps(parts)).int}"
