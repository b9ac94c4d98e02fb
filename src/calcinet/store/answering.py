"""What people answered on the films of an archive: kept with who and when; a later answer holds, the earlier stays."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from calcinet.errors import BadInput
from calcinet.store.results import Answer
from calcinet.store.tables import AnswerRow, AuditRow
from calcinet.store.transaction import Transaction
from calcinet.text import say

ANSWERED: Final = "answered"

WORDS: Final = ("yes", "no", "unsure")
"""Whether a film is worth a second look."""

LONGEST_PROJECT: Final = 80
"""Letters, as the table has them."""


def add_answers(work: Transaction, project: str, run: str, answers: Mapping[str, str]) -> int:
    """Keep the answers that differ from those that hold; says how many.

    `run` is the SHA-256 of the ranking, `answers` by film.

    Raises
    ------
    BadInput
        If one is no answer, or the name of the project is too long.
    """
    if not set(answers.values()) <= set(WORDS):
        raise BadInput(say("an answer is one of {words}", words=list(WORDS)))
    if len(project) > LONGEST_PROJECT:
        raise BadInput(say("the name of the project is too long for the store: give at most 80 letters"))
    holding = {answer.film: answer.answer for answer in read_answers(work.session, project)}
    new = {film: answer for film, answer in sorted(answers.items()) if holding.get(film) != answer}
    if not new:
        return 0
    entry = work.store.entries + 1
    rows = [AnswerRow(entry=entry, project=project, run=run, film=film, answer=answer) for film, answer in new.items()]
    work.note(ANSWERED, f"project {project}"[:80], digest=digest_of_answers(rows), run=run, answers=len(rows))
    work.session.flush()
    work.session.add_all(rows)
    work.session.flush()
    return len(rows)


def read_answers(session: Session, project: str) -> tuple[Answer, ...]:
    """The answer that holds on each film of a project, by film."""
    rows = session.execute(
        select(AnswerRow, AuditRow.at, AuditRow.who)
        .join(AuditRow, AuditRow.number == AnswerRow.entry)
        .where(AnswerRow.project == project)
        .order_by(AnswerRow.id)
    )
    holding = {row.film: Answer(film=row.film, answer=row.answer, run=row.run, at=at, who=who) for row, at, who in rows}
    return tuple(holding[film] for film in sorted(holding))


def digest_of_answers(rows: Iterable[AnswerRow]) -> str:
    """SHA-256 of all that the answers of one entry say."""
    content = [[row.project, row.run, row.film, row.answer] for row in rows]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()
