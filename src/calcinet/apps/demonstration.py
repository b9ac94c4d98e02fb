"""The demonstration: the patient of the case report with films of both calves that were never taken."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from calcinet.apps.console import Exit
from calcinet.apps.examination import ExamineOptions, Examiner, Order, examine_and_write
from calcinet.io.dicom.writer import write_radiograph
from calcinet.phantoms.radiograph.limb import limb, random_spec
from calcinet.report.documents import Wanted
from calcinet.report.labels import DEFAULT_FORMATS

EVERYTHING: Final = (*DEFAULT_FORMATS, "parquet", "fhir", "dicom")
"""What a demonstration shows, where its packages are installed."""

SIDES: Final = ("L", "R")

CASE_IN_CHECKOUT: Final = Path(__file__).parents[3] / "examples" / "case-report" / "case.yaml"
"""An installed package carries a copy beside this file, `case-report.yaml`."""


def demonstrate(
    folder: Path,
    seed: int,
    *,
    prior: str | None = None,
    language: str = "en",
    force: bool = False,
    examiner: Examiner | None = None,
) -> Exit:
    """Examine the patient of the case report, while she lived, with generated films; all is put beside the report."""
    with TemporaryDirectory() as place, case_of_the_report() as whole:
        case = Path(place) / "case.yaml"
        case.write_text(leave_out_outcome(whole.read_text("utf-8")), "utf-8")
        films = [_write_film(Path(place), seed + number, side) for number, side in enumerate(SIDES)]
        attachments = {f"films/{film.name}": film.read_bytes() for film in films}
        attachments["case.yaml"] = case.read_bytes()
        order = Order(
            paths=films,
            folder=folder,
            wanted=Wanted.of_installed(EVERYTHING, language=language),
            options=ExamineOptions(case=case, prior=prior),
            attachments=attachments,
            force=force,
        )
        return examine_and_write(order, examiner)


def leave_out_outcome(case: str) -> str:
    r"""A case file as it was before anybody knew how it went: to the dead the page gives no next steps.

    >>> leave_out_outcome("lesions: []\noutcome: {state: died}\n")
    'lesions: []\n'
    """
    return re.sub(r"^outcome:.*\n", "", case, flags=re.MULTILINE)


@contextmanager
def case_of_the_report() -> Iterator[Path]:
    """Lend the case file of the report's patient."""
    with as_file(files("calcinet.apps") / "case-report.yaml") as packaged:
        if packaged.exists():
            yield packaged
        else:
            yield CASE_IN_CHECKOUT


def _write_film(folder: Path, seed: int, side: str) -> Path:
    """A lower leg with calcified vessels and a net, and the lead letter of its side."""
    spec = random_spec(seed, net=True, vessels=True, anatomy="lower leg")
    phantom = limb(replace(spec, letter=side, mirrored=side == "R"))
    return write_radiograph(folder / f"phantom-{seed}-{side}.dcm", phantom.image)
