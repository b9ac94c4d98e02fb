"""Which version of calcinet this is; the package's face shows it."""

from typing import Final

__version__ = "0.1.0"

PROGRAM: Final = "calcinet"
"""What a picture that was drawn here names as its software (tEXt, PNG 11.3.4.2)."""
