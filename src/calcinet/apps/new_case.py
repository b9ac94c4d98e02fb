"""A new case file on the command line: the template to fill in, written where nothing is yet."""

import os
from pathlib import Path

from calcinet.clinical.template import case_template
from calcinet.errors import BadInput
from calcinet.machine import making


def write_new_case(path: Path) -> list[str]:
    """Write an empty case file, and say what to do with it.

    Raises
    ------
    BadInput
        If there is a file already.
    MachineFault
        If none can be written.
    """
    if os.path.lexists(path):
        raise BadInput(f"{path} is there already and was left as it is; give another name")
    with making(path) as place:
        made = place / "case"
        made.write_text(case_template(), encoding="utf-8")
        made.rename(path)
    return [
        f"A case file to fill in: {path}",
        f"Then check it:          calcinet validate {path}",
        f"and examine:            calcinet examine --case {path} film.dcm",
    ]
