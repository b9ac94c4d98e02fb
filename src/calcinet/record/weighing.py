"""What the findings weigh, what else it could be, and what to do next, in a record."""

from typing import Literal, Self

from pydantic import Field, model_validator

from calcinet.record.base import RecordModel, Sentence

Status = Literal["seen", "derived", "secondary", "recalled", "case"]
"""How far the text behind a figure was read."""

Triple = tuple[float, float, float]
"""Median, low and high of 95 %."""


class Prior(RecordModel):
    """Probability before the images, in the user's hand."""

    value: float = Field(gt=0, lt=1)
    basis: Sentence
    reference: str | None = None
    """Of a published figure."""


class Preset(RecordModel):
    """A published figure that a user may take as prior, or why there is none."""

    name: str
    label: Sentence
    value: float | None = None
    why_none: Sentence = ""
    reference: str
    status: Status


class Term(RecordModel):
    """One finding's weight."""

    finding: str
    present: bool | None
    ratio: Triple
    """Likelihood ratio of what was seen; where that is unknown, of the finding present."""
    n: tuple[int, int]
    """Cases and controls."""
    reference: str
    status: Status
    used: bool
    why_not: Sentence | None = None
    images: tuple[str, ...] = ()
    label: Sentence = ""
    group: Sentence = ""
    """Findings of one group say the same thing: one of them counts."""
    study: str = ""
    year: int | None = None
    population: Sentence = ""
    cases: tuple[int, int] | None = None
    """With the finding and examined, among patients; None where only bounds are known."""
    controls: tuple[int, int] | None = None
    note: Sentence = ""


class Move(RecordModel):
    """By what factor a finding moves the odds: its 95 % interval where known, absent to present where not."""

    finding: str
    label: Sentence
    known: bool
    low: float
    high: float


class Posterior(RecordModel):
    """Probability after the images."""

    median: float = Field(ge=0, le=1)
    interval95: tuple[float, float]


class Evidence(RecordModel):
    """What the findings weigh; without a prior there is no posterior."""

    hypothesis: str = "calciphylaxis"
    prior: Prior | None = None
    terms: tuple[Term, ...] = ()
    posterior: Posterior | None = None
    by_prior: tuple[tuple[float, float, float, float], ...] = ()
    """Prior, then median, low and high of the posterior."""
    ratio: Triple = (1.0, 1.0, 1.0)
    """Of all used terms together."""
    moves: tuple[Move, ...] = ()
    """What moves the odds most, widest first."""
    presets: tuple[Preset, ...] = ()
    cautions: tuple[Sentence, ...] = ()

    @model_validator(mode="after")
    def _check_posterior_has_prior(self) -> Self:
        if self.posterior is not None and self.prior is None:
            raise ValueError("a posterior needs a prior")
        return self


class Differential(RecordModel):
    """Another disease: what speaks for it, what against, what to ask."""

    name: Sentence
    for_: tuple[Sentence, ...] = Field(default=(), alias="for")
    against: tuple[Sentence, ...] = ()
    ask: Sentence = ""
    reference: str


class Advice(RecordModel):
    """One next step."""

    code: str
    kind: Literal["urgent", "review", "image", "tissue", "ask", "care"] = "review"
    who: Sentence | None = None
    """Whom to call; None where it is whoever treats the patient."""
    how_soon: Literal["now", "today", "this week"] | None = None
    level: Literal["evidence", "expert", "report"]
    text: Sentence
    reference: str
