"""Whether all of a study has come."""

from typing import Final

from calcinet.apps.node.register import OpenStudy

PATIENCE: Final = 10
"""A study that lacks objects is waited for so many times the quiet time. Our choice: a queue of a modality that broke
off begins again within minutes; what comes later opens the study again."""


def is_complete(study: OpenStudy, now: float, quiet_s: float) -> bool:
    """Whether nothing more is to be waited for: nothing came for a while, and all is there where it is known how much.

    >>> study = OpenStudy(key="", caller="", first_at=0, last_at=100, expected=3, queued_as=None, count=2)
    >>> is_complete(study, 131, 30), is_complete(study, 400, 30)
    (False, True)
    """
    quiet = now - study.last_at
    if quiet < -quiet_s * PATIENCE:  # the clock was put back, and nobody knows how long it was quiet
        return True
    if study.expected is not None and study.count < study.expected:
        return quiet >= quiet_s * PATIENCE
    return quiet >= quiet_s
