"""Commands for polls."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import click

from service import clock
from service.cli.progress import progress
from service.domain import (
    edits,
    exports,
    poll_lists,
    polls,
    results,
    sheets,
    sites,
    translations,
    wordings,
)
from service.domain.exports import What
from service.domain.sheets import Format
from service.records import (
    OPERATOR,
    Choice,
    DuplicatePolicy,
    Poll,
    PollDraft,
    PollQuery,
    Question,
    QuestionType,
    ResultsVisibility,
    Schedule,
    Status,
)
from service.web import current, zones

MOMENT = "ISO 8601; without an offset it is on the site's clocks."
WHAT = click.Choice([what.value for what in What])
FORMAT = click.Choice([form.value for form in Format])


@click.group("poll")
def poll() -> None:
    """Make polls and run them."""


@poll.command("create")
@click.option("--site", "site_slug", required=True, help="The slug of the poll's site.")
@click.option("--question", required=True, help="What is asked.")
@click.option("--choice", "choices", multiple=True, required=True, help="Repeat for each choice.")
@click.option("--slug", default="", help="The poll's address; made from the question.")
@click.option("--title", default="", help="What lists call it; the question.")
@click.option("--max-choices", default=1, show_default=True, help="More than 1: several choices.")
@click.option("--min-choices", default=1, show_default=True)
@click.option("--opens-at", help=MOMENT)
@click.option("--closes-at", help=MOMENT)
@click.option(
    "--results",
    type=click.Choice([value.value for value in ResultsVisibility]),
    default=ResultsVisibility.ALWAYS.value,
    show_default=True,
    help="When readers see them.",
)
@click.option(
    "--duplicates",
    type=click.Choice([value.value for value in DuplicatePolicy]),
    default=DuplicatePolicy.DEVICE.value,
    show_default=True,
    help="How a second ballot is recognised.",
)
@click.option(
    "--network-limit", type=int, help="Ballots from one network, with device_and_network."
)
@click.option("--draft", is_flag=True, help="Publish it later.")
def create(site_slug: str, draft: bool, **options: Any) -> None:
    """Create a poll of one question and print where it is."""
    stores = current.stores()
    site = sites.find(stores, OPERATOR, site_slug)
    schedule = Schedule(
        Status.DRAFT if draft else Status.OPEN,
        _moment(options["opens_at"], site.timezone, "/opens_at"),
        _moment(options["closes_at"], site.timezone, "/closes_at"),
    )
    wanted = PollDraft(
        slug=options["slug"],
        title=options["title"],
        schedule=schedule,
        results_visibility=ResultsVisibility(options["results"]),
        duplicate_policy=DuplicatePolicy(options["duplicates"]),
        network_limit=options["network_limit"],
        questions=(_question(options),),
    )
    made = polls.create(stores, site.id, wanted, clock.now())
    click.echo(f"{current.settings().public_url}/polls/{made.slug}")


def _question(options: Mapping[str, Any]) -> Question:
    least, most = options["min_choices"], options["max_choices"]
    one = (least, most) == (1, 1)
    return Question(
        code="",
        text=options["question"],
        choices=tuple(Choice("", text) for text in options["choices"]),
        type=QuestionType.SINGLE_CHOICE if one else QuestionType.MULTIPLE_CHOICE,
        min_choices=least,
        max_choices=most,
    )


@poll.command("list")
@click.option("--site", "site_slug", help="The slug of a site; else all sites.")
@click.option("--search", help="Part of a title or a question.")
@click.option("--status", type=click.Choice([status.value for status in Status]))
def list_polls(site_slug: str | None, search: str | None, status: str | None) -> None:
    """List polls, newest first: slug, status, ballots, title."""
    stores, now = current.stores(), clock.now()
    query = PollQuery(
        site_id=sites.find(stores, OPERATOR, site_slug).id if site_slug else None,
        text=search,
        status=Status(status) if status else None,
        limit=poll_lists.MOST_LISTED,
    )
    while True:
        page = poll_lists.page(stores, OPERATOR, query, now)
        for item in page.items:
            each = item.poll
            click.echo(f"{each.slug}\t{each.status_at(now)}\t{item.ballots}\t{each.title}")
        if page.next is None:
            return
        query = replace(query, after=page.next)


@poll.command("show")
@click.argument("slug")
@click.option("--locale", help="A language that the poll is translated into; else the site's.")
def show(slug: str, locale: str | None) -> None:
    """Show a poll: its status, its moments, its languages, its questions and choices."""
    stores = current.stores()
    found = polls.managed(stores, OPERATOR, slug)
    tally = stores.tallies.read(found.id)
    read = translations.reading(found, translations.locale_for(found, locale))
    click.echo(read.title)
    _say_where_it_stands(found)
    for other in found.locales:
        done, texts = wordings.counts(found, other)
        click.echo(f"{other}: {done} of {texts} translated")
    click.echo(f"ballots: {tally.ballots}")
    for question in read.questions:
        click.echo(f"{question.code}: {question.text}")
        for choice in question.choices:
            retired = " (retired)" if choice.retired else ""
            votes = tally.votes(question.code, choice.code)
            click.echo(f"  {choice.code}: {choice.text}{retired}: {votes}")


@poll.command("open")
@click.argument("slug")
def open_poll(slug: str) -> None:
    """Open a draft, a scheduled or a closed poll."""
    _set(slug, Status.OPEN)


@poll.command("close")
@click.argument("slug")
def close(slug: str) -> None:
    """Close a poll: when this returns, no ballot counts any more."""
    _set(slug, Status.CLOSED)


@poll.command("export")
@click.argument("slug")
@click.option("--what", type=WHAT, default=What.RESULTS.value, show_default=True)
@click.option("--format", "form", type=FORMAT, default=Format.CSV.value, show_default=True)
@click.option("--output", default="-", help="A file; else standard output.")
def export(slug: str, what: str, form: str, output: str) -> None:
    """Write a poll's results or ballots as a file."""
    stores, now = current.stores(), clock.now()
    about = (
        results.for_owners(stores, OPERATOR, slug, now).ballots if what == What.BALLOTS else None
    )
    with (
        exports.table(stores, OPERATOR, slug, What(what), now) as table,
        progress(table.rows, about if what == What.BALLOTS else None, f"Exporting {slug}") as rows,
        click.open_file(output, "wb", atomic=output != "-") as file,
    ):
        for piece in sheets.write(replace(table, rows=rows), Format(form)):
            file.write(piece)


def _set(slug: str, status: Status) -> None:
    now = clock.now()
    _say_where_it_stands(edits.set_status(current.stores(), OPERATOR, slug, status, now))


def _say_where_it_stands(found: Poll) -> None:
    click.echo(f"{found.slug}: {found.status_at(clock.now())}")
    for name in ("opens_at", "closes_at"):
        if moment := getattr(found.schedule, name):
            there = zones.local(moment, found.timezone)
            click.echo(f"{name}: {moment.isoformat()} ({there} {found.timezone})")


def _moment(text: str | None, timezone: str, pointer: str) -> datetime | None:
    """The moment that the text names; without an offset it is on the site's clocks."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        moment = None  # nothing is said, or nothing that is a moment: the next line tells which
    if moment is not None and moment.tzinfo is not None:
        return moment
    return zones.from_input(text or "", timezone, pointer)


COMMANDS: tuple[click.Command, ...] = (poll,)
