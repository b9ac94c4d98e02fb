"""DICOM objects from a network: who may call, what is taken, and what is answered; nothing is kept here."""

from calcinet.reception.callers import Caller, read_caller
from calcinet.reception.listener import Answer, Arrival, Listener, Listening

__all__ = ["Answer", "Arrival", "Caller", "Listener", "Listening", "read_caller"]
