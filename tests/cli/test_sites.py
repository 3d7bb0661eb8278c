from flask import Flask

from service.domain import sites
from service.records import OPERATOR
from service.stores import Stores
from tests.cli.conftest import Run
from tests.support.actors import logged


def test_a_site_is_made_with_its_origins_as_browsers_send_them(run: Run, stores: Stores) -> None:
    words = ["--name", "The Tribune", "--locale", "pt-BR", "--timezone", "Asia/Kolkata"]
    done = run("site", "create", "tribune", *words, "--origin", "HTTPS://Tribune.Example:443/")
    assert (done.exit_code, done.output) == (0, "The site tribune is made.\n")
    made = sites.find(stores, OPERATOR, "tribune")
    assert (made.name, made.locale, made.timezone) == ("The Tribune", "pt-BR", "Asia/Kolkata")
    assert made.origins == ("https://tribune.example",)


def test_all_that_is_wrong_with_a_site_is_told_at_once(run: Run) -> None:
    done = run("site", "create", "No Good", "--name", " ", "--origin", "news.example/path")
    assert done.exit_code == 1
    for pointer in ("/slug: ", "/name: ", "/origins/0: "):
        assert pointer in done.output


def test_a_taken_slug_is_told_in_a_line(run: Run) -> None:
    done = run("site", "create", "demo", "--name", "Another")
    assert (done.exit_code, done.output) == (1, "Error: This slug is taken.\n")


def test_the_sites_are_listed_by_name(run: Run, app: Flask) -> None:
    run("site", "create", "a-first", "--name", "A first one")
    lines = run("site", "list").output.splitlines()
    assert [line.split("\t")[0] for line in lines] == ["a-first", "demo"]


def test_origins_are_added_and_removed(run: Run) -> None:
    added = run("site", "origins", "demo", "--add", "https://Two.example/", "--add", "http://b:80")
    assert added.output.split() == ["https://news.test", "https://two.example", "http://b"]
    again = run("site", "origins", "demo", "--add", "https://two.example")
    assert again.output == added.output
    removed = run("site", "origins", "demo", "--remove", "https://two.example:443")
    assert removed.output.split() == ["https://news.test", "http://b"]
    assert run("site", "origins", "demo").output == removed.output


def test_an_origin_that_is_not_there_cannot_be_removed(run: Run) -> None:
    done = run("site", "origins", "demo", "--remove", "https://nowhere.example")
    assert done.exit_code == 1
    assert "https://nowhere.example" in done.output


def test_an_unknown_site_is_told_in_a_line(run: Run) -> None:
    done = run("site", "origins", "nowhere")
    assert (done.exit_code, done.output) == (1, "Error: There is no such site.\n")


def test_the_demo_takes_origins_in_any_writing_and_refuses_what_is_none(
    run: Run, stores: Stores
) -> None:
    assert run("demo", "--origin", "HTTPS://Paper.Example/").exit_code == 0
    assert "https://paper.example" in sites.find(stores, OPERATOR, "demo").origins
    told = logged(stores, "site.edit")[0].after
    assert told == {"origins": ["https://news.test", "https://paper.example"]}
    refused = run("demo", "--origin", "https://paper.example/news")
    assert refused.exit_code == 2
    assert "Must be an origin" in refused.output
