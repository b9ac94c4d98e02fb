"""What the blocks of a case have in common: how words and days are read."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Annotated, Any, ClassVar, Final, Literal, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

ISO_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def _require_iso(value: Any) -> Any:
    """A bare number is no day, though seconds since 1970 could be made of it."""
    if isinstance(value, date) or (isinstance(value, str) and ISO_DAY.fullmatch(value)):
        return value
    raise ValueError("a day reads year-month-day, for instance 2026-03-09")


Day = Annotated[date, BeforeValidator(_require_iso)]
"""A whole day; where only the month or the year is known, say how long instead."""


YES_NO_WORDS: Final[dict[str, bool | None]] = {
    "present": True, "positive": True, "是": True, "有": True,
    "absent": False, "negative": False, "none": False, "否": False, "無": False, "无": False, "沒有": False,
    "没有": False, "unknown": None, "not known": None, "not stated": None, "不詳": None, "不详": None,
}  # fmt: skip
"""Other answers than yes and no; "unknown" leaves it open.

Not taken where a disease is excluded or not: that it is present would be the opposite."""


class CaseBlock(BaseModel):
    """One block of the case file; a key that is not in it is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True)

    other_words: ClassVar[Mapping[str, Mapping[str, str]]] = {}
    """By field, other words for the words of its list, in small letters."""

    @model_validator(mode="before")
    @classmethod
    def _read_words(cls, data: Any) -> Any:
        """Take a word of a list in any case, and by its other names."""
        if not isinstance(data, Mapping):
            return data
        return {key: cls._name_type(key, value) for key, value in data.items()}

    @classmethod
    def _name_type(cls, name: str, value: Any) -> Any:
        field = cls.model_fields.get(name)
        if field is None:
            return value
        annotation: Any = field.annotation
        options = options_of(annotation)
        if bool in (annotation, *get_args(annotation)) and isinstance(value, str) and not name.endswith("excluded"):
            return YES_NO_WORDS.get(value.strip().casefold(), value)
        if not options or isinstance(value, bool) or not isinstance(value, str | int):
            return value
        small = " ".join(str(value).split()).casefold()
        folded = {option.casefold(): option for option in options}
        return folded.get(small) or cls.other_words.get(name, {}).get(small, value)


def ordered(start: date | None, stop: date | None) -> None:
    """Refuse a span of days that ends before it begins."""
    if start is not None and stop is not None and stop < start:
        raise ValueError("stop lies before start")


@cache
def options_of(annotation: Any) -> tuple[str, ...]:
    """The words that a field takes; none where it takes no list of words.

    >>> options_of(Literal["ulcer", "eschar"] | None)
    ('ulcer', 'eschar')
    """
    if get_origin(annotation) is Literal:
        return tuple(option for option in get_args(annotation) if isinstance(option, str))
    if get_origin(annotation) is tuple:
        return ()
    options: list[str] = []
    for inner in get_args(annotation):
        options += options_of(inner)
    return tuple(options)
