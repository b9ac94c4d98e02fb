"""DICOM over TLS by BCP 195 (PS3.15 B.9): who listens shows a certificate, and may ask callers for theirs."""

import ssl
from pathlib import Path

from calcinet.delivery.tls import CIPHERS, refuse_password
from calcinet.errors import BadInput


def make_context(certificate: Path, key: Path, authority: Path | None) -> ssl.SSLContext:
    """Make what connections are kept secret with.

    Parameters
    ----------
    certificate
        Our own, with those between it and its authority, PEM.
    key
        Its private key, PEM, without a password.
    authority
        Where given, callers must show a certificate that it signed.

    Raises
    ------
    BadInput
        If a file cannot be read or does not belong to the other.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(CIPHERS)
    try:
        context.load_cert_chain(certificate, key, password=refuse_password)
    except (OSError, ssl.SSLError, ValueError):
        raise BadInput(
            "certificate and key for TLS cannot be read, or do not belong together: give PEM files, the key without a"
            " password"
        ) from None
    if authority is not None:
        try:
            context.load_verify_locations(authority)
        except (OSError, ssl.SSLError):
            raise BadInput("the authority for TLS cannot be read: give its certificate as a PEM file") from None
        context.verify_mode = ssl.CERT_REQUIRED
    return context
