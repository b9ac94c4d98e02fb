"""What the findings weigh, what else it could be, and what to do next, in a record."""

from typing import Literal, Self

from pydantic import Field, model_validator

from calcinet.record.part import Part, Sentence


class Prior(Part):
    """Probability before the images, in the user's hand."""

    value: float = Field(gt=0, lt=1)
    basis: Sentence


class Term(Part):
    """One finding's weight."""

    finding: str
    present: bool | None
    ratio: tuple[float, float, float]
    """Median, low and high of the likelihood ratio."""
    n: tuple[int, int]
    """Cases and controls."""
    reference: str
    status: Literal["seen", "derived", "secondary", "recalled", "case"]
    used: bool
    why_not: Sentence | None = None
    images: tuple[str, ...] = ()


class Posterior(Part):
    """Probability after the images."""

    median: float = Field(ge=0, le=1)
    interval95: tuple[float, float]


class Evidence(Part):
    """What the findings weigh; without a prior there is no posterior."""

    hypothesis: str = "calciphylaxis"
    prior: Prior | None = None
    terms: tuple[Term, ...] = ()
    posterior: Posterior | None = None
    by_prior: tuple[tuple[float, float, float, float], ...] = ()
    """Prior, then median, low and high of the posterior."""

    @model_validator(mode="after")
    def _no_prior_no_posterior(self) -> Self:
        if self.posterior is not None and self.prior is None:
            raise ValueError("a posterior needs a prior")
        return self


class Differential(Part):
    """Another disease: what speaks for it, what against, what to ask."""

    name: Sentence
    for_: tuple[Sentence, ...] = Field(default=(), alias="for")
    against: tuple[Sentence, ...] = ()
    ask: Sentence = ""
    reference: str


class Advice(Part):
    """One next step."""

    code: str
    level: Literal["evidence", "expert", "report"]
    text: Sentence
    reference: str
