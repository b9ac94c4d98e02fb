"""A page as a browser reads it: its visible words and its tags."""

from html.parser import HTMLParser


class Page(HTMLParser):
    """Visible text in order, and every tag with its attributes; text within a tag of `left_out` is not visible."""

    VOID = frozenset(("meta", "img", "input", "br", "link"))

    def __init__(self, text: str, left_out: str = "") -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.left_out = left_out
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(f"{tag}#{dict(attrs).get('id', '')}" if self.left_out else tag)
        self.words += [value for key, value in attrs if self.left_out and key in ("alt", "aria-label") and value]

    def handle_endtag(self, tag):
        assert self.open.pop().partition("#")[0] == tag, f"</{tag}> closes something else"

    def handle_data(self, data):
        if "style" not in (name.partition("#")[0] for name in self.open) and not (
            self.left_out and any(name.startswith(self.left_out) for name in self.open)
        ):
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]
