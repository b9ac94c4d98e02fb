"""Which films of limbs are trained on, and which are held out for measuring: by patient, never by film."""

import csv
from pathlib import Path
from typing import Final, Literal

Share = Literal["train", "calibrate", "measure"]

MEASURED_EVERY: Final = 3
"""Of patients whose number is a multiple of this nothing is trained on. Our choice: a third."""

CALIBRATED_EVERY: Final = 12
"""Of patients one after a multiple of this cuts and probabilities are found."""


def share_of(patient: str) -> Share:
    """What a patient's films serve for; `patient` is a letter and a number, as in the manifests.

    >>> share_of("p012"), share_of("p013"), share_of("p014")
    ('measure', 'calibrate', 'train')
    """
    number = int(patient[1:])
    if number % MEASURED_EVERY == 0:
        return "measure"
    if number % CALIBRATED_EVERY == 1:
        return "calibrate"
    return "train"


def list_films(folder: Path, share: Share) -> list[tuple[str, Path]]:
    """Patient and path of each film of a share, in the order of the folder's manifest.csv (columns group and file)."""
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as lines:
        entries = list(csv.DictReader(lines))
    return [(entry["group"], folder / entry["file"]) for entry in entries if share_of(entry["group"]) == share]
