"""What every part of a record is: frozen, checked, without NaN."""

import math
from dataclasses import dataclass
from numbers import Real
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidatorFunctionWrapHandler, WrapValidator

from calcinet.text import Text


def _finite_or_none(value: Any) -> Any:
    return None if isinstance(value, Real) and not math.isfinite(value) else value


Quantity = Annotated[float | None, BeforeValidator(_finite_or_none)]
"""A number, or None when it is missing: NaN and infinity are missing."""


def _remembering(value: Any, as_string: ValidatorFunctionWrapHandler) -> str:
    plain: str = as_string(value)
    return value if isinstance(value, Text) else plain


Sentence = Annotated[str, WrapValidator(_remembering)]
"""Words for people: a `Text` keeps its message and its values, so that it can be said in another language."""


class RecordModel(BaseModel):
    """A piece of a record: frozen, and refusing fields that it does not know."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, validate_by_name=True, validate_by_alias=True
    )


def ordered(interval: tuple[float, float]) -> tuple[float, float]:
    """Refuse an interval the wrong way round."""
    if interval[0] > interval[1]:
        raise ValueError(f"an interval runs from low to high, got {interval}")
    return interval


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
