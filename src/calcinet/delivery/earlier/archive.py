"""The archive that is asked for earlier studies: a DICOM node, or a DICOMweb service."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Final, Protocol

from calcinet.delivery.destination import Destination, Node
from calcinet.delivery.earlier.choice import EarlierSeries, FoundStudy
from calcinet.delivery.earlier.question import Question

MOST_FOUND: Final = 500
"""Studies or series that an archive may name in one answer. Our choice: no patient has as many in some years."""

Keep = Callable[[bytes], None]
"""Keeps one object."""


class Archive(Protocol):
    """What an archive can be asked; each question raises Unreachable or Refused where it has no answer."""

    def find_studies(self, question: Question, first: date, last: date) -> list[FoundStudy]:
        """Studies of the patient between two days, as the archive sees it."""

    def find_series(self, study: str) -> list[EarlierSeries]:
        """The series of a study."""

    def fetch(self, study: str, series: str, keep: Keep) -> int | None:
        """Have a series come; how many objects the archive says that it gave, None where it does not say.

        A service gives them here, to `keep`; a node sends them to whoever listens for us.
        """


@contextmanager
def open_archive(where: Destination, listener: str) -> Iterator[Archive]:
    """Connect to an archive; `listener` is the title that a node is to send objects to.

    Raises
    ------
    Unreachable, Refused
        If it does not answer or does not let us in.
    """
    if isinstance(where, Node):
        from calcinet.delivery.earlier.node import open_node

        with open_node(where, listener) as node:
            yield node
    else:
        from calcinet.delivery.earlier.web import open_service

        with open_service(where) as service:
            yield service
