"""What a document prints: its tables, and the calls that stand in it as HTTP or for a shell."""

import re
import shlex
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from string import Template
from typing import Any, NamedTuple

# A paragraph that ends with a colon tells of the JSON below it.
HTTP = re.compile(
    r"```http\n(\w+) (\S+)\n((?:[\w-]+: .+\n)*)\n([\s\S]+?)```\n\n"
    r"(\d{3})\b(?:(?:.|\n(?!\n))*:\n\n```json\n([\s\S]+?)```)?"
)
SHELL = re.compile(r"```sh\n([\s\S]+?)```")
CURL = re.compile(r"""^curl (?:'[^']*'|"[^"]*"|\\\n|[^'"\n])+""", re.MULTILINE)


class Call(NamedTuple):
    """A call, and its answer as far as the document prints it."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: str | None
    status: int | None = None
    answer: str | None = None


def http(document: str) -> Iterator[Call]:
    """The calls that stand in the document as HTTP."""
    for method, path, headers, body, status, answer in HTTP.findall(document):
        yield Call(method, path, _headers(headers.splitlines()), body, int(status), answer or None)


def curls(document: str, **variables: str) -> Iterator[Call]:
    """The calls that the document's lines for a shell make, given its variables."""
    for block in SHELL.findall(document):
        for command in CURL.findall(block):
            line = Template(command.replace("\\\n", " ")).substitute(variables)
            yield _curl(shlex.split(line)[1:])


def rows(document: str) -> list[list[str]]:
    """The cells of every row of the document's tables, without their code marks."""
    lines = [line for line in document.splitlines() if line.startswith("| ")]
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines]


def is_like(document: object, printed: object) -> bool:
    """Whether the document has the fields that are printed; null stands for what may be there."""
    match printed:
        case None:
            return True
        case dict():
            return (
                isinstance(document, dict)
                and document.keys() == printed.keys()
                and all(is_like(document[name], value) for name, value in printed.items())
            )
        case list():
            return isinstance(document, list) and all(map(is_like, document, printed))
        case _:
            return type(document) is type(printed)


def _curl(words: list[str]) -> Call:
    parser = ArgumentParser()
    parser.add_argument("-sS", action="store_true")
    parser.add_argument("-H", action="append", default=[])
    for option in ("-X", "-d", "-D", "-o", "url"):
        parser.add_argument(option)
    said: Any = parser.parse_args(words)
    method = said.X or ("GET" if said.d is None else "POST")
    return Call(method, said.url, _headers(said.H), said.d)


def _headers(lines: list[str]) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in lines)
