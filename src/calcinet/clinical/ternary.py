"""Yes, no and unknown: None is never taken for no."""

from collections.abc import Iterable

Ternary = bool | None


def all_of(answers: Iterable[Ternary]) -> Ternary:
    """Whether all are true.

    >>> all_of([True, None]), all_of([False, None]), all_of([True, True])
    (None, False, True)
    """
    given = list(answers)
    return False if any(answer is False for answer in given) else None if None in given else True


def any_of(answers: Iterable[Ternary]) -> Ternary:
    """Whether one is true.

    >>> any_of([True, None]), any_of([False, None]), any_of([False, False])
    (True, None, False)
    """
    given = list(answers)
    return True if any(answer is True for answer in given) else None if None in given else False


def at_least(number: int, sure: int, possible: int) -> Ternary:
    """Whether a count, known to lie from `sure` to `possible`, reaches `number`.

    >>> at_least(2, 2, 5), at_least(2, 1, 5), at_least(2, 0, 1)
    (True, None, False)
    """
    return True if sure >= number else False if possible < number else None
