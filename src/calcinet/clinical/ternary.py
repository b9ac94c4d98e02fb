"""Yes, no and unknown: None is never taken for no."""

from collections.abc import Collection, Iterable

Ternary = bool | None


def all_of(answers: Iterable[Ternary]) -> Ternary:
    """Whether all are true.

    >>> all_of([True, None]), all_of([False, None]), all_of([True, True])
    (None, False, True)
    """
    given = list(answers)
    if False in given:
        return False
    if None in given:
        return None
    return True


def any_of(answers: Iterable[Ternary]) -> Ternary:
    """Whether one is true.

    >>> any_of([True, None]), any_of([False, None]), any_of([False, False])
    (True, None, False)
    """
    given = list(answers)
    if True in given:
        return True
    if None in given:
        return None
    return False


def at_least(number: int, sure: int, possible: int) -> Ternary:
    """Whether a count, known to lie from `sure` to `possible`, reaches `number`.

    >>> at_least(2, 2, 5), at_least(2, 1, 5), at_least(2, 0, 1)
    (True, None, False)
    """
    if sure >= number:
        return True
    if possible < number:
        return False
    return None


def above(value: float | None, limit: float) -> Ternary:
    """Whether a number is above a limit; None where there is no number.

    >>> above(2.0, 1.0), above(1.0, 1.0), above(None, 1.0)
    (True, False, None)
    """
    if value is None:
        return None
    return value > limit


def below(value: float | None, limit: float) -> Ternary:
    """Whether a number is below a limit; None where there is no number.

    >>> below(0.5, 1.0), below(1.0, 1.0), below(None, 1.0)
    (True, False, None)
    """
    if value is None:
        return None
    return value < limit


def at_or_above(value: float | None, limit: float) -> Ternary:
    """Whether a number reaches a limit; None where there is no number.

    >>> at_or_above(1.0, 1.0), at_or_above(0.5, 1.0), at_or_above(None, 1.0)
    (True, False, None)
    """
    if value is None:
        return None
    return value >= limit


def is_among(value: str | None, options: Collection[str]) -> Ternary:
    """Whether a word is one of several; None where there is no word.

    >>> is_among("low", ("low", "high")), is_among("normal", ("low",)), is_among(None, ("low",))
    (True, False, None)
    """
    if value is None:
        return None
    return value in options


def share_any(values: Iterable[str] | None, options: Collection[str]) -> Ternary:
    """Whether one of several words is among the options; None where nothing is stated.

    >>> share_any(("large", "small"), ("small",)), share_any((), ("small",)), share_any(None, ("small",))
    (True, False, None)
    """
    if values is None:
        return None
    return any(value in options for value in values)


def is_filled(values: Collection[object] | None) -> Ternary:
    """Whether a list has an entry; None where there is no list.

    >>> is_filled((1,)), is_filled(()), is_filled(None)
    (True, False, None)
    """
    if values is None:
        return None
    return bool(values)
