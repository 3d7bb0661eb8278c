"""Owners: accounts, roles, and what only some may do."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher

from service.domain import owners, passwords
from service.errors import (
    EmailTaken,
    LastAdmin,
    NotAllowed,
    OwnerNotFound,
    SignInFailed,
    SiteNotFound,
    ValidationError,
    VoxpopError,
)
from service.records import OPERATOR, Owner, Role
from service.stores import Stores
from tests.conftest import NOON

PASSWORD = "correct horse battery"


@pytest.fixture
def site(stores: Stores) -> int:
    return stores.sites.find("demo").id


@pytest.fixture
def other_site(stores: Stores) -> int:
    return stores.sites.ensure("other", "Other", "en", "UTC", NOON)


@pytest.fixture
def ann(stores: Stores, site: int) -> Owner:
    """The site's admin."""
    return owners.create(stores, OPERATOR, "ann@news.test", PASSWORD, {site: Role.ADMIN}, NOON)


def actions(stores: Stores) -> list[tuple[str, str, str]]:
    events = stores.audit.list_before(None, None, 50)
    return [(event.actor, event.action, event.subject) for event in reversed(events)]


class TestCreate:
    def test_the_address_is_kept_in_lower_case(self, stores: Stores) -> None:
        owners.create(stores, OPERATOR, " Ann@News.Test ", PASSWORD, {}, NOON)
        assert owners.find_by_email(stores, "ANN@news.test").email == "ann@news.test"

    def test_the_same_address_in_capitals_is_taken(self, stores: Stores, ann: Owner) -> None:
        with pytest.raises(EmailTaken):
            owners.create(stores, OPERATOR, "ANN@NEWS.TEST", PASSWORD, {}, NOON)

    @pytest.mark.parametrize(
        "email", ["", "ann", "@news.test", "ann@", "a b@news.test", "a\0@b", "x" * 250 + "@b.test"]
    )
    def test_what_is_no_address_is_refused(self, stores: Stores, email: str) -> None:
        with pytest.raises(ValidationError):
            owners.create(stores, OPERATOR, email, PASSWORD, {}, NOON)

    def test_only_the_operator_makes_an_owner_of_no_site(self, stores: Stores, ann: Owner) -> None:
        with pytest.raises(NotAllowed):
            owners.create(stores, ann.actor, "bob@news.test", PASSWORD, {}, NOON)

    def test_the_log_names_the_owner_by_number_and_not_by_address(
        self, stores: Stores, ann: Owner
    ) -> None:
        subject = f"owner:{ann.id}"
        assert actions(stores)[-2:] == [
            ("operator", "owner.create", subject),
            ("operator", "owner.join", subject),
        ]


class TestAuthenticate:
    def test_who_knows_the_password_is_the_owner(self, stores: Stores, ann: Owner) -> None:
        assert owners.authenticate(stores, " ANN@news.test", PASSWORD, NOON) == ann

    @pytest.mark.parametrize("email", ["ann@news.test", "nobody@news.test", "", "a\0@b"])
    def test_the_refusal_and_the_work_are_the_same_for_whom_nobody_knows(
        self, stores: Stores, ann: Owner, email: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        parameters: list[str] = []
        verify = PasswordHasher.verify

        def noted(self: PasswordHasher, kept: str, password: str) -> bool:
            parameters.append(kept.rsplit("$", 2)[0])
            return verify(self, kept, password)

        monkeypatch.setattr(PasswordHasher, "verify", noted)
        with pytest.raises(SignInFailed) as refused:
            owners.authenticate(stores, email, "wrong password", NOON)
        assert str(refused.value) == SignInFailed.detail
        assert parameters == ["$argon2id$v=19$m=19456,t=2,p=1"]

    def test_an_outdated_digest_is_renewed_and_no_session_ends(
        self, stores: Stores, ann: Owner
    ) -> None:
        old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
        stores.owners.renew_digest(ann.id, ann.password_hash, old)
        owners.authenticate(stores, ann.email, PASSWORD, NOON)
        renewed = owners.find_by_email(stores, ann.email)
        assert not passwords.is_outdated(renewed.password_hash)
        assert renewed.session_version == ann.session_version
        assert owners.authenticate(stores, ann.email, PASSWORD, NOON) == renewed


class TestSessions:
    def test_a_new_password_ends_the_sessions_and_the_old_password(
        self, stores: Stores, ann: Owner
    ) -> None:
        changed = owners.change_password(stores, ann, "another long password", NOON)
        assert changed.session_version == ann.session_version + 1
        with pytest.raises(SignInFailed):
            owners.authenticate(stores, ann.email, PASSWORD, NOON)
        assert owners.authenticate(stores, ann.email, "another long password", NOON) == changed

    def test_to_sign_out_everywhere_ends_the_sessions_and_keeps_the_password(
        self, stores: Stores, ann: Owner
    ) -> None:
        assert owners.sign_out_everywhere(stores, ann, NOON).session_version == 2
        assert owners.authenticate(stores, ann.email, PASSWORD, NOON).session_version == 2

    def test_the_operator_gives_another_password(self, stores: Stores, ann: Owner) -> None:
        owners.reset_password(stores, ann.email, "another long password", NOON)
        assert owners.authenticate(stores, ann.email, "another long password", NOON)


class TestAdd:
    def test_who_is_new_gets_a_password_to_be_shown_once(
        self, stores: Stores, ann: Owner, site: int
    ) -> None:
        bob, password = owners.add(stores, ann.actor, site, "bob@news.test", Role.EDITOR, NOON)
        assert password is not None
        assert owners.authenticate(stores, "bob@news.test", password, NOON) == bob
        assert bob.roles == {site: Role.EDITOR}

    def test_who_is_known_joins_with_the_password_they_have(
        self, stores: Stores, ann: Owner, other_site: int, site: int
    ) -> None:
        joined, password = owners.add(
            stores, OPERATOR, other_site, "Ann@news.test", Role.VIEWER, NOON
        )
        assert password is None
        assert joined.roles == {site: Role.ADMIN, other_site: Role.VIEWER}
        assert owners.authenticate(stores, ann.email, PASSWORD, NOON) == joined

    def test_who_has_joined_already_does_not_join_again(
        self, stores: Stores, ann: Owner, site: int
    ) -> None:
        with pytest.raises(EmailTaken, match="already"):
            owners.add(stores, ann.actor, site, ann.email, Role.VIEWER, NOON)
        assert owners.find_by_email(stores, ann.email).roles == {site: Role.ADMIN}


class TestRoles:
    def test_the_last_admin_stays_admin(self, stores: Stores, ann: Owner, site: int) -> None:
        owners.add(stores, ann.actor, site, "bob@news.test", Role.EDITOR, NOON)
        with pytest.raises(LastAdmin):
            owners.set_role(stores, ann.actor, site, ann.id, Role.EDITOR, NOON)
        with pytest.raises(LastAdmin):
            owners.remove(stores, ann.actor, site, ann.id, NOON)
        with pytest.raises(LastAdmin):
            owners.forget(stores, ann.email, NOON)
        assert owners.find_by_email(stores, ann.email).roles == {site: Role.ADMIN}

    def test_two_admins_who_remove_one_another_at_once_leave_one(
        self, stores: Stores, ann: Owner, site: int
    ) -> None:
        bob, _ = owners.add(stores, ann.actor, site, "bob@news.test", Role.ADMIN, NOON)

        def remove(by: Owner, whom: Owner) -> bool:
            try:
                owners.remove(stores, by.actor, site, whom.id, NOON)
            except LastAdmin:
                return False
            return True

        with ThreadPoolExecutor(2) as pool:
            removed = list(pool.map(remove, [ann, bob], [bob, ann]))
        assert sorted(removed) == [False, True]
        assert len(owners.list_all(stores, site)) == 1

    def test_a_removed_owner_keeps_the_account_and_sees_the_site_no_more(
        self, stores: Stores, ann: Owner, site: int
    ) -> None:
        bob, password = owners.add(stores, ann.actor, site, "bob@news.test", Role.EDITOR, NOON)
        owners.remove(stores, ann.actor, site, bob.id, NOON)
        assert owners.authenticate(stores, bob.email, password or "", NOON).roles == {}

    def test_a_forgotten_owners_number_is_never_given_again(self, stores: Stores) -> None:
        bob = owners.create(stores, OPERATOR, "bob@news.test", PASSWORD, {}, NOON)
        owners.forget(stores, bob.email, NOON)
        with pytest.raises(OwnerNotFound):
            owners.find_by_email(stores, bob.email)
        carol = owners.create(stores, OPERATOR, "carol@news.test", PASSWORD, {}, NOON)
        assert carol.id > bob.id

    def test_who_is_no_owner_of_the_site_gets_no_role_there(
        self, stores: Stores, ann: Owner, other_site: int
    ) -> None:
        with pytest.raises(OwnerNotFound):
            owners.set_role(stores, OPERATOR, other_site, ann.id, Role.ADMIN, NOON)
        with pytest.raises(OwnerNotFound):
            owners.remove(stores, OPERATOR, other_site, 999, NOON)

    def test_every_change_is_in_the_sites_log(self, stores: Stores, ann: Owner, site: int) -> None:
        bob, _ = owners.add(stores, ann.actor, site, "bob@news.test", Role.EDITOR, NOON)
        owners.set_role(stores, ann.actor, site, bob.id, Role.ADMIN, NOON)
        owners.remove(stores, ann.actor, site, bob.id, NOON)
        told = [
            (event.actor, event.action, event.before, event.after)
            for event in reversed(stores.audit.list_before([site], None, 3))
        ]
        who = f"owner:{ann.id}"
        assert told == [
            (who, "owner.join", None, {"role": "editor"}),
            (who, "owner.role", {"role": "editor"}, {"role": "admin"}),
            (who, "owner.leave", {"role": "admin"}, None),
        ]

    def test_what_becomes_of_an_account_is_in_the_log_of_each_of_its_sites(
        self, stores: Stores, ann: Owner, site: int, other_site: int
    ) -> None:
        places = {site: Role.EDITOR, other_site: Role.VIEWER}
        bob = owners.create(stores, OPERATOR, "bob@news.test", PASSWORD, places, NOON)
        owners.change_password(stores, bob, f"another {PASSWORD}", NOON)
        owners.sign_out_everywhere(stores, bob, NOON)
        owners.forget(stores, bob.email, NOON)
        for place, role in places.items():
            told = [
                (event.actor, event.action, event.before, event.after)
                for event in reversed(stores.audit.list_before([place], None, 6))
                if event.subject == f"owner:{bob.id}"
            ]
            assert told == [
                ("operator", "owner.create", None, None),
                ("operator", "owner.join", None, {"role": role}),
                (f"owner:{bob.id}", "owner.password", None, None),
                (f"owner:{bob.id}", "owner.sign_out", None, None),
                ("operator", "owner.leave", {"role": role}, None),
                ("operator", "owner.remove", None, None),
            ]


@pytest.mark.parametrize(
    ("role", "error"), [(Role.EDITOR, NotAllowed), (Role.VIEWER, NotAllowed), (None, SiteNotFound)]
)
def test_only_an_admin_of_the_site_manages_its_owners(
    stores: Stores,
    ann: Owner,
    site: int,
    other_site: int,
    role: Role | None,
    error: type[VoxpopError],
) -> None:
    place = {site: role} if role else {other_site: Role.ADMIN}
    actor = owners.create(stores, OPERATOR, "bob@news.test", PASSWORD, place, NOON).actor
    for act in (
        lambda: owners.list_for(stores, actor, site),
        lambda: owners.add(stores, actor, site, "c@news.test", Role.VIEWER, NOON),
        lambda: owners.set_role(stores, actor, site, ann.id, Role.VIEWER, NOON),
        lambda: owners.remove(stores, actor, site, ann.id, NOON),
    ):
        with pytest.raises(error):
            act()
