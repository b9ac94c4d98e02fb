"""What a node is told, on the command line or in a file."""

import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from calcinet.apps.node.node import NodeOrder
from calcinet.apps.node.routing import Rule
from calcinet.delivery import destination
from calcinet.delivery.earlier import EarlierRule
from calcinet.errors import BadInput, Unreadable
from calcinet.given_files import read_given
from calcinet.limits import RECIPE_BYTES
from calcinet.reception import Listening, read_caller
from calcinet.reception.tls import make_context


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SendSettings(_Part):
    """Where results go, and of which studies: where a list is empty, of any."""

    to: str
    modalities: tuple[str, ...] = ()
    anatomy: tuple[str, ...] = ()
    callers: tuple[str, ...] = ()


class PriorsSettings(_Part):
    """Which earlier studies a new one is compared with, and where they come from."""

    source: str = Field(alias="from")
    modalities: tuple[str, ...] = ()
    same_body_part: bool = True
    most: int = Field(2, ge=1, le=10)
    years: float = Field(5.0, gt=0, le=100)


class TlsSettings(_Part):
    """Files for TLS, PEM; a path is seen from the folder of the configuration."""

    certificate: Path
    key: Path
    authority: Path | None = None


class NodeSettings(_Part):
    """All that can be told."""

    title: str = "CALCINET"
    host: str = "0.0.0.0"
    port: int = Field(11112, ge=0, le=65535)
    data: Path = Path("calcinet-data")
    quiet_seconds: float = Field(30.0, ge=0.5, le=3600)
    workers: int = Field(1, ge=1, le=64)
    accept: tuple[str, ...] = ()
    send: tuple[SendSettings, ...] = ()
    priors: PriorsSettings | None = None
    tls: TlsSettings | None = None


def read_settings(file: Path | None, given: dict[str, Any]) -> NodeSettings:
    """Settings of a file, where there is one; what the command line gives stands above it.

    Raises
    ------
    BadInput
        If the file cannot be read, or says what cannot be; the place is named, and nothing of its values.
    """
    told: dict[str, Any] = {}
    if file is not None:
        try:
            told = tomllib.loads(read_given(file, RECIPE_BYTES).decode())
        except (Unreadable, OSError, ValueError) as error:
            raise BadInput(f"the configuration of the node cannot be read as TOML ({_explain(error)})") from None
    try:
        settings = NodeSettings.model_validate(told | given)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise BadInput(f"the configuration of the node is wrong at {place!r}: {first['msg']}") from None
    if file is not None and settings.tls is not None and "tls" not in given:
        settings = settings.model_copy(update={"tls": _place(settings.tls, file.parent)})
    return settings


def _place(tls: TlsSettings, folder: Path) -> TlsSettings:
    placed: dict[str, Path | None] = {"certificate": folder / tls.certificate, "key": folder / tls.key}
    if tls.authority is not None:
        placed["authority"] = folder / tls.authority
    return tls.model_copy(update=placed)


def make_order(settings: NodeSettings) -> NodeOrder:
    """What a node does by its settings.

    Raises
    ------
    BadInput
        If nobody may call, or a caller, a destination or a file for TLS cannot be.
    """
    if not settings.accept:
        raise BadInput("nobody may call: give each caller with --accept TITLE@ADDRESS")
    tls = None
    if settings.tls is not None:
        tls = make_context(settings.tls.certificate, settings.tls.key, settings.tls.authority)
    listening = Listening(
        title=settings.title,
        host=settings.host,
        port=settings.port,
        callers=[read_caller(one) for one in settings.accept],
        tls=tls,
    )
    rules = [_make_rule(one) for one in settings.send]
    return NodeOrder(
        listening=listening,
        rules=rules,
        data=settings.data,
        quiet_s=settings.quiet_seconds,
        workers=settings.workers,
        earlier=None if settings.priors is None else _make_earlier_rule(settings.priors),
    )


def _make_earlier_rule(given: PriorsSettings) -> EarlierRule:
    return EarlierRule(
        source=destination(given.source),
        modalities=tuple(one.upper() for one in given.modalities),
        same_body_part=given.same_body_part,
        most=given.most,
        years=given.years,
    )


def _make_rule(given: SendSettings) -> Rule:
    return Rule(
        destination=destination(given.to),
        modalities=given.modalities,
        body_parts=given.anatomy,
        callers=given.callers,
    )


def _explain(error: Exception) -> str:
    """Why, where the reason names no line of the file."""
    if isinstance(error, tomllib.TOMLDecodeError):
        return str(error)
    return "no text, or not there"
