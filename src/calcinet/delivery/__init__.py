"""DICOM objects to archives: an outbox on disk, C-STORE and STOW-RS; nothing is lost when a receiver is down."""

from calcinet.delivery.deliver import ATTEMPTS, Delivered, deliver
from calcinet.delivery.destination import Destination, destination
from calcinet.delivery.outbox import Outbox, default_outbox

__all__ = ["ATTEMPTS", "Delivered", "Destination", "Outbox", "default_outbox", "deliver", "destination"]
