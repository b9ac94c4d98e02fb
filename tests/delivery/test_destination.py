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


@pytest.mark.parametrize(
    "given", ["dicom://A@h:104?calling=ME", "dicom://pacs-1@h:11112", "dicoms://A@h:2762", "https://h/dicom-web"]
)
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


@pytest.mark.parametrize(
    ("given", "way"),
    [
        ("http://h/dicom-web?token=SECRET", "netrc"),
        ("http://h/dicom-web;SECRET", "netrc"),
        ("https://h/#SECRET", "behind #"),
        ("http://SECRET@h/x", "netrc"),
        ("http://:SECRET@h/x", "netrc"),
        ("http://@h/SECRET", "netrc"),
        ("dicom://A:SECRET@h:104", "takes no password"),
        ("dicom://A@SECRET@h:104", "takes no password"),
        ("dicom://A@h:104?token=SECRET", "leave it out"),
        ("dicom://A@h:104?calling=B&calling=SECRET", "leave it out"),
        ("dicom://A@h:104/SECRET", "leave it out"),
        ("http://h/" + "SECRET" * 200, "512 letters"),
        ("http://h/SEC RET", "a blank"),
        ("http://h/SECRET\t", "a blank"),
        ("http://h/SECRET\n", "a blank"),
        ("http://h/\x1b]0;SECRET\a", "a blank"),
        ("http://h\\SECRET", "a blank"),
        ("http://pаcs.example/SECRET", "xn--"),
        ("http://h/SECRETé", "xn--"),
        ("http://h/\u202eSECRET", "xn--"),
        ("http://" + "SECRET" * 20 + "/", "no destination"),
        ("http://" + "SECRET." * 50 + "x/", "no destination"),
        ("http://SECRET%41/", "no destination"),
        ("http://h:0/SECRET", "no destination"),
        ("http://[::1::2]/SECRET", "no destination"),
        ("http:///SECRET", "no destination"),
        ("SECRET://h", "nothing is delivered by that way"),
    ],
)
def test_what_may_be_a_secret_is_neither_taken_nor_repeated(given, way):
    """A password, a token, and letters that hide what they are."""
    with pytest.raises(BadInput, match=way) as caught:
        destination(given)

    assert "secret" not in str(caught.value).lower()


@pytest.mark.parametrize(
    "given",
    [
        "http://[::1]:8042/dicom-web",
        "dicom://A@[fe80::1]:104",
        "https://xn--pcs-5cd.example/a%20b",
        "http://127.0.0.1:80/x",
    ],
)
def test_addresses_of_every_kind_read_back(given):
    """Numbers of IPv6, a name in the letters of the name service, a blank as %20."""
    assert str(destination(given)) == given


def test_title_with_a_blank_is_written_with_a_percent_sign():
    where = destination("dicom://MY%20PACS@h:104?calling=ME%26YOU")

    assert where == Node(called="MY PACS", host="h", port=104, calling="ME&YOU")
    assert destination(str(where)) == where
