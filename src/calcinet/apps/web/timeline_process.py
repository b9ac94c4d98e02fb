"""A process that puts records on one time line: paths and language as JSON in, the time line as JSON out.

The process that answers people imports no finder; this one does, and ends.
"""

import json
import sys
from pathlib import Path
from typing import Any

from calcinet.api import follow
from calcinet.apps.web.page_words import reword_for_page
from calcinet.errors import CalcinetError
from calcinet.record import Record
from calcinet.report.timeline.page import timeline_page
from calcinet.text import messages_of


def make_timeline(paths: list[str], language: str) -> dict[str, Any]:
    """The time line of records and its page, or the sentence that refuses it with what the sentence is made of."""
    try:
        timeline = reword_for_page(follow([Record.from_json(Path(path).read_text("utf-8")) for path in paths]))
        return {"timeline": json.loads(timeline.to_json()), "page": timeline_page(timeline, language)}
    except CalcinetError as error:
        return {"refused": str.__str__(str(error)), "messages": messages_of([str(error)])}


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    json.dump(make_timeline(asked["records"], asked["lang"]), sys.stdout)
