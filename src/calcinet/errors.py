"""What can go wrong, and whose job it is to act.

CalcinetError
├── BadInput        the caller can fix it: shape, unit, option        exit 2
├── Unreadable      the file cannot be read as an image we examine    exit 3
├── NotMeasurable   a sound image that does not support this measurement
├── MachineFault    the machine refuses: disk, rights, memory         exit 1
└── BadWeights      calcinet itself is incomplete: its weights are gone or altered   exit 5
"""


class CalcinetError(Exception):
    """Root of every error calcinet raises on purpose."""


class BadInput(CalcinetError, ValueError):
    """The call cannot be right, whatever the patient."""


class Unreadable(CalcinetError):
    """The bytes are not an image that calcinet can examine.

    `code` is a short stable word for programs ("truncated", "mixed-patients"); the message is for people and says
    what was found, what was expected and what to do. Neither names a patient.
    """

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.code = code


class NotMeasurable(CalcinetError):
    """A sound image that lacks what this measurement needs."""


class BadWeights(CalcinetError):
    """The detector's weights are missing, or are not the ones that this version was tested with."""


class MachineFault(CalcinetError):
    """The machine refuses what is needed: room on a disk, a right, memory, a folder that somebody else works in."""
