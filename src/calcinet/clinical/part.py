"""What every block of the case file has in common."""

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """One block of the case file; a key that is not in it is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True)
