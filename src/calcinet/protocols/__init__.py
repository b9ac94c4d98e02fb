"""Images and a case -> Record: which finder and which measures each modality gets."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from calcinet.protocols.assemble import assemble

__all__ = ["PROTOCOLS", "assemble", "collect_meanings", "correct_image", "examine_image", "protocol_of"]

if TYPE_CHECKING:
    from calcinet.protocols.modalities import PROTOCOLS, collect_meanings, correct_image, examine_image, protocol_of


def __getattr__(name: str) -> Any:
    """Import finders and measures only when an image is examined: a case needs none of them."""
    if name not in __all__:
        raise AttributeError(f"module 'calcinet.protocols' has no attribute {name!r}")
    return getattr(import_module("calcinet.protocols.modalities"), name)
