"""calcinet: calcium outside bone, on ordinary medical images."""

from typing import TYPE_CHECKING, Any, Final

from calcinet.version import __version__

__all__ = [
    "BadInput",
    "BadWeights",
    "CalcinetError",
    "Image",
    "NotMeasurable",
    "Unreadable",
    "__version__",
    "examine",
    "examine_with_images",
    "follow",
]

HOMES: Final = {
    "examine": "calcinet.api",
    "examine_with_images": "calcinet.api",
    "follow": "calcinet.api",
    "Image": "calcinet.image",
}
"""Where public names live that are no errors."""

if TYPE_CHECKING:
    from calcinet.api import examine, examine_with_images, follow
    from calcinet.errors import BadInput, BadWeights, CalcinetError, NotMeasurable, Unreadable
    from calcinet.image import Image


def __getattr__(name: str) -> Any:
    """Import the heavy parts only when they are asked for, so that `info` answers at once."""
    import importlib

    if name not in __all__:
        raise AttributeError(f"module 'calcinet' has no attribute {name!r}")
    return getattr(importlib.import_module(HOMES.get(name, "calcinet.errors")), name)
