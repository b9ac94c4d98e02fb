"""Where the checkout and what lies beside it are, however deep a test lies."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
"""The checkout."""

SHARED_DATA = ROOT.parent / "shared" / "data"
"""Real images beside the checkout."""
