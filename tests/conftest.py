"""What many tests share: where the real images lie."""

import os
from pathlib import Path

import pytest

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real images beside the checkout; without it the test is skipped, or fails where CI=true."""
    if SHARED_DATA.is_dir():
        return SHARED_DATA
    if os.environ.get("CI") == "true":
        pytest.fail("the real images are missing: expected a folder shared/data beside the checkout")
    pytest.skip("needs the real images of shared/data beside the checkout")
