"""Base class and field types of every model of a record: frozen, checked, without NaN."""

import math
from dataclasses import dataclass
from numbers import Real
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)

from calcinet.text import Text, plain


def _replace_not_finite(value: Any) -> Any:
    if isinstance(value, Real) and not math.isfinite(value):
        return None
    return value


Quantity = Annotated[float | None, BeforeValidator(_replace_not_finite)]
"""A number, or None when it is missing: NaN and infinity are missing."""


def _keep_text(value: Any, validate_string: ValidatorFunctionWrapHandler) -> str:
    plain: str = validate_string(value)
    if isinstance(value, Text):
        return value
    return plain


Sentence = Annotated[str, WrapValidator(_keep_text)]
"""Text for people: a `Text` keeps its message and its values, so that it can be said in another language."""

Identifier = Annotated[str, Field(pattern="^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")]
"""Begins the name of a file and of nothing else: it holds no part of a path, begins with no dot and has no blank."""

Interval = tuple[float, float]
"""Low and high end of 95 %."""

Point = tuple[float, float]
"""Row and column in pixels of the image; on CT of its projection from the front, head up, the patient's left at the
right."""


def _make_plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return type(value)(map(_make_plain, value)) if any(isinstance(item, str) for item in value) else value
    if isinstance(value, str) and not isinstance(value, Text):
        return plain(value)
    return value


class RecordModel(BaseModel):
    """A frozen model that refuses fields which it does not have."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, validate_by_name=True, validate_by_alias=True
    )

    @model_validator(mode="before")
    @classmethod
    def _keep_plain(cls, told: Any) -> Any:
        """Take texts as they are seen: nothing in them turns the direction of writing or hides."""
        if not isinstance(told, dict):
            return told
        return {name: _make_plain(value) for name, value in told.items()}


def check_interval(interval: Interval) -> None:
    """Refuse an interval whose ends are swapped; raises ValueError, which pydantic turns into a ValidationError."""
    if interval[0] > interval[1]:
        raise ValueError(f"an interval runs from low to high, got {interval}")


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldMeaning:
    """Unit and label of a number, declared in the annotation of its field; the JSON schema does not show it."""

    unit: str
    """UCUM."""
    label: str
    after: str = ""
    """Field behind which the number is listed; where empty, it is listed as declared."""


def field_meanings(model: type[RecordModel]) -> dict[str, FieldMeaning]:
    """Give the fields of a model that declare unit and label, in the order in which they are listed."""
    meanings: dict[str, FieldMeaning] = {}
    names: list[str] = []
    for name, field in model.model_fields.items():
        for item in field.metadata:
            if isinstance(item, FieldMeaning):
                meanings[name] = item
                position = names.index(item.after) + 1 if item.after else len(names)
                names.insert(position, name)
    return {name: meanings[name] for name in names}
