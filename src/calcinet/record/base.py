"""What every part of a record is: frozen, checked, without NaN."""

import math
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
