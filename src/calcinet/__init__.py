"""calcinet: calcium outside bone, on ordinary medical images."""

from typing import TYPE_CHECKING, Any

from calcinet.version import __version__

__all__ = ["BadInput", "BadWeights", "CalcinetError", "NotMeasurable", "Unreadable", "__version__", "examine"]

if TYPE_CHECKING:
    from calcinet.api import examine
    from calcinet.errors import BadInput, BadWeights, CalcinetError, NotMeasurable, Unreadable


def __getattr__(name: str) -> Any:
    """Import the heavy parts only when they are asked for, so that `info` answers at once."""
    import importlib

    if name == "examine":
        return importlib.import_module("calcinet.api").examine
    if name in __all__:
        return getattr(importlib.import_module("calcinet.errors"), name)
    raise AttributeError(f"module 'calcinet' has no attribute {name!r}")
