"""Contracts of other platforms: a folder with a study goes in, objects come out, and the platform sends them on."""

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from calcinet.apps.console import Exit
from calcinet.apps.examination import Order, examine_and_write
from calcinet.errors import BadInput
from calcinet.extras import require_extras
from calcinet.machine import writing_in
from calcinet.report.documents import Wanted
from calcinet.report.write import RECORD
from calcinet.text import say

OBJECT: Final = ".dcm"

NOTICE: Final = "__mercure_notification"
"""What mercure shows of a module in its interface (mercure, Developing modules)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """How a platform calls a module."""

    given: tuple[str, ...]
    """Variables of the environment that name the folder with the study; the first that is set counts."""
    taken: tuple[str, ...]
    """The same of the folder that results are taken from."""
    formats: tuple[str, ...]
    """What is written there."""


CONTRACTS: Final[Mapping[str, Contract]] = {
    "mercure": Contract(given=("MERCURE_IN_DIR",), taken=("MERCURE_OUT_DIR",), formats=("json", "dicom")),
    "map": Contract(
        given=("HOLOSCAN_INPUT_PATH", "MONAI_INPUTPATH"),
        taken=("HOLOSCAN_OUTPUT_PATH", "MONAI_OUTPUTPATH"),
        formats=("json", "html", "dicom"),
    ),
}
"""By the name that `calcinet module` knows it by; `map` is a MONAI Application Package."""


def run_module(name: str, environment: Mapping[str, str] = os.environ) -> Exit:
    """Examine the study of the platform's folder, and leave the results in the other one, all or nothing.

    Parameters
    ----------
    name
        Among CONTRACTS.
    environment
        Variables that name the folders.

    Raises
    ------
    BadInput
        If there is no such contract, a variable is not set, or a folder is not there.
    """
    contract = CONTRACTS.get(name)
    if contract is None:
        raise BadInput(
            say("there is no contract {name}; known are: {known}", name=repr(name), known=", ".join(CONTRACTS))
        )
    require_extras(["hospital"], f"calcinet module {name}")
    given, taken = _find_folder(contract.given, environment), _find_folder(contract.taken, environment)
    with writing_in(taken):
        work = Path(tempfile.mkdtemp(prefix=".calcinet-", dir=taken))
    try:
        result = work / "result"
        code = examine_and_write(Order(paths=[given], folder=result, wanted=Wanted(contract.formats), quiet=True))
        if name == "mercure":
            _tell_mercure(result)
        with writing_in(taken):
            _move_results(result, taken)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return code


def _find_folder(variables: tuple[str, ...], environment: Mapping[str, str]) -> Path:
    for variable in variables:
        if environment.get(variable):
            folder = Path(environment[variable])
            if not folder.is_dir():
                raise BadInput(say("{variable} names no folder that is there", variable=variable))
            return folder
    raise BadInput(
        say("{variable} is not set: the platform that calls this module sets it", variable=" or ".join(variables))
    )


def _tell_mercure(result: Path) -> None:
    """Leave objects alone, for mercure sends on what it finds, and the summary as a note to its users."""
    record = json.loads((result / RECORD).read_bytes())
    text = " ".join(record["summary"]["sentences"])
    for path in result.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.suffix != OBJECT:
            path.unlink()
    note = {NOTICE: {"text": text, "requested": False}, "schema": record["schema"], "summary": record["summary"]}
    (result / "result.json").write_text(json.dumps(note, ensure_ascii=False, indent=1), "utf-8")


def _move_results(result: Path, taken: Path) -> None:
    """Move what is whole to where it is taken from; a file of before of the same name is replaced."""
    for path in sorted(result.iterdir()):
        target = taken / path.name
        if target.is_dir():
            shutil.rmtree(target)
        path.replace(target)
