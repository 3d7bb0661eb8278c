"""Owners and what they are on which site, in SQL."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from service.errors import EmailTaken, LastAdmin, OwnerNotFound, StaleEdit
from service.records import Actor, AuditEvent, Claim, Owner, Role
from service.stores.sql import audit, models, repeats
from service.stores.sql.db import reading, writing

JOINED_ALREADY = "This is an owner of the site already."
WHOLE_OWNER = selectinload(models.Owner.memberships)


class OwnerStore:
    """Keeps owners. Every change is logged in its own transaction."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def find(self, owner_id: int) -> Owner | None:
        """The owner with the id, or None."""
        return self._find(models.Owner.id == owner_id)

    def find_by_email(self, email: str) -> Owner | None:
        """The owner with the address in lower case, or None."""
        return None if "\0" in email else self._find(models.Owner.email == email)

    def find_by_session(self, session_id: str, since: datetime) -> Owner | None:
        """The owner whose session it is, unless it has ended or began before `since`."""
        found = sa.select(models.OwnerSession.owner_id).where(
            models.OwnerSession.id == session_id, models.OwnerSession.began_at >= since
        )
        return self._find(models.Owner.id == found.scalar_subquery())

    def list_for(self, site_id: int | None) -> list[Owner]:
        """The site's owners by e-mail address; None means all owners."""
        query = sa.select(models.Owner).options(WHOLE_OWNER).order_by(models.Owner.email)
        if site_id is not None:
            query = query.where(models.Owner.memberships.any(site_id=site_id))
        with reading(self._engine) as connection, Session(connection) as session:
            return [_record(row) for row in session.scalars(query)]

    def emails(self, ids: Iterable[int]) -> Mapping[int, str]:
        """The e-mail addresses of the owners with the ids, as far as there are any."""
        query = sa.select(models.Owner.id, models.Owner.email).where(models.Owner.id.in_(list(ids)))
        with reading(self._engine) as connection:
            return {row.id: row.email for row in connection.execute(query)}

    def create(
        self,
        actor: Actor,
        email: str,
        password_hash: str,
        roles: Mapping[int, Role],
        now: datetime,
        claim: Claim[Owner] | None = None,
    ) -> Owner:
        """Keep a new owner. Raises EmailTaken, StillUnderWay."""
        row = models.Owner(email=email, password_hash=password_hash, created_at=now)
        row.memberships = [models.Membership(site_id=id, role=role) for id, role in roles.items()]
        try:
            with writing(self._engine) as connection, Session(connection) as session:
                session.add(row)
                session.flush()
                joined = [
                    _event(actor, "join", row.id, now, site_id, None, role)
                    for site_id, role in roles.items()
                ]
                created = _events(actor, "create", row.id, now, roles)
                audit.append(connection, *created, *joined)
                owner = _record(row)
                repeats.keep(connection, claim, owner)
                return owner
        except sa.exc.IntegrityError as error:
            raise EmailTaken from error

    def join(
        self,
        actor: Actor,
        owner_id: int,
        site_id: int,
        role: Role,
        now: datetime,
        claim: Claim[Owner] | None = None,
    ) -> Owner:
        """Make the owner one of the site's. Raises EmailTaken if they are already, and
        StillUnderWay."""
        values = {"owner_id": owner_id, "site_id": site_id, "role": role}
        try:
            with writing(self._engine) as connection, Session(connection) as session:
                connection.execute(sa.insert(models.Membership).values(values))
                audit.append(connection, _event(actor, "join", owner_id, now, site_id, None, role))
                owner = _record(session.get_one(models.Owner, owner_id, options=[WHOLE_OWNER]))
                repeats.keep(connection, claim, owner)
                return owner
        except sa.exc.IntegrityError as error:
            raise EmailTaken(JOINED_ALREADY) from error

    def set_role(
        self,
        actor: Actor,
        owner_id: int,
        site_id: int,
        role: Role | None,
        now: datetime,
        seen: Role | None = None,
    ) -> None:
        """Make one of the site's owners something else there, or nothing any more.

        Raises OwnerNotFound, LastAdmin, and StaleEdit if `seen` is given and not what they are.
        """
        with writing(self._engine) as connection:
            roles = _lock_roles(connection, site_id)
            if seen is not None and roles.get(owner_id, seen) is not seen:
                raise StaleEdit
            _refuse_last_admin(roles, owner_id, role)
            _put(connection, owner_id, site_id, role)
            verb = "leave" if role is None else "role"
            event = _event(actor, verb, owner_id, now, site_id, roles[owner_id], role)
            audit.append(connection, event)

    def remove(self, actor: Actor, owner_id: int, now: datetime) -> None:
        """Remove the owner altogether. Raises LastAdmin, OwnerNotFound."""
        with writing(self._engine) as connection:
            site_ids = _sites_of(connection, owner_id)
            left = [_leave(connection, actor, owner_id, site_id, now) for site_id in site_ids]
            gone = connection.execute(sa.delete(models.Owner).where(models.Owner.id == owner_id))
            if not gone.rowcount:
                raise OwnerNotFound
            audit.append(connection, *left, *_events(actor, "remove", owner_id, now, site_ids))

    def set_password(self, actor: Actor, owner_id: int, password_hash: str, now: datetime) -> Owner:
        """Keep another password's digest, which ends all sessions. Raises OwnerNotFound."""
        return self._end_sessions(actor, "password", owner_id, now, password_hash=password_hash)

    def end_sessions(self, actor: Actor, owner_id: int, now: datetime) -> Owner:
        """Let no session stay valid. Raises OwnerNotFound."""
        return self._end_sessions(actor, "sign_out", owner_id, now)

    def renew_digest(self, owner_id: int, old: str, new: str) -> None:
        """Keep a better digest of the same password, unless it has been changed meanwhile."""
        this = sa.and_(models.Owner.id == owner_id, models.Owner.password_hash == old)
        with writing(self._engine) as connection:
            connection.execute(sa.update(models.Owner).where(this).values(password_hash=new))

    def _end_sessions(
        self, actor: Actor, verb: str, owner_id: int, now: datetime, **values: str
    ) -> Owner:
        newer = models.Owner.session_version + 1
        change = sa.update(models.Owner).where(models.Owner.id == owner_id)
        with writing(self._engine) as connection:
            connection.execute(change.values(session_version=newer, **values))
            site_ids = _sites_of(connection, owner_id)
            audit.append(connection, *_events(actor, verb, owner_id, now, site_ids))
        owner = self.find(owner_id)
        if owner is None:
            raise OwnerNotFound
        return owner

    def _find(self, condition: sa.ColumnElement[bool]) -> Owner | None:
        query = sa.select(models.Owner).where(condition).options(WHOLE_OWNER)
        with reading(self._engine) as connection, Session(connection) as session:
            row = session.scalars(query).one_or_none()
            return None if row is None else _record(row)


def _sites_of(connection: sa.Connection, owner_id: int) -> list[int]:
    query = sa.select(models.Membership.site_id).where(models.Membership.owner_id == owner_id)
    return sorted(connection.scalars(query))


def _leave(
    connection: sa.Connection, actor: Actor, owner_id: int, site_id: int, now: datetime
) -> AuditEvent:
    """What the site's log says of an owner whose account goes. Raises LastAdmin, OwnerNotFound."""
    roles = _lock_roles(connection, site_id)
    _refuse_last_admin(roles, owner_id, None)
    return _event(actor, "leave", owner_id, now, site_id, roles[owner_id])


def _lock_roles(connection: sa.Connection, site_id: int) -> dict[int, Role]:
    """What each owner is on the site. Its row is locked, so that two admins who remove one another
    do so one after the other."""
    site = sa.select(models.Site.id).where(models.Site.id == site_id).with_for_update()
    connection.execute(site)
    query = sa.select(models.Membership.owner_id, models.Membership.role).where(
        models.Membership.site_id == site_id
    )
    return {row.owner_id: Role(row.role) for row in connection.execute(query)}


def _put(connection: sa.Connection, owner_id: int, site_id: int, role: Role | None) -> None:
    here = sa.and_(models.Membership.owner_id == owner_id, models.Membership.site_id == site_id)
    if role is None:
        connection.execute(sa.delete(models.Membership).where(here))
    else:
        connection.execute(sa.update(models.Membership).where(here).values(role=role))


def _refuse_last_admin(roles: Mapping[int, Role], owner_id: int, role: Role | None) -> None:
    if owner_id not in roles:
        raise OwnerNotFound
    after = {**roles, owner_id: role}
    if roles[owner_id] is Role.ADMIN and Role.ADMIN not in after.values():
        raise LastAdmin


def _events(
    actor: Actor, verb: str, owner_id: int, now: datetime, site_ids: Iterable[int]
) -> list[AuditEvent]:
    """What the account's own events say, in the log of each site that it opens, where admins look;
    in none's where it opens none."""
    places: list[int | None] = [*site_ids]
    return [_event(actor, verb, owner_id, now, site_id) for site_id in places or [None]]


def _event(
    actor: Actor,
    verb: str,
    owner_id: int,
    now: datetime,
    site_id: int | None = None,
    before: Role | None = None,
    after: Role | None = None,
) -> AuditEvent:
    return AuditEvent(
        site_id=site_id,
        actor=actor.name,
        action=f"owner.{verb}",
        subject=f"owner:{owner_id}",
        before={"role": before} if before else None,
        after={"role": after} if after else None,
        at=now,
    )


def _record(row: models.Owner) -> Owner:
    return Owner(
        id=row.id,
        email=row.email,
        password_hash=row.password_hash,
        session_version=row.session_version,
        roles={membership.site_id: Role(membership.role) for membership in row.memberships},
        created_at=row.created_at,
    )
