"""Certificates for TLS, made by openssl: an authority, those that it signed, and one of nobody's."""

import shutil
import subprocess
from pathlib import Path

from tests.support.partners import need

OPENSSL = shutil.which("openssl")


def run(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(words, capture_output=True, text=True, check=False)


def make_papers(folder: Path) -> Path:
    """Files NAME.pem and NAME.key of ca, node, caller (both signed by ca, for 127.0.0.1) and stranger (by itself)."""
    need(OPENSSL, "openssl")
    new = (str(OPENSSL), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2")
    run(*new, "-subj", "/CN=authority", "-keyout", f"{folder}/ca.key", "-out", f"{folder}/ca.pem")
    host = ("-addext", "subjectAltName=IP:127.0.0.1")
    run(*new, *host, "-subj", "/CN=stranger", "-keyout", f"{folder}/stranger.key", "-out", f"{folder}/stranger.pem")
    signed = (*host, "-CA", f"{folder}/ca.pem", "-CAkey", f"{folder}/ca.key")
    for name in ("node", "caller"):
        run(*new, *signed, "-subj", f"/CN={name}", "-keyout", f"{folder}/{name}.key", "-out", f"{folder}/{name}.pem")
    return folder
