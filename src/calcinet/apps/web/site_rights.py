"""Who may see which studies: those of his sites, as wards, departments or houses are called here."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from calcinet.apps.web.database import connected
from calcinet.apps.web.people import Person
from calcinet.apps.web.problems import Problem
from calcinet.errors import BadInput
from calcinet.text import plain, say

LONGEST_SITE: Final = 60
"""Letters."""

MOST_SITES: Final = 100
"""Of one user. Our choice."""


class SiteRights:
    """Which sites somebody belongs to, in the file of `Access`, which makes the table."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, name: str) -> frozenset[str]:
        """The sites of somebody; none of who belongs to none."""
        with connected(self._path) as database:
            rows = database.execute("select site from sites where name = ?", (name,)).fetchall()
        return frozenset(row["site"] for row in rows)

    def put(self, name: str, sites: Iterable[str]) -> tuple[str, ...]:
        """Let somebody belong to these sites and to no other; gives them in order.

        Raises
        ------
        BadInput
            If a site has no name that can be read, or there are too many.
        """
        chosen = sorted(set(sites))
        if len(chosen) > MOST_SITES:
            raise BadInput(say("a user belongs to {most} sites at most", most=MOST_SITES))
        for site in chosen:
            check_site(site)
        with connected(self._path) as database:
            database.execute("delete from sites where name = ?", (name,))
            database.executemany("insert into sites values (?, ?)", [(name, site) for site in chosen])
        return tuple(chosen)


def check_site(site: str) -> None:
    """Refuse the name of a site that cannot be read."""
    if not site.strip() or site != site.strip() or len(site) > LONGEST_SITE or plain(site) != site:
        raise BadInput(
            say("a site has 1 to {most} letters that can be seen, and no blank at either end", most=LONGEST_SITE)
        )


def choose_site(person: Person, given: str | None) -> str:
    """The site of a study that somebody sends.

    Raises
    ------
    Problem
        If it is none of his, or he belongs to several and says none.
    """
    if given:
        check_site(given)
        if not person.sees(given):
            raise Problem(403, say("you do not belong to this site: ask an admin"), code="site")
        return given
    if len(person.sites) > 1 and person.role != "admin":
        raise Problem(
            422, say("you belong to several sites: choose the one that the study belongs to (field site)"), code="site"
        )
    if person.role == "admin" or not person.sites:
        return ""
    (only,) = person.sites
    return only


def require_all_sites(person: Person) -> None:
    """Refuse somebody of single sites what is of all together."""
    if person.role != "admin" and person.sites:
        raise Problem(
            403, say("this is of all sites together, and you belong to single ones: ask an admin"), code="site"
        )
