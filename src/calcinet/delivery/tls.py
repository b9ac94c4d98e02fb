"""DICOM over TLS by BCP 195 (PS3.15 B.9) for who calls: files that the environment names, and no address holds."""

import os
import ssl
from typing import Final

from calcinet.errors import BadInput

CIPHERS: Final = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""Of TLS 1.2: forward secret and authenticated (RFC 9325 4.2); those of TLS 1.3 are all."""

CERTIFICATE: Final = "CALCINET_TLS_CERTIFICATE"
KEY: Final = "CALCINET_TLS_KEY"
AUTHORITY: Final = "CALCINET_TLS_AUTHORITY"
"""Our certificate, where archives ask for one, its key, and whose signature an archive's must have; PEM files."""


def make_caller_context() -> ssl.SSLContext:
    """Make what associations are kept secret with: the archive must show a certificate for the name it is called by.

    Raises
    ------
    BadInput
        If a file that the environment names cannot be read, or certificate and key do not belong together.
    """
    authority, certificate, key = (os.environ.get(name) or None for name in (AUTHORITY, CERTIFICATE, KEY))
    try:
        context = ssl.create_default_context(cafile=authority)
    except (OSError, ssl.SSLError):
        raise BadInput(f"the authority for TLS cannot be read: let {AUTHORITY} name its certificate, PEM") from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(CIPHERS)
    if certificate is None and key is None:
        return context
    if certificate is None or key is None:
        raise BadInput(f"TLS with a certificate of ours needs both {CERTIFICATE} and {KEY}")
    try:
        context.load_cert_chain(certificate, key, password=refuse_password)
    except (OSError, ssl.SSLError, ValueError):
        raise BadInput(
            f"certificate and key for TLS cannot be read, or do not belong together: {CERTIFICATE} and {KEY} name PEM"
            " files, the key without a password"
        ) from None
    return context


def refuse_password() -> str:
    """Nobody is there to type one."""
    raise ValueError
