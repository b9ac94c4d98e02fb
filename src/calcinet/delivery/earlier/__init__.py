"""Earlier studies of a patient out of an archive: C-FIND and C-MOVE, or QIDO-RS and WADO-RS."""

from calcinet.delivery.earlier.archive import Archive, open_archive
from calcinet.delivery.earlier.choice import EarlierRule, EarlierSeries, EarlierStudy, choose_studies
from calcinet.delivery.earlier.question import Question, read_question

__all__ = [
    "Archive",
    "EarlierRule",
    "EarlierSeries",
    "EarlierStudy",
    "Question",
    "choose_studies",
    "open_archive",
    "read_question",
]
