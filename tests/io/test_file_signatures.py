"""Formats told by the first bytes."""

import pytest

from tests.support.refusals import refused


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", "empty", "0 bytes"),
        (b"Dear colleague, thank you for this patient", "not-an-image", "found no image"),
        (b"%PDF-1.7 " + bytes(300), "unsupported-format", "PDF"),
        (b"GIF89a" + bytes(300), "unsupported-format", "GIF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "truncated", "PNG"),
        (bytes(128) + b"DICM", "truncated", "DICOM file that is damaged"),
    ],
)
def test_what_is_no_film_is_named(tmp_path, content, code, words):
    """An explicit path is answered, whatever it is."""
    path = tmp_path / "smith.xyz"
    path.write_bytes(content)

    result = refused(path)

    assert result.code == code
    assert words in result.reason
