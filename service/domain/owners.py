"""Owners: who they are, and what they are on which site."""

import re
from collections.abc import Mapping
from datetime import datetime

from service.domain import passwords
from service.domain.permissions import require, require_own
from service.errors import (
    EmailTaken,
    FieldError,
    NotAllowed,
    OwnerNotFound,
    SignInFailed,
    ValidationError,
)
from service.records import OPERATOR, ROLE_PERMISSIONS, Actor, Claim, Owner, Permission, Role
from service.stores import Stores

EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f]+@[^@\s\x00-\x1f\x7f]+")
EMAIL_LENGTH = 254


def create(
    stores: Stores,
    actor: Actor,
    email: str,
    password: str,
    roles: Mapping[int, Role],
    now: datetime,
    claim: Claim[Owner] | None = None,
) -> Owner:
    """Keep a new owner with a role on each of the sites; only the operator makes one without.

    Raises ValidationError, EmailTaken, SiteNotFound, NotAllowed.
    """
    for site_id, role in roles.items():
        require(actor, Permission.OWNERS_WRITE, site_id)
        require_own(actor, ROLE_PERMISSIONS[role], site_id)
    if not roles and actor.grants is not None:
        raise NotAllowed
    kept = passwords.digest(password)
    return stores.owners.create(actor, normal_email(email), kept, roles, now, claim)


def add(
    stores: Stores,
    actor: Actor,
    site_id: int,
    email: str,
    role: Role,
    now: datetime,
    claim: Claim[Owner] | None = None,
) -> tuple[Owner, str | None]:
    """Make whoever has the e-mail address an owner of the site.

    Who is known joins with the password they have. Who is not gets one, which comes with them,
    to be shown once. Raises ValidationError, EmailTaken (an owner of this site already),
    SiteNotFound, NotAllowed.
    """
    password = passwords.make()
    try:
        return create(stores, actor, email, password, {site_id: role}, now, claim), password
    except EmailTaken:
        known = find_by_email(stores, email)
    return stores.owners.join(actor, known.id, site_id, role, now, claim), None


def authenticate(stores: Stores, email: str, password: str, now: datetime) -> Owner:
    """The owner with this e-mail address and password.

    Raises SignInFailed, after the same work whether the address is known or not.
    """
    owner = stores.owners.find_by_email(email.strip().lower())
    if not passwords.fits(password, owner.password_hash if owner else None) or owner is None:
        raise SignInFailed
    if passwords.is_outdated(owner.password_hash):
        stores.owners.renew_digest(owner.id, owner.password_hash, passwords.digest(password))
    return owner


def change_password(stores: Stores, owner: Owner, new: str, now: datetime) -> Owner:
    """Give the owner a new password, which ends all of their sessions; `sign_ins.confirm` is
    asked before. Raises ValidationError."""
    kept = passwords.digest(new, "/new_password")
    return stores.owners.set_password(owner.actor, owner.id, kept, now)


def reset_password(stores: Stores, email: str, password: str, now: datetime) -> Owner:
    """Give an owner another password, as the operator may. Raises OwnerNotFound,
    ValidationError."""
    owner, kept = find_by_email(stores, email), passwords.digest(password)
    return stores.owners.set_password(OPERATOR, owner.id, kept, now)


def sign_out_everywhere(stores: Stores, owner: Owner, now: datetime) -> Owner:
    """End all sessions of the owner."""
    return stores.owners.end_sessions(owner.actor, owner.id, now)


def set_role(
    stores: Stores,
    actor: Actor,
    site_id: int,
    owner_id: int,
    role: Role,
    now: datetime,
    seen: Role | None = None,
) -> None:
    """Make one of the site's owners something else there; `seen` is what they were seen to be.

    Raises OwnerNotFound, LastAdmin, SiteNotFound, NotAllowed, StaleEdit.
    """
    require(actor, Permission.OWNERS_WRITE, site_id)
    require_own(actor, ROLE_PERMISSIONS[role], site_id)
    stores.owners.set_role(actor, owner_id, site_id, role, now, seen)


def remove(
    stores: Stores,
    actor: Actor,
    site_id: int,
    owner_id: int,
    now: datetime,
    seen: Role | None = None,
) -> None:
    """Take the owner from the site; `seen` is what they were seen to be there. Their account stays,
    so that the log can say who they were.

    Raises OwnerNotFound, LastAdmin, SiteNotFound, NotAllowed, StaleEdit.
    """
    require(actor, Permission.OWNERS_WRITE, site_id)
    stores.owners.set_role(actor, owner_id, site_id, None, now, seen)


def forget(stores: Stores, email: str, now: datetime) -> None:
    """Remove the account itself, as the operator may. Raises OwnerNotFound, LastAdmin."""
    stores.owners.remove(OPERATOR, find_by_email(stores, email).id, now)


def list_for(stores: Stores, actor: Actor, site_id: int) -> list[Owner]:
    """The site's owners by e-mail address. Raises SiteNotFound, NotAllowed."""
    require(actor, Permission.OWNERS_WRITE, site_id)
    return stores.owners.list_for(site_id)


def list_all(stores: Stores, site_id: int | None = None) -> list[Owner]:
    """All owners, or all of one site, as the operator sees them, by e-mail address."""
    return stores.owners.list_for(site_id)


def find_by_email(stores: Stores, email: str) -> Owner:
    """The owner with the e-mail address. Raises OwnerNotFound."""
    owner = stores.owners.find_by_email(email.strip().lower())
    if owner is None:
        raise OwnerNotFound
    return owner


def normal_email(email: str) -> str:
    """The address in the one form that is kept. Raises ValidationError if it is none."""
    normal = email.strip().lower()
    if len(normal) > EMAIL_LENGTH or not EMAIL.fullmatch(normal):
        raise ValidationError(FieldError("/email", "This is no e-mail address."))
    return normal
