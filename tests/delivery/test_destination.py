"""Addresses of destinations: read, written again, refused without repeating a password."""

import pytest

from calcinet.delivery import destination
from calcinet.delivery.destination import Node, Web, folder_name
from calcinet.errors import BadInput


@pytest.mark.parametrize(
    "given",
    ["", "pacs", "ftp://host/x", "dicom://host:104", "dicom://A@host", f"dicom://{'X' * 17}@host:104", "dicom://A@h:x"],
)
def test_address_that_is_none_is_refused(given):
    with pytest.raises(BadInput, match="dicom://TITLE@host:port"):
        destination(given)


def test_login_in_an_address_is_refused_and_not_repeated():
    with pytest.raises(BadInput, match="netrc") as caught:
        destination("http://me:secret@host/dicom-web")

    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("given", ["dicom://A@h:104?calling=ME", "dicom://pacs-1@h:11112", "https://h/dicom-web"])
def test_address_reads_back(given):
    assert str(destination(given)) == given


def test_title_keeps_upper_and_lower_case():
    """Unlike the host of an address."""
    assert destination("dicom://Pacs@HOST:104") == Node(called="Pacs", host="host", port=104)


def test_slash_at_the_end_of_an_address_does_not_count():
    """One service, one folder: 16 digits of SHA-256."""
    assert destination("https://h/dicom-web/") == Web("https://h/dicom-web")
    assert folder_name(destination("https://h/dicom-web/")) == folder_name(destination("https://h/dicom-web"))
    assert len(folder_name(Web("https://h"))) == 16
