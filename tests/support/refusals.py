"""Refusals of whole files, looked at as a user sees them."""

import warnings
from pathlib import Path

from calcinet.io import Refusal, read_all


def refused(path: Path) -> Refusal:
    """The refusal of one path, whose sentence is long enough to help and names no file."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (result,) = read_all([path])
    assert isinstance(result, Refusal)
    assert len(result.reason) > 40
    assert path.stem not in result.reason + result.source
    return result
