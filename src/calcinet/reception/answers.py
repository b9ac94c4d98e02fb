"""What an object is answered with (PS3.4 B.2.3, PS3.7 9.1.1.1.9)."""

from enum import IntEnum


class Answer(IntEnum):
    """Statuses of C-STORE that we give."""

    TAKEN = 0x0000
    """Success: it is on the disk."""
    OUT_OF_RESOURCES = 0xA700
    """Refused: no room for it; its sender may come again."""
    DOES_NOT_MATCH = 0xA900
    """Error: the data set is not what the command says."""
    NOT_UNDERSTOOD = 0xC000
    """Error: it is no whole object."""
    FAILED = 0x0110
    """Processing failure (PS3.7 C.5.8): a fault of ours; its sender may come again."""


class NotTaken(Exception):
    """An object that is not taken, with what its sender is answered."""

    def __init__(self, answer: Answer, reason: str) -> None:
        super().__init__(reason)
        self.answer = answer
