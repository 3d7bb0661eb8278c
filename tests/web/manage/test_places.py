"""The site's current poll, chosen by programs."""

from service.records import Permission
from service.stores import Stores
from tests.support.ballots import make_poll
from tests.support.programs import Program, secret_for
from tests.web.test_errors import assert_problem

CURRENT = "/v1/sites/demo/current-poll"


def test_a_program_chooses_what_places_show(program: Program, stores: Stores) -> None:
    make_poll(stores, "crops")
    read = program.get(CURRENT)
    assert read.json == {"poll": None}
    chosen = program.put(CURRENT, {"poll": "crops"}, If_Match=read.headers["ETag"])
    assert (chosen.status_code, chosen.json) == (200, {"poll": "crops"})
    assert program.get(CURRENT).headers["ETag"] == chosen.headers["ETag"]
    assert program.get("/v1/sites/demo/polls/current").json["id"] == "crops"
    program.put(CURRENT, {"poll": None}, If_Match="*")
    assert program.get("/v1/sites/demo/polls/current").json["id"] == "region-interest"


def test_a_choice_names_the_one_that_it_replaces(program: Program, stores: Stores) -> None:
    make_poll(stores, "crops")
    old = program.get(CURRENT).headers["ETag"]
    new = program.put(CURRENT, {"poll": "crops"}, If_Match=old).headers["ETag"]
    late = program.put(CURRENT, {"poll": "region-interest"}, If_Match=old)
    assert_problem(late, 412, "stale_edit")
    assert late.headers["ETag"] == new
    assert_problem(program.put(CURRENT, {"poll": None}), 428, "version_missing")


def test_only_the_keys_own_site_and_polls_are_there(
    program: Program, stranger: Program, stores: Stores
) -> None:
    make_poll(stores, "theirs", site="other")
    choice = {"poll": "theirs"}
    assert_problem(program.put(CURRENT, choice, If_Match="*"), 404, "poll_not_found")
    assert_problem(stranger.put(CURRENT, choice, If_Match="*"), 404, "site_not_found")
    assert_problem(stranger.get(CURRENT), 404, "site_not_found")


def test_the_choice_is_for_those_who_write_polls(program: Program, stores: Stores) -> None:
    program.secret = secret_for(stores, scopes=[Permission.POLLS_READ, Permission.SITES_WRITE])
    assert program.get(CURRENT).status_code == 200
    refused = program.put(CURRENT, {"poll": "region-interest"}, If_Match="*")
    assert_problem(refused, 403, "not_allowed")
