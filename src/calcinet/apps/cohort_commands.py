"""`calcinet cohort`: options in, one call, an exit code out; Dask and DuckDB are loaded only then."""

from typing import Any, Final

import typer

from calcinet.apps import options as given
from calcinet.apps.console import show
from calcinet.apps.help_pages import Command, Group
from calcinet.extras import require_extras

SETTINGS: Final = {"help_option_names": ["-h", "--help"]}

RUN: Final = "run"


class CohortGroup(Group):
    """`calcinet cohort SOURCE` is `calcinet cohort run SOURCE`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As of a group whose command may be left out."""
        return super().parse_args(ctx, self._put_command(args))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """As of a group whose command may be left out."""
        return super().resolve_command(ctx, self._put_command(args))

    def _put_command(self, args: list[str]) -> list[str]:
        """The command stands before an archive that is named at once."""
        if args and args[0] not in self.commands and args[0] not in (*SETTINGS["help_option_names"], "--help"):
            return [RUN, *args]
        return args


cohort = typer.Typer(
    name="cohort", cls=CohortGroup, no_args_is_help=True, rich_markup_mode="rich", context_settings=SETTINGS
)


@cohort.callback()
def about_cohort() -> None:
    r"""Examine an archive of many patients, and rank its films for the few that are worth a second look.

    The word run may be left out: cohort SOURCE -o OUT is short for cohort run SOURCE -o OUT.
    Needs the extra: pip install "calcinet\[cohort]".

    [bold]Examples[/bold]
      calcinet cohort archive/ -o screened
      calcinet cohort archive/ -o screened --where "age_years >= 18 AND body_part = 'lower leg'"
      calcinet cohort run --help        and so of every command

    [bold]Exit codes[/bold] 0 all films examined, 1 failure, 2 usage, 3 no film chosen or none could be examined,
    4 done, and some files failed, 5 weights unusable.
    """


@cohort.command(RUN, cls=Command)
def run(
    source: given.Archive,
    out: given.CohortOut,
    modality: given.CohortModality = "CR,DX,MG,picture",
    body_part: given.CohortPart = None,
    view: given.CohortView = None,
    age: given.CohortAge = None,
    where: given.CohortWhere = None,
    limit: given.CohortLimit = None,
    keep_copies: given.KeepCopies = False,
    project: given.Project = "cohort",
    keep_identifiers: given.KeepIdentifiers = False,
    prevalence: given.Prevalence = None,
    scheduler: given.Scheduler = None,
    workers: given.WorkerCount = None,
    memory_gib: given.WorkerMemory = 3.0,
    resume: given.Resume = False,
    quiet: given.Quiet = False,
) -> None:
    """Index the headers of an archive, examine the films that are chosen, and write ranked tables.

    The same command goes on where it was broken off, whatever broke it; without any worker it ends after 5 minutes
    (CALCINET_MAX_WORKER_SECONDS). Written are results.parquet, patients.parquet, failures.parquet, cost.parquet,
    thumbnails, review.html and RUN.json; the folder private in OUT holds places in the archive and is not given away.
    Nothing in the tables names a patient, unless --keep-identifiers says so.

    [bold]Examples[/bold]
      calcinet cohort archive/ -o screened
      calcinet cohort films.txt -o screened --modality DX --age 18-
      calcinet cohort archive/ -o legs --body-part "lower leg,knee" --where "rows >= 500"
      calcinet cohort s3://films/2025 -o screened --scheduler tcp://head:8786

    [bold]Exit codes[/bold] 0 all films examined, 1 failure, 2 usage, 3 no film chosen or none could be examined,
    4 done, and some files failed, 5 weights unusable.
    """
    require_extras(["cohort"], "calcinet cohort")
    from calcinet.apps.cohort import run_and_tell
    from calcinet.cohort.choice import Wish
    from calcinet.cohort.engine import Cluster
    from calcinet.cohort.run import CohortOrder
    from calcinet.evidence.priors import prior as find_prior

    wish = Wish(
        modalities=_split(modality),
        body_parts=_split(body_part),
        views=_split(view),
        ages=_parse_ages(age),
        where=where,
        limit=limit,
        keep_copies=keep_copies,
    )
    order = CohortOrder(
        source=source,
        folder=out,
        wish=wish,
        cluster=Cluster(scheduler=scheduler, workers=workers, memory_bytes=round(memory_gib * 2**30)),
        project=project,
        keep_identifiers=keep_identifiers,
        prevalence=None if prevalence is None else find_prior(prevalence).value,
        must_resume=resume,
    )
    lines, code = run_and_tell(order, quiet=quiet)
    if not quiet:
        show(*lines)
    raise typer.Exit(code)


@cohort.command("stats", cls=Command)
def stats(folder: given.CohortFolder, view: given.ViewOfRun = "overall", question: given.Question = None) -> None:
    """Ask the tables of a run, and print the answer as CSV: by year, device, body part, or a question of your own.

    The control chart has the mean of a month beside the limits of its device. R and pandas read the Parquet files as
    they are.

    [bold]Examples[/bold]
      calcinet cohort stats screened
      calcinet cohort stats screened --show control_chart > chart.csv
      calcinet cohort stats screened --sql "SELECT patient, best_rank FROM patients WHERE films >= 4"

    [bold]Exit codes[/bold] 0 answered, 2 there is no run, no such view, or the question cannot be asked.
    """
    require_extras(["cohort"], "calcinet cohort")
    from calcinet.cohort.stats import ask_run

    show(ask_run(folder, view, question))


@cohort.command("answers", cls=Command)
def answers(
    folder: given.CohortFolder, file: given.AnswerFile, store: given.StorePlace = None, who: given.Who = None
) -> None:
    """Take what was answered on review.html into the store, with who and when, and into answers.parquet of the run.

    [bold]Examples[/bold]
      calcinet cohort answers screened answers.csv
      calcinet cohort answers screened answers.csv --who lee --store study.sqlite

    [bold]Exit codes[/bold] 0 taken, 2 it is no file of answers on films of this run.
    """
    require_extras(["cohort"], "calcinet cohort")
    from calcinet.apps.storing import name_user
    from calcinet.cohort.review import take_answers

    counts = take_answers(folder, file, place=store, who=name_user(who))
    show(", ".join(f"{word} {count}" for word, count in counts.items()))


def _split(words: str | None) -> tuple[str, ...]:
    return tuple(word.strip() for word in (words or "").split(",") if word.strip())


def _parse_ages(text: str | None) -> tuple[float, float] | None:
    """Youngest and oldest: "18-", "-89", "40-65"."""
    if text is None:
        return None
    youngest, dash, oldest = text.partition("-")
    try:
        ages = float(youngest or 0), float(oldest or 200)
    except ValueError:
        ages = 1.0, 0.0
    if not dash or not 0 <= ages[0] <= ages[1]:  # of no number, too, nothing of this holds
        raise typer.BadParameter("ages are given as 18-, -65 or 40-65", param_hint="--age")
    return ages
