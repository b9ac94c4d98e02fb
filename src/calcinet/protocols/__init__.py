"""Images and a case -> Record: which finder and which measures each modality gets."""

from calcinet.protocols.assemble import assemble
from calcinet.protocols.modalities import DEFAULT_CLASSES, PROTOCOLS, collect_meanings, examine_image, protocol_of

__all__ = ["DEFAULT_CLASSES", "PROTOCOLS", "assemble", "collect_meanings", "examine_image", "protocol_of"]
