"""A destination is connected to by its own protocol, whose library is loaded only then."""

import gc
import subprocess
import sys

import pytest

from calcinet.delivery import destination
from calcinet.delivery.outcome import Unreachable
from calcinet.delivery.transport import MOST_KINDS, connect
from calcinet.delivery.wholeness import read_instance
from tests.support.captures import NOBODY, capture, uid_of

LOADED = """
import sys
from calcinet.apps import sending
from calcinet.delivery import deliver, transport
print([name for name in ("pynetdicom", "calcinet.delivery.stow") if name in sys.modules])
"""


def test_libraries_of_the_network_are_loaded_only_to_connect():
    """In a fresh interpreter."""
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("way", ["node", "dicomweb"])
def test_object_sent_through_a_connection_is_in_the_archive(orthanc, way):
    content = capture(7000 + len(way))
    instance = read_instance(content)
    with connect(destination(getattr(orthanc, way)), [instance.kind]) as connection:
        connection.send(content, instance)

    assert uid_of(content) in orthanc.instances()


@pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning")
def test_node_that_is_down_is_unreachable():
    kinds = [read_instance(capture(1)).kind]
    with pytest.raises(Unreachable, match="does not answer"), connect(destination(NOBODY), kinds):
        pass
    gc.collect()


def test_service_that_is_down_is_unreachable_when_an_object_is_sent():
    content = capture(1)
    instance = read_instance(content)
    service = destination("http://127.0.0.1:9/dicom-web")
    refusing = pytest.raises(Unreachable, match="the service does not answer")
    with connect(service, [instance.kind]) as connection, refusing:
        connection.send(content, instance)


def test_association_carries_as_many_kinds_as_the_standard_allows():
    """Presentation contexts have the odd numbers from 1 to 255 (PS3.8 9.3.2.2)."""
    assert len(range(1, 256, 2)) == MOST_KINDS
