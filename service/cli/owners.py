"""Commands for owners. A password is typed or piped in, never an argument that others could see."""

import sys

import click

from service import clock
from service.domain import owners, passwords, sites
from service.records import OPERATOR, Role
from service.web import current

role_choice = click.Choice([role.value for role in Role])
stdin_option = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input."
)


@click.group("owner")
def owner() -> None:
    """Owners: who may sign in, and what they may do on which site."""


@owner.command("create")
@click.argument("email")
@click.option("--site", "slugs", multiple=True, help="A site's slug; repeatable.")
@click.option("--role", type=role_choice, default=Role.ADMIN.value, show_default=True)
@click.option("--make-password", is_flag=True, help="Make a password and print it once.")
@stdin_option
def create(
    email: str, slugs: tuple[str, ...], role: str, make_password: bool, password_stdin: bool
) -> None:
    """Let somebody sign in; --site and --role say what they are there."""
    stores = current.stores()
    roles = {sites.find(stores, OPERATOR, slug).id: Role(role) for slug in slugs}
    password = passwords.make() if make_password else _password(piped=password_stdin)
    made = owners.create(stores, OPERATOR, email, password, roles, clock.now())
    click.echo(f"{made.email} can sign in now.")
    if make_password:
        click.echo(f"The password, shown only now: {password}")


@owner.command("list")
@click.option("--site", "slug", help="Only this site's owners.")
def list_owners(slug: str | None) -> None:
    """Print each owner with their roles."""
    stores = current.stores()
    slugs = {site.id: site.slug for site in sites.list_for(stores, OPERATOR)}
    site_id = sites.find(stores, OPERATOR, slug).id if slug else None
    for each in owners.list_all(stores, site_id):
        roles = ", ".join(f"{slugs[site]}: {role}" for site, role in sorted(each.roles.items()))
        click.echo(f"{each.email}  {roles or 'no site'}")


@owner.command("role")
@click.argument("email")
@click.argument("site")
@click.argument("role", type=role_choice)
def set_role(email: str, site: str, role: str) -> None:
    """Make an owner something on a site, whether or not they were something there."""
    stores = current.stores()
    site_id, known = sites.find(stores, OPERATOR, site).id, owners.find_by_email(stores, email)
    if site_id in known.roles:
        owners.set_role(stores, OPERATOR, site_id, known.id, Role(role), clock.now())
    else:
        owners.add(stores, OPERATOR, site_id, email, Role(role), clock.now())
    click.echo(f"{known.email} is {role} of {site} now.")


@owner.command("password")
@click.argument("email")
@stdin_option
def set_password(email: str, password_stdin: bool) -> None:
    """Give an owner another password, which ends their sessions."""
    stores = current.stores()
    known = owners.find_by_email(stores, email)
    owners.reset_password(stores, email, _password(piped=password_stdin), clock.now())
    click.echo(f"{known.email} has another password now; their sessions have ended.")


@owner.command("remove")
@click.argument("email")
@click.option("--site", "slug", help="Only from this site; the account stays.")
def remove(email: str, slug: str | None) -> None:
    """Remove an owner from a site, or altogether."""
    stores, now = current.stores(), clock.now()
    if slug:
        site_id = sites.find(stores, OPERATOR, slug).id
        known = owners.find_by_email(stores, email)
        owners.remove(stores, OPERATOR, site_id, known.id, now)
        click.echo(f"{known.email} is no owner of {slug} any more.")
    else:
        owners.forget(stores, email, now)
        click.echo("The account is removed.")


def _password(*, piped: bool) -> str:
    if piped:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


COMMANDS: tuple[click.Command, ...] = (owner,)
