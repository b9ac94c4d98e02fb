"""The interface as it is described: the published description is that of the code, and no request makes it fail."""

import json
import os

import pytest
import schemathesis
from hypothesis import HealthCheck, settings

from calcinet.apps.web.application import make_application
from tests.support.paths import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("server")]

EXAMPLES = int(os.environ.get("SERVER_EXAMPLES", "5"))
"""Requests for each operation; more are tried with SERVER_EXAMPLES=200."""


def test_published_description_is_that_of_the_code():
    published = json.loads((ROOT / "docs/api/openapi.json").read_text("utf-8"))

    assert published == json.loads(json.dumps(make_application().openapi()))


DESCRIPTION = schemathesis.openapi.from_dict(make_application().openapi())


@pytest.mark.filterwarnings("ignore")
@DESCRIPTION.parametrize()
@settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None
)
def test_no_request_makes_the_server_fail(case, server, tokens):
    """Whatever is asked, by an admin, is answered with a number below 500."""
    headers = {"Authorization": f"Bearer {tokens['admin']}"}
    answer = case.call(base_url=server.url, headers=headers)

    assert answer.status_code < 500, answer.text
