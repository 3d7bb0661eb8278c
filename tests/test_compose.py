"""docker-compose.yml and what it configures: checked as a file, then run natively."""

import json
import re
import socket
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from email.message import Message
from http.client import HTTPConnection
from itertools import cycle, takewhile
from threading import Thread
from typing import Any
from urllib.parse import quote

import pytest
from jsonschema import Draft7Validator

from deploy import languages
from tests.support import compose
from tests.support.compose import PUBLIC_URL, Stack
from tests.support.ports import wait_until
from tests.support.service import ROOT
from tests.support.voters import ballot

SECRETS = ("SECRET_KEY", "POSTGRES_PASSWORD", "PUBLIC_URL")
LONG_RUNNING = ("proxy", "web", "db", "redis")
SERVICES = (*LONG_RUNNING, "migrate")
VOTES_A_MINUTE = 5
RESULTS = "/v1/polls/region-interest/results"
BALLOTS = "/v1/polls/region-interest/ballots"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return compose.load()


@pytest.fixture(scope="module")
def running() -> Iterator[Stack]:
    stack = Stack(VOTE_RATE_LIMIT=str(VOTES_A_MINUTE))
    try:
        stack.start()
        yield stack
    finally:
        stack.stop()


@pytest.fixture
def stack(running: Stack) -> Stack:
    """The running services, with nobody at the rate limit yet."""
    running.forget()
    return running


def ask(
    stack: Stack, path: str, body: Any = None, method: str | None = None, **headers: str
) -> tuple[int, Message, bytes]:
    """Status, headers and body of an answer through the proxy."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    data = None if body is None else json.dumps(body).encode()
    if data is not None:
        sent |= {"Content-Type": "application/json", "Origin": PUBLIC_URL}
    request = urllib.request.Request(stack.url + path, data, sent, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


def refreshed(url: str, *paths: str) -> tuple[float, Counter[str]]:
    """How long two dozen readers have asked for the paths without a pause, and how the cache
    answered."""
    seen: list[str] = []
    started = time.monotonic()

    def read() -> None:
        with closing(HTTPConnection(url.removeprefix("http://"), timeout=30)) as connection:
            for path in takewhile(lambda _: time.monotonic() < started + 3, cycle(paths)):
                connection.request("GET", path)
                answer = connection.getresponse()
                assert answer.read()
                seen.append(answer.headers["X-Cache"])

    threads = [Thread(target=read) for _ in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.monotonic() - started, Counter(seen)


def raw_status(stack: Stack, path: str, body: Any, header: str) -> int:
    """The status of an answer to a vote with one more header, word for word."""
    data = json.dumps(body).encode()
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: polls.example.org",
        f"Origin: {PUBLIC_URL}",
        "Content-Type: application/json",
        f"Content-Length: {len(data)}",
        "Connection: close",
        header,
    ]
    with socket.create_connection(("127.0.0.1", stack.ports["proxy"]), timeout=30) as connection:
        connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + data)
        return int(connection.makefile("rb").readline().split()[1])


def assert_problem(answer: tuple[int, Message, bytes], status: int, code: str) -> Message:
    """An error in the service's own shape, which any page may read."""
    found, headers, body = answer
    problem = json.loads(body)
    assert (found, problem["status"], problem["code"]) == (status, status, code)
    assert set(problem) == {"type", "title", "status", "detail", "code", "request_id"}
    assert problem["type"] == f"/docs#{code}"
    assert headers["Content-Type"] == "application/problem+json"
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Cache-Control"] == "no-store"
    return headers


def test_the_file_follows_the_compose_specification(document: dict[str, Any]) -> None:
    schema = json.loads((ROOT / "tests" / "data" / "compose-spec.json").read_text())
    validator = Draft7Validator(schema)
    assert [error.message for error in validator.iter_errors(document)] == []
    assert list(validator.iter_errors({"services": {"web": {"imge": "x"}}})), "the schema is strict"


def test_the_file_has_the_services_of_the_design(document: dict[str, Any]) -> None:
    assert set(document["services"]) == set(SERVICES)


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_no_more_rights_than_it_needs(document: dict[str, Any], name: str) -> None:
    service = document["services"][name]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", service["user"]), "a user that is not root"
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["read_only"] is True
    assert "privileged" not in service
    assert "cap_add" not in service


@pytest.mark.parametrize("name", LONG_RUNNING)
def test_a_long_running_service_has_a_health_check(document: dict[str, Any], name: str) -> None:
    service = document["services"][name]
    if name == "web":
        assert "/healthz" in compose.image_words("HEALTHCHECK")[-1]
    else:
        assert service["healthcheck"]["test"][0] == "CMD"
    assert service["restart"] == "unless-stopped"


def test_a_service_starts_when_what_it_needs_is_ready(document: dict[str, Any]) -> None:
    needs = {
        name: {needed: how["condition"] for needed, how in service.get("depends_on", {}).items()}
        for name, service in document["services"].items()
    }
    healthy, done = "service_healthy", "service_completed_successfully"
    assert needs == {
        "proxy": {"web": healthy},
        "web": {"migrate": done, "redis": healthy, "db": healthy},
        "migrate": {"db": healthy},
        "db": {},
        "redis": {},
    }


def test_only_the_proxy_is_reachable_from_outside(document: dict[str, Any]) -> None:
    services = document["services"]
    assert [name for name in services if "ports" in services[name]] == ["proxy"]
    assert document["networks"]["back"] == {"internal": True}
    assert "back" not in services["proxy"]["networks"]
    assert services["db"]["networks"] == services["redis"]["networks"] == ["back"]


def test_votes_are_on_a_volume_and_redis_keeps_nothing(document: dict[str, Any]) -> None:
    assert document["services"]["db"]["volumes"] == ["votes:/var/lib/postgresql/data"]
    assert "votes" in document["volumes"]
    assert "volumes" not in document["services"]["redis"]
    command = document["services"]["redis"]["command"]
    assert command[command.index("--save") + 1] == ""
    assert command[command.index("--appendonly") + 1] == "no"


def test_exports_are_made_on_disk(document: dict[str, Any]) -> None:
    web = document["services"]["web"]
    assert web["volumes"] == [f"exports:{web['environment']['TMPDIR']}"]
    assert "exports" in document["volumes"]


def test_web_and_migrate_run_the_same_image_with_the_same_settings(
    document: dict[str, Any],
) -> None:
    web, migrate = document["services"]["web"], document["services"]["migrate"]
    for key in ("image", "build", "environment", "user"):
        assert web[key] == migrate[key]
    assert web["environment"]["TRUSTED_PROXIES"] == "1"


@pytest.mark.parametrize("name", SECRETS)
def test_what_must_be_given_has_no_value_in_any_file(name: str) -> None:
    file = (ROOT / "docker-compose.yml").read_text()
    assert re.search(rf"\$\{{{name}:\?[^}}]+\}}", file)
    assert re.search(rf"^{name}=$", (ROOT / ".env.example").read_text(), re.MULTILINE)
    given = {other: "given" for other in SECRETS if other != name}
    with pytest.raises(AssertionError, match=f"{name} is required"):
        compose.load(**given)


def test_the_file_holds_no_secret(document: dict[str, Any]) -> None:
    for service in document["services"].values():
        for name, value in service.get("environment", {}).items():
            if re.search("KEY|PASSWORD|SECRET|TOKEN", name):
                assert re.fullmatch(r"\$\{\w+:\?[^}]+\}", value), name
            assert not re.search(r"://[^:/@]+:[^$@][^@]*@", value), name


def test_the_image_is_built_of_pinned_libraries_for_a_user_that_is_not_root() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert "--require-hashes -r requirements.txt" in text.replace("\\\n    ", "")
    assert re.findall(r"^USER (.+)$", text, re.MULTILINE) == ["10001:10001"]
    assert compose.image_words("CMD") == ["flask", "--app", "wsgi", "serve"]
    assert "HOST=0.0.0.0" in text


def test_the_image_gets_only_what_it_needs() -> None:
    first, *rest = [
        line
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line and not line.startswith("#")
    ]
    assert first == "*"
    allowed = {line[1:] for line in rest if line.startswith("!")}
    copied = re.findall(r"^COPY ([a-z]\S*) ", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert set(copied) == allowed


def test_a_vote_through_the_proxy_is_counted_and_its_results_are_cached(stack: Stack) -> None:
    body = ballot("c2")
    status, headers, answer = ask(stack, BALLOTS, body)
    assert status == 201, answer
    assert headers["Access-Control-Allow-Origin"] == PUBLIC_URL
    assert "X-Cache" not in headers, "a vote is never answered from the cache"
    assert ask(stack, BALLOTS, body)[0] == 200
    counted = json.loads(answer)["results"]["ballots"]

    seen: list[str] = []

    def hit() -> bool:
        status, headers, answer = ask(stack, RESULTS)
        assert status == 200
        seen.append(headers["X-Cache"])
        return seen[-1] == "HIT" and json.loads(answer)["ballots"] >= counted

    wait_until(hit, f"a cached answer with the vote in it; seen: {seen}")
    assert set(seen) <= {"MISS", "EXPIRED", "STALE", "UPDATING", "REVALIDATED", "HIT"}


def test_the_first_reader_misses_and_the_next_one_hits(stack: Stack) -> None:
    poll = "/docs?of-this-test"
    (_, first, body), (_, second, again) = ask(stack, poll), ask(stack, poll)
    assert (first["X-Cache"], second["X-Cache"]) == ("MISS", "HIT")
    assert body == again
    assert second["ETag"] == first["ETag"]
    assert ask(stack, poll, If_None_Match=first["ETag"])[0] == 304


@pytest.mark.parametrize(
    "path",
    [
        "/v1/polls/region-interest",
        RESULTS,
        "/polls/region-interest",
        "/polls/region-interest/card.png",
        "/embed/region-interest",
        "/sites/demo/current",
        "/",
    ],
)
def test_neither_cookies_nor_queries_lead_past_the_cache(stack: Stack, path: str) -> None:
    def kept() -> bool:
        return ask(stack, path)[1]["X-Cache"] == "HIT"

    wait_until(kept, "the proxy keeps an answer")
    spared = {"HIT", "STALE", "UPDATING", "EXPIRED", "REVALIDATED"}  # it grows old meanwhile
    seen = [
        ask(stack, f"{path}{query}", Cookie=f"session=x; foreign={n}")[1]["X-Cache"]
        for n, query in enumerate(["", "?x=1", "?x=2", "?utm_source=letter&y", "?"])
    ]
    assert set(seen) <= spared


def test_readers_get_the_words_of_their_language(stack: Stack) -> None:
    poll = "/v1/polls/region-interest"
    kept = {
        query: ask(stack, f"{poll}?{query}")[2]
        for query in ("x=1", "locale=en-GB&x=1", "x&locale=en-u-hc-h23", "locale=odd-one")
    }
    plain, *others = [json.loads(answer) for answer in kept.values()]
    assert "texts" not in plain
    assert [answer["texts"]["locale"] for answer in others] == ["en", "en", "en"]


def test_a_hosted_page_is_kept_apart_for_each_language(stack: Stack) -> None:
    page = "/polls/region-interest"
    kept = [
        ask(stack, f"{page}{query}")[2].decode()
        for query in ("", "?locale=fr", "?x=1&locale=ar-EG-x-odd", "?locale=ar!!", "?x=1")
    ]
    spoken = [re.findall(r'<html lang="(\w+)"', one) for one in kept]
    assert spoken == [["en"], ["fr"], ["ar"], ["ar"], ["en"]]


@pytest.mark.parametrize(
    ("asked", "alike"),
    [
        ("AR", "ar"),
        ("aR-eg-x-odd", "ar"),
        ("en-IN", "en"),
        ("en_gb-oxendict", "en-GB"),
        ("zh-Hant-TW-x-a", "zh-Hant"),
        ("in", "id"),
        ("qq-abcd-zz", "und"),
        ("odd tag", "und"),
    ],
)
def test_the_cache_keeps_an_answer_for_each_language_that_it_knows_and_no_more(
    stack: Stack, asked: str, alike: str
) -> None:
    poll = "/v1/polls/region-interest?locale="
    wait_until(lambda: ask(stack, poll + alike)[1]["X-Cache"] == "HIT", "an answer is kept")
    assert ask(stack, poll + quote(asked))[1]["X-Cache"] in {"HIT", "STALE", "UPDATING"}


@pytest.mark.parametrize("path", [RESULTS, "/embed/region-interest", "/sites/demo/latest"])
def test_what_is_in_other_languages_is_kept_apart_for_each(stack: Stack, path: str) -> None:
    asked = f"{path}?locale=haw"
    wait_until(lambda: ask(stack, path)[1]["X-Cache"] == "HIT", "an answer is kept")
    assert [ask(stack, asked)[1]["X-Cache"] for _ in range(2)] == ["MISS", "HIT"]


def test_a_place_leads_on_in_the_language_that_is_asked_for(stack: Stack) -> None:
    page = ask(stack, "/sites/demo/current?locale=AR&utm_source=letter")[2].decode()
    assert '<html lang="ar"' in page
    assert 'href="/polls?locale=ar"' in page


def test_the_languages_that_the_proxy_knows_are_those_that_owners_choose_from() -> None:
    assert languages.FILE.read_text() == languages.text(), "run python -m deploy.languages"


def test_readers_cost_the_service_two_requests_a_second_however_many_they_are(
    stack: Stack,
) -> None:
    seconds, seen = refreshed(stack.url, RESULTS, "/v1/polls/region-interest?locale=en")
    spared = seen["HIT"] + seen["UPDATING"]  # each of the others has reached the service
    assert seen.total() - spared <= 2 * seconds, seen
    assert spared > 100 * seconds


def test_an_answer_for_a_receipt_passes_the_cache_by(stack: Stack) -> None:
    for _ in range(2):
        _, headers, _ = ask(stack, "/polls/region-interest/results?receipt=whose")
        assert headers["X-Cache"] == "BYPASS"


@pytest.mark.parametrize("path", ["/admin", "/admin/sign-in", "/admin/sites/demo/"])
def test_owners_pages_are_never_kept(stack: Stack, path: str) -> None:
    for _ in range(2):
        _, headers, _ = ask(stack, path)
        assert "X-Cache" not in headers
        assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("place", ["/v1/polls", "/admin/sites/demo/polls"])
def test_exports_pass_through_and_are_never_kept(stack: Stack, place: str) -> None:
    for _ in range(2):
        _, headers, _ = ask(stack, f"{place}/region-interest/exports/ballots", Authorization="")
        assert "X-Cache" not in headers


def test_answers_to_programs_pass_the_cache_by(stack: Stack) -> None:
    for path in ("/v1/polls", "/v1/polls/region-interest"):
        for _ in range(2):
            assert ask(stack, path, Authorization="Bearer x")[1]["X-Cache"] == "BYPASS"


def test_no_header_passes_for_another_by_underscores(stack: Stack) -> None:
    statuses = [
        raw_status(stack, BALLOTS, ballot(), f"X_Forwarded_For: 198.51.100.{n}")
        for n in range(2 * VOTES_A_MINUTE + 1)
    ]
    assert set(statuses) == {201, 429}


def test_encodings_are_kept_apart(stack: Stack) -> None:
    poll = "/v1/polls/region-interest"
    _, plain, body = ask(stack, poll)
    _, packed, bytes_ = ask(stack, poll, Accept_Encoding="gzip")
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert plain["Content-Encoding"] is None
    assert len(bytes_) < len(body)


def test_an_answer_to_one_voter_is_not_kept(stack: Stack) -> None:
    for _ in range(2):
        _, headers, _ = ask(stack, RESULTS, Voxpop_Receipt="whose")
        assert headers["X-Cache"] == "BYPASS"


def test_a_preflight_passes_through_the_proxy(stack: Stack) -> None:
    asked = {"Origin": PUBLIC_URL, "Access_Control_Request_Method": "POST"}
    status, headers, _ = ask(stack, BALLOTS, method="OPTIONS", **asked)
    assert status == 200
    assert headers["Access-Control-Allow-Origin"] == PUBLIC_URL
    assert "POST" in headers["Access-Control-Allow-Methods"]


def test_a_forged_address_does_not_escape_the_rate_limit(stack: Stack) -> None:
    statuses = []
    # Twice the limit, because the votes may fall into two minutes.
    for number in range(2 * VOTES_A_MINUTE + 1):
        forged = f"198.51.100.{number + 1}"
        headers = {"X_Forwarded_For": forged, "X_Real_IP": forged, "Forwarded": f"for={forged}"}
        status, answer, _ = ask(stack, BALLOTS, ballot(), **headers)
        statuses.append(status)
    assert set(statuses) == {201, 429}
    assert statuses[:VOTES_A_MINUTE].count(429) == 0
    assert answer["Retry-After"] or statuses[-1] == 201


def test_a_body_beyond_64_kilobytes_is_refused_at_the_proxy(stack: Stack) -> None:
    assert_problem(ask(stack, BALLOTS, "x" * 70_000), 413, "body_too_large")


def test_readers_are_served_and_a_vote_is_told_to_try_again_while_the_service_is_away(
    stack: Stack,
) -> None:
    kept: list[bytes] = []
    cast = ballot()

    def settled() -> bool:
        _, headers, body = ask(stack, RESULTS)
        kept.append(body)
        return headers["X-Cache"] == "HIT"

    assert stack.image_is_healthy()
    # A stale answer would be replaced while `web` ends.
    wait_until(settled, "the proxy keeps a fresh answer")
    stack.end("web")
    try:
        status, _, body = ask(stack, RESULTS)
        assert (status, body) == (200, kept[-1])
        wait_until(lambda: ask(stack, RESULTS)[1]["X-Cache"] != "HIT", "the answer is stale")
        assert ask(stack, RESULTS)[0] == 200
        headers = assert_problem(ask(stack, BALLOTS, cast), 503, "temporarily_unavailable")
        assert int(headers["Retry-After"]) > 0
        assert not stack.image_is_healthy(), "the image's own health check"
    finally:
        stack.start_web()
    assert ask(stack, BALLOTS, cast)[0] == 201


def test_the_logs_name_no_reader(stack: Stack) -> None:
    token = "a-token-that-no-log-may-hold"
    assert ask(stack, BALLOTS, ballot(voter=token), X_Forwarded_For="198.51.100.200")[0] == 201
    for name in ("proxy", "web", "redis"):
        log = stack.log(name)
        assert token not in log
        assert "198.51.100.200" not in log
        assert "127.0.0.1 " not in log, "the reader's own address"
