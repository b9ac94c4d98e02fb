"""What is installed only where it is asked for: the extras of the package, and the refusal where one is missing."""

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Final

from calcinet.errors import BadInput
from calcinet.text import say

EXTRAS: Final[Mapping[str, tuple[str, ...]]] = {
    "pdf": ("typst",),
    "hospital": ("highdicom", "fhir.resources", "pynetdicom", "dicomweb_client", "dicomanonymizer"),
    "tables": ("pyarrow",),
    "docx": ("docx",),
    "mesh": ("trimesh",),
}
"""Modules that each extra of `pyproject.toml` brings, as they are imported."""


def require_extra(extra: str, what: str) -> None:
    """Refuse what cannot be done with the packages that are installed, before anything is computed.

    Parameters
    ----------
    extra
        Among EXTRAS.
    what
        What was asked for, as its user names it.

    Raises
    ------
    BadInput
        If a module of the extra is missing.
    """
    missing = [module for module in EXTRAS[extra] if not _is_installed(module)]
    if missing:
        raise BadInput(
            say(
                "{what} needs packages that are not installed: pip install 'calcinet[{extra}]'",
                what=what,
                extra=extra,
            )
        )


def _is_installed(module: str) -> bool:
    """Whether a module can be found; nothing but the packages that it lies in is imported."""
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False
