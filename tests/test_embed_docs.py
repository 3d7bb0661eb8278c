"""docs/embed.md names all that a page can say to the widget and hear from it, and nothing else."""

import re
from collections.abc import Iterable

import pytest
from werkzeug.routing import Map

from service.app import create_app
from service.config import Settings
from tests.support.service import ROOT, SECRET_KEY

EMBED = (ROOT / "docs" / "embed.md").read_text()
SERVICE = "https://polls.example.org"
PUBLISHERS_PATH = "/voxpop"
WIDGET = ROOT / "service" / "widget"
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def sources(kind: str) -> str:
    """The widget's sources of the kind, without their comments."""
    files = sorted(WIDGET.glob(kind))
    return "\n".join(COMMENT.sub("", file.read_text()) for file in files)


SCRIPTS = sources("*.js")
STYLES = sources("*.css")
ELEMENT = SCRIPTS.split("class VoxPop extends HTMLElement {\n")[1]
# What the browser calls, and what every element has.
LIFECYCLE = {
    "constructor",
    "connectedCallback",
    "disconnectedCallback",
    "connectedMoveCallback",
    "attributeChangedCallback",
    "adoptedCallback",
}
OF_EVERY_ELEMENT = {"dir", "hidden"}


@pytest.fixture(scope="module")
def rules() -> Map:
    """The service's addresses."""
    settings = Settings(
        database_url="sqlite://",
        redis_url="redis://127.0.0.1:1",
        secret_key=SECRET_KEY,
        public_url=SERVICE,
    )
    return create_app(settings).url_map


def section(heading: str) -> str:
    """What stands below the heading, up to the next of its kind."""
    return EMBED.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def listed(heading: str, column: int = 0) -> set[str]:
    """The names in a column of the section's tables."""
    lines = [line for line in section(heading).splitlines() if line.startswith("| `")]
    cells = [line.strip("|").split("|")[column] for line in lines]
    return set(re.findall(r"`([\w:-]+)", " ".join(cells)))


def found(pattern: str, text: str = SCRIPTS) -> set[str]:
    """All that the pattern's first group finds."""
    return set(re.findall(pattern, text, re.MULTILINE))


def words(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in re.findall(r"\w[\w-]*", text)}


def attributes() -> set[str]:
    """What the element reads of its attributes, in its script and in its styles."""
    observed = words(found(r"observedAttributes = \[([^\]]*)\]"))
    read = found(r'[aA]ttribute\("([\w-]+)"')
    styled = found(r":host\(\[([\w-]+)", STYLES)
    return (observed | read | styled) - OF_EVERY_ELEMENT


def members() -> set[str]:
    """The element's own public methods and properties."""
    body = ELEMENT.split("\n}\n")[0]
    named = found(r"^  (?:async )?(?:get |set )?([a-z]\w*)(?:\(| =|;)", body)
    return (named | found(r'defineProperty\(this.prototype, "(\w+)"')) - LIFECYCLE


def parts() -> set[str]:
    """Every part that something is made with."""
    kinds = found(r'["`]\w+((?:\.[a-z]+)+)["`]') | found(r'(?:\bbutton|\bclear|\btell)\("([a-z]+)"')
    exported = found(r'\bpart(?: =|: |=)"([a-z -]+)"')
    return words(kinds | exported)


def named_parts() -> set[str]:
    """Those that the document names."""
    return set(re.findall(r"`([a-z]+)`", section("Parts")))


def is_served(rules: Map, path: str) -> bool:
    """Whether the service has something at the path, or below one that ends with a slash."""
    if path.endswith("/"):
        return any(rule.rule.startswith(path) for rule in rules.iter_rules())
    return rules.bind("").test(re.sub(r"\{\w+\}", "region-interest", path))


def dashed(name: str) -> str:
    """`voxpopService` as it stands in HTML: `data-voxpop-service`."""
    return "data-" + re.sub(r"[A-Z]", lambda letter: f"-{letter[0].lower()}", name)


def test_the_attributes_are_those_that_are_read() -> None:
    assert listed("Attributes") == attributes()


def test_each_attribute_has_its_name_on_a_div() -> None:
    usual = {"data-voxpop" if name == "poll" else f"data-voxpop-{name}" for name in attributes()}
    assert listed("Attributes", 1) == usual
    in_code = {dashed(name) for name in found(r"\b(voxpop[A-Z]\w*)")}
    assert in_code <= usual


def test_the_properties_and_methods_are_those_of_the_element() -> None:
    assert listed("Properties and methods") == members()


def test_the_events_are_those_that_are_told() -> None:
    told = {f"voxpop:{name}" for name in found(r'\bemit\(\s*"(\w+)"')}
    assert listed("Events") == told


def test_every_part_is_named() -> None:
    assert named_parts() == parts()


def test_the_custom_properties_are_those_that_the_styles_read() -> None:
    read = found(r"var\((--voxpop-[\w-]+)", STYLES)
    assert {name for name in listed("Look") if name.startswith("--")} == read


@pytest.mark.parametrize(
    "path", sorted(set(re.findall(rf"{re.escape(SERVICE)}(/[^\s\"'`?#<>);]*)", EMBED)))
)
def test_every_address_in_a_snippet_is_one_of_the_service(rules: Map, path: str) -> None:
    assert is_served(rules, path)


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`(/[\w./{}-]+)[?`]", EMBED))))
def test_every_path_that_is_named_is_one_of_the_service(rules: Map, path: str) -> None:
    assert is_served(rules, path.removeprefix(PUBLISHERS_PATH))


def test_every_link_leads_to_a_heading_that_is_there() -> None:
    headings = {
        re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-")
        for heading in re.findall(r"^#+ (.+)$", EMBED, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([\w-]+)\)", EMBED)) <= headings
