"""The error contract: one shape, a stable code, the right status, for whatever is sent."""

import json
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest

from service.errors import TemporarilyUnavailable
from service.stores.sql.polls import PollStore
from service.stores.tallies import Tallies
from tests.support.voters import OWN_ORIGIN, Api, ballot

BALLOT_PATH = "/v1/polls/region-interest/ballots"
JSON = {"Content-Type": "application/json"}
CHUNKED = {"Transfer-Encoding": "chunked"}
TERMINATED = {"wsgi.input_terminated": True}  # as granian says of every body


def assert_problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The answer is a problem document of that status and code."""
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    document: dict[str, Any] = answer.json
    assert {"type", "title", "status", "detail", "code", "request_id"} <= document.keys()
    assert (document["status"], document["code"]) == (status, code)
    assert document["detail"].endswith(".")
    assert answer.headers["Cache-Control"] == "no-store"
    return document


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"a": 1',
        b'{"a": 1, "a": 2}',
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b"\xef\xbb\xbf{}",
        b'{"a": "\xff"}',
        b'{"a": "\\ud800"}',
        b'{"a": "\\u0000"}',
        b'{"a": "\x00"}',
        b'{"answers": ' + b"[" * 9 + b"]" * 9 + b"}",
        *(b"[" * depth + b"]" * depth for depth in (500, 900, 990, 1000, 30_000)),
        b'{"a": "\\\\\\u0000"}',
        b"[" * 60000,
        b"{} {}",
    ],
)
def test_malformed_json_is_named(api: Api, body: bytes) -> None:
    assert_problem(api.cast(body, headers=JSON), 400, "malformed_json")


@pytest.mark.parametrize("text", [r"\\u0000", r"\\\\u0000", r"x\\u0000y"])
def test_an_escaped_backslash_is_no_nul(api: Api, text: str) -> None:
    body = (
        json.dumps(ballot(extra=0)).encode().replace(b'"extra": 0', f'"extra": "{text}"'.encode())
    )
    document = assert_problem(api.cast(body, headers=JSON), 422, "validation_error")
    assert [error["pointer"] for error in document["errors"]] == ["/extra"]


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/xml", "application/json; charset=latin1"]
)
def test_a_body_of_another_type_is_refused(api: Api, kind: str) -> None:
    answer = api.cast(b"{}", headers={"Content-Type": kind})
    assert_problem(answer, 415, "unsupported_media_type")


def test_a_body_over_64_kb_is_refused(api: Api) -> None:
    answer = api.cast(b" " * (64 * 1024 + 1), headers=JSON)
    assert_problem(answer, 413, "body_too_large")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (BALLOT_PATH, "application/json"),
        ("/polls/region-interest/ballots", "application/x-www-form-urlencoded"),
        ("/polls/region-interest/ballots", "multipart/form-data; boundary=x"),
    ],
)
@pytest.mark.parametrize("extra", [1, 1000])
def test_a_body_over_64_kb_is_refused_though_nobody_says_how_long_it_is(
    api: Api, path: str, kind: str, extra: int
) -> None:
    headers = {"Origin": OWN_ORIGIN, "Content-Type": kind, **CHUNKED}
    body = BytesIO(b" " * (64 * 1024 + extra))
    answer = api.client.post(path, input_stream=body, headers=headers, environ_base=TERMINATED)
    assert_problem(answer, 413, "body_too_large")


def test_a_body_of_no_declared_length_is_read_whole(api: Api) -> None:
    body = json.dumps({**ballot(), "page": "https://news.test/" + "x" * 60_000}).encode()
    answer = api.client.post(
        BALLOT_PATH,
        input_stream=BytesIO(body),
        headers={"Origin": OWN_ORIGIN, **JSON, **CHUNKED},
        environ_base=TERMINATED,
    )
    assert answer.status_code == 201


@pytest.mark.parametrize("length", ["9" * 5000, "\N{SUPERSCRIPT TWO}", "-1", "1e3"])
def test_a_length_that_is_no_number_breaks_nothing(api: Api, length: str) -> None:
    answer = api.cast(ballot(), environ_overrides={"CONTENT_LENGTH": length})
    assert answer.status_code < 500


GOOD = ballot()
ID = str(GOOD["ballot_id"])


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"extra": 1}, "/extra"),
        ({"ballot_id": "1"}, "/ballot_id"),
        ({"ballot_id": 1}, "/ballot_id"),
        ({"ballot_id": None}, "/ballot_id"),
        ({"ballot_id": f"{{{ID}}}"}, "/ballot_id"),
        ({"ballot_id": f"urn:uuid:{ID}"}, "/ballot_id"),
        ({"ballot_id": ID.replace("-", "")}, "/ballot_id"),
        ({"ballot_id": f"{ID}\n"}, "/ballot_id"),
        ({"ballot_id": f"0x{ID[2:]}"}, "/ballot_id"),
        ({"ballot_id": "1_1" + ID[3:]}, "/ballot_id"),
        ({"ballot_id": "\N{ARABIC-INDIC DIGIT ONE}" + ID[1:]}, "/ballot_id"),
        ({"voter": "short"}, "/voter"),
        ({"voter": "sixteen-letters-and-more\n"}, "/voter"),
        ({"voter": "x" * 129}, "/voter"),
        ({"voter": "white space is not in it"}, "/voter"),
        ({"voter": True}, "/voter"),
        ({"answers": []}, "/answers"),
        ({"answers": {"q1": "c1"}}, "/answers/q1"),
        ({"answers": {"q1": [1]}}, "/answers/q1/0"),
        ({"answers": {"q1": [True]}}, "/answers/q1/0"),
        ({"answers": {"q1": ["c1"] * 101}}, "/answers/q1"),
        ({"answers": {f"q{n}": [] for n in range(101)}}, "/answers"),
        ({"page": 1}, "/page"),
        ({"page": "javascript:alert(1)"}, "/page"),
        ({"page": "http://["}, "/page"),
        ({"page": "news"}, "/page"),
        ({"page": "https://new s.test/"}, "/page"),
        ({"page": "https://news\x01.test/"}, "/page"),
        ({"page": "https://[::1%25lo]/"}, "/page"),
        ({"key": 1}, "/key"),
        ({"value": 1}, "/value"),
        ({"_schema": 1}, "/_schema"),
        ({"a/b~c": 1}, "/a~1b~0c"),
        ({"x" * 1000: 1}, "/" + "x" * 64),
        ({"answers": {"key": 1}}, "/answers/key"),
        ({"answers": {"_schema": {}}}, "/answers/_schema"),
        ({"answers": {"q/1": [1]}}, "/answers/q~11/0"),
    ],
)
def test_a_wrong_field_is_pointed_at(api: Api, change: dict[str, Any], pointer: str) -> None:
    document = assert_problem(api.cast({**GOOD, **change}), 422, "validation_error")
    assert pointer in [error["pointer"] for error in document["errors"]]


def test_no_more_faults_are_told_than_help(api: Api) -> None:
    body = {**GOOD, **{f"field{n}": 1 for n in range(3000)}}
    document = assert_problem(api.cast(body), 422, "validation_error")
    assert len(document["errors"]) == 20
    body = {**GOOD, "answers": {f"q{n}": ["c1"] for n in range(2, 90)}}
    assert len(assert_problem(api.cast(body), 422, "invalid_choice")["errors"]) == 20


def test_a_ballot_id_in_capitals_is_the_same_id(api: Api) -> None:
    body = ballot()
    api.cast(body)
    assert api.cast({**body, "ballot_id": body["ballot_id"].upper()}).status_code == 200


@pytest.mark.parametrize("field", ["ballot_id", "voter", "answers"])
def test_a_missing_field_is_pointed_at(api: Api, field: str) -> None:
    body = {name: value for name, value in GOOD.items() if name != field}
    document = assert_problem(api.cast(body), 422, "validation_error")
    assert [error["pointer"] for error in document["errors"]] == [f"/{field}"]


@pytest.mark.parametrize(
    ("answers", "pointer"),
    [
        ({}, "/answers/q1"),
        ({"q1": []}, "/answers/q1"),
        ({"q1": ["c9"]}, "/answers/q1/0"),
        ({"q1": ["c1", "c2"]}, "/answers/q1"),
        ({"q1": ["c1", "c1"]}, "/answers/q1"),
        ({"q1": ["c1"], "q2": ["c1"]}, "/answers/q2"),
        ({"q/1": ["c1"]}, "/answers/q~11"),
    ],
)
def test_answers_against_the_rules_are_pointed_at(
    api: Api, answers: dict[str, Any], pointer: str
) -> None:
    document = assert_problem(api.cast({**GOOD, "answers": answers}), 422, "invalid_choice")
    assert pointer in [error["pointer"] for error in document["errors"]]


def test_a_body_that_is_no_object_is_refused(api: Api) -> None:
    for body in (b"[]", b'"x"', b"1", b"null"):
        assert_problem(api.cast(body, headers=JSON), 422, "validation_error")


def test_bad_input_counts_nothing(api: Api) -> None:
    api.cast(b"{", headers=JSON)
    api.cast({**GOOD, "answers": {"q1": ["c9"]}})
    assert api.results().json["ballots"] == 0


@pytest.mark.parametrize("slug", ["nope", "..", "%00", "{x}", "%2e%2e%2f", "x" * 10_000, "a/b"])
@pytest.mark.parametrize("route", ["/v1/polls/{}", "/v1/polls/{}/results", "/v1/polls/{}/ballots"])
def test_an_unknown_poll_is_the_same_404_whatever_its_name(api: Api, slug: str, route: str) -> None:
    method = api.client.post if route.endswith("ballots") else api.client.get
    document = assert_problem(method(route.replace("{}", slug)), 404, "poll_not_found")
    assert document["detail"] == "There is no such poll."


def test_an_unknown_route_and_a_wrong_method_are_problems_too(api: Api) -> None:
    assert_problem(api.client.get("/v1/nothing"), 404, "not_found")
    refusal = api.client.delete("/v1/polls/region-interest")
    assert_problem(refusal, 405, "method_not_allowed")
    assert set(refusal.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert_problem(api.client.put(BALLOT_PATH), 405, "method_not_allowed")


def away(*_: object) -> None:
    """What SQL does when it cannot be reached."""
    raise TemporarilyUnavailable(2)


def cors(answer: Any) -> dict[str, str]:
    """The headers that grant something to pages of other origins."""
    return {name: value for name, value in answer.headers if name.startswith("Access-Control")}


class TestOrigins:
    @pytest.mark.parametrize(
        "origin", [None, "null", "https://evil.test", "http://news.test", "https://news.test:444"]
    )
    def test_a_foreign_origin_may_not_vote(self, api: Api, origin: str | None) -> None:
        refusal = api.cast(ballot(), origin=origin)
        assert_problem(refusal, 403, "origin_not_allowed")
        assert "Access-Control-Allow-Origin" not in refusal.headers
        assert "Origin" in refusal.headers["Vary"]

    def test_a_page_of_the_site_may_vote_and_read_the_answer(self, api: Api) -> None:
        for body, status in ((ballot(), 201), ({}, 422)):
            answer = api.cast(body, origin="https://news.test")
            assert answer.status_code == status
            assert answer.headers["Access-Control-Allow-Origin"] == "https://news.test"
            assert "Origin" in answer.headers["Vary"]

    def test_anybody_may_read(self, api: Api) -> None:
        for path in ("", "/results"):
            answer = api.client.get(f"/v1/polls/region-interest{path}")
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert "Set-Cookie" not in answer.headers

    def test_a_preflight_is_granted_to_the_sites_pages_only(self, api: Api) -> None:
        def preflight(origin: str) -> Any:
            asks = {"Origin": origin, "Access-Control-Request-Method": "POST"}
            return api.client.options(BALLOT_PATH, headers=asks)

        granted = preflight("https://news.test")
        assert granted.headers["Access-Control-Allow-Origin"] == "https://news.test"
        assert "Content-Type" in granted.headers["Access-Control-Allow-Headers"]
        assert granted.headers["Access-Control-Allow-Methods"] == "POST"
        assert "Content-Type" not in granted.headers
        assert cors(preflight("https://evil.test")) == {}

    @pytest.mark.parametrize("method", ["DELETE", "PUT", "PATCH", "", None])
    def test_a_preflight_for_what_no_page_may_do_is_granted_to_nobody(
        self, api: Api, method: str | None
    ) -> None:
        asks = {"Origin": "https://news.test"}
        if method is not None:
            asks["Access-Control-Request-Method"] = method
        assert cors(api.client.options(BALLOT_PATH, headers=asks)) == {}

    def test_a_preflight_for_reading_grants_reading_alone(self, api: Api) -> None:
        asks = {"Origin": "https://evil.test", "Access-Control-Request-Method": "GET"}
        answer = api.client.options("/v1/polls/region-interest/results", headers=asks)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Access-Control-Allow-Methods"] == "GET"

    def test_a_preflight_while_sql_is_away_is_503(
        self, api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        monkeypatch.setattr(PollStore, "find", away)
        asks = {"Origin": "https://news.test", "Access-Control-Request-Method": "POST"}
        answer = api.client.options("/v1/polls/unknown/ballots", headers=asks)
        assert_problem(answer, 503, "temporarily_unavailable")
        assert int(answer.headers["Retry-After"]) > 0
        assert cors(answer) == {}
        assert caplog.records == []


class TestCaching:
    @pytest.mark.parametrize(("path", "age"), [("", "max-age=5"), ("/results", "max-age=1")])
    def test_what_a_reader_has_is_not_sent_again(self, api: Api, path: str, age: str) -> None:
        url = f"/v1/polls/region-interest{path}"
        first = api.client.get(url)
        assert age in first.headers["Cache-Control"]
        again = api.client.get(url, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
        assert not {"Content-Security-Policy", "Permissions-Policy"} & set(again.headers.keys())

    def test_a_vote_changes_the_tag_of_the_results(self, api: Api) -> None:
        before = api.results().headers["ETag"]
        api.cast(ballot())
        after = api.results(**{"If-None-Match": before})
        assert after.status_code == 200
        assert after.headers["ETag"] != before


def test_a_database_away_is_503_with_a_time_to_come_back(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlalchemy as sa

    from service.stores.sql import ballots as sql_ballots

    def away(*_: object) -> None:
        raise sa.exc.OperationalError("statement", {}, Exception("gone"))

    monkeypatch.setattr(sql_ballots, "lock_poll", away)
    refusal = api.cast({**GOOD, "ballot_id": str(uuid4())})
    assert_problem(refusal, 503, "temporarily_unavailable")
    assert int(refusal.headers["Retry-After"]) > 0


def test_a_vote_is_told_its_outcome_though_the_results_cannot_be_had(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = ballot()
    monkeypatch.setattr(Tallies, "read", away)
    for again, status in ((body, 201), (body, 200)):
        answer = api.cast(again)
        assert (answer.status_code, answer.json["results"]) == (status, None)
    refusal = api.cast(ballot(voter=body["voter"]))
    assert assert_problem(refusal, 409, "already_voted")["results"] is None


def test_the_openapi_document_names_the_routes_and_their_answers(api: Api) -> None:
    document: dict[str, Any] = api.client.get("/openapi.json").get_json()
    assert document["openapi"].startswith("3.1")
    operations = document["paths"]["/v1/polls/{slug}/ballots"]["post"]
    assert {"200", "201", "400", "403", "404", "409", "413", "415", "422", "429", "503"} <= set(
        operations["responses"]
    )
