"""A new case file on the command line: the template to fill in, written where nothing is yet."""

from pathlib import Path

from calcinet.clinical.template import case_template
from calcinet.errors import BadInput


def write_new_case(path: Path) -> list[str]:
    """Write an empty case file, and say what to do with it.

    Raises
    ------
    BadInput
        If there is a file already, or none can be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as stream:
            stream.write(case_template())
    except FileExistsError:
        raise BadInput(f"{path} is there already and was left as it is; give another name") from None
    except OSError as error:
        raise BadInput(f"{path} cannot be written ({error.strerror}); give another place") from None
    return [
        f"A case file to fill in: {path}",
        f"Then check it:          calcinet validate {path}",
        f"and examine:            calcinet examine --case {path} film.dcm",
    ]
