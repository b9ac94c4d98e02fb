"""An S3 on loopback: the server of moto, a process of its own, and its client."""

import os
import re
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

HAS_S3: Final = all(find_spec(module) for module in ("boto3", "flask", "flask_cors", "moto", "s3fs"))

LOGIN: Final = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_MAX_ATTEMPTS": "1",
}
"""As a user gives it, in the environment; nobody is asked outside this machine."""


class LoopbackS3:
    """A server with nothing on it; it keeps what it is given until it is stopped."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.url = ""
        self._start(0)

    def _start(self, port: int) -> None:
        log = self._folder / "moto.log"
        with log.open("w") as told:
            self._process = subprocess.Popen(
                [sys.executable, "-u", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
                stdout=told,
                stderr=subprocess.STDOUT,
                cwd=self._folder,
                env=os.environ | LOGIN,
            )
        self.url = _read_url(log, self._process)

    @property
    def environment(self) -> dict[str, str]:
        """What leads the drivers to it."""
        return LOGIN | {"AWS_ENDPOINT_URL": self.url}

    def client(self) -> Any:
        """A client of Amazon's own library, which knows nothing of calcinet."""
        import boto3

        return boto3.client(
            "s3",
            endpoint_url=self.url,
            region_name=LOGIN["AWS_DEFAULT_REGION"],
            aws_access_key_id=LOGIN["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=LOGIN["AWS_SECRET_ACCESS_KEY"],
        )

    def stop(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()


def _read_url(log: Path, process: "subprocess.Popen[bytes]") -> str:
    """Address, as the server says it when it is ready."""
    ends = time.monotonic() + 60
    while time.monotonic() < ends and process.poll() is None:
        found = re.search(r"Running on (http://127\.0\.0\.1:\d+)", log.read_text("utf-8"))
        if found is not None:
            return found[1]
        time.sleep(0.1)
    raise AssertionError(f"the S3 did not start: {log.read_text('utf-8')[-500:]}")
