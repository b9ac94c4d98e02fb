"""DICOM objects from a network: who may call, what is taken, and what is answered; nothing is kept here."""

from calcinet.reception.answers import Answer, NotTaken
from calcinet.reception.callers import Caller, read_caller
from calcinet.reception.listener import Arrival, Listener, Listening

__all__ = ["Answer", "Arrival", "Caller", "Listener", "Listening", "NotTaken", "read_caller"]
