"""`python -m bench.quote`: puts what the last run has come to into docs/performance.md."""

from bench.__main__ import RESULTS
from tests.support.service import ROOT

DOCUMENT = ROOT / "docs" / "performance.md"
BEGINS, ENDS = "<!-- the run begins -->\n", "<!-- the run ends -->\n"


def main() -> None:
    """Put it there."""
    DOCUMENT.write_text(quoting(DOCUMENT.read_text(), (RESULTS / "bench.md").read_text()))


def quoted(document: str) -> str:
    """The run that the document quotes."""
    return document.split(BEGINS)[1].split(ENDS)[0]


def quoting(document: str, run: str) -> str:
    """The document with this run instead of the one that it quotes."""
    before, rest = document.split(BEGINS)
    _, after = rest.split(ENDS)
    return f"{before}{BEGINS}\n{run}\n{ENDS}{after}"


if __name__ == "__main__":
    main()
