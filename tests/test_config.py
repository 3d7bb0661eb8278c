from pathlib import Path

import pytest

from service.config import SettingsError, load_settings, whole_url

GOOD = {
    "DATABASE_URL": "postgres://db.example.org/voxpop",
    "REDIS_URL": "redis://cache.example.org:6379/0",
    "SECRET_KEY": "s" * 32,
    "PUBLIC_URL": "https://polls.example.org/",
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    for name in (
        "PORT",
        "HOST",
        "WEB_PROCESSES",
        "WEB_THREADS",
        "VOTE_RATE_LIMIT",
        "API_RATE_LIMIT",
    ):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_good_settings_are_read_with_their_defaults(environment: pytest.MonkeyPatch) -> None:
    settings = load_settings()
    assert settings.database_url == "postgresql+psycopg://db.example.org/voxpop"
    assert settings.public_url == "https://polls.example.org"
    assert (settings.port, settings.trusted_proxies, settings.vote_rate_limit) == (8000, 0, 600)


@pytest.mark.parametrize("name", ["VOTE_RATE_LIMIT", "API_RATE_LIMIT"])
def test_a_rate_limit_can_be_switched_off(environment: pytest.MonkeyPatch, name: str) -> None:
    environment.setenv(name, "off")
    assert getattr(load_settings(), name.lower()) is None


@pytest.mark.parametrize("name", GOOD)
def test_a_missing_setting_stops_the_start_by_name(
    environment: pytest.MonkeyPatch, name: str
) -> None:
    environment.delenv(name)
    with pytest.raises(SettingsError) as refusal:
        load_settings()
    assert list(refusal.value.problems) == [name]


def test_every_bad_value_is_named_in_a_line_of_its_own(environment: pytest.MonkeyPatch) -> None:
    bad = {
        "DATABASE_URL": "mysql://db/voxpop",
        "REDIS_URL": "localhost",
        "SECRET_KEY": "short",
        "PUBLIC_URL": "polls.example.org",
        "PORT": "http",
        "WEB_PROCESSES": "0",
        "VOTE_RATE_LIMIT": "0",
        "API_RATE_LIMIT": "often",
        "TRUSTED_PROXIES": "-1",
        "COUNTRY_HEADER": "CF IPCountry",
    }
    for name, value in bad.items():
        environment.setenv(name, value)
    with pytest.raises(SettingsError) as refusal:
        load_settings()
    _, *lines = str(refusal.value).splitlines()
    assert [line.split(":")[0].strip() for line in lines] == sorted(bad)
    assert "short" not in str(refusal.value), "a secret must not be printed"


def test_the_public_url_is_the_origin_that_browsers_send(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("PUBLIC_URL", "HTTPS://Polls.Example.ORG:443/")
    assert load_settings().public_url == "https://polls.example.org"


def test_settings_do_not_print_their_secrets(environment: pytest.MonkeyPatch) -> None:
    assert GOOD["SECRET_KEY"] not in repr(load_settings())


def test_a_url_that_names_its_driver_stays_as_it_is() -> None:
    assert whole_url("postgresql+psycopg://x/y") == "postgresql+psycopg://x/y"


def test_an_sqlite_file_is_found_from_the_folder_of_the_command(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert whole_url("sqlite:///x.db") == f"sqlite:///{tmp_path}/x.db"
    assert whole_url(f"sqlite:///{tmp_path}/x.db") == f"sqlite:///{tmp_path}/x.db"


def test_an_empty_setting_has_its_default(environment: pytest.MonkeyPatch) -> None:
    for name in ("PORT", "WEB_PROCESSES", "VOTE_RATE_LIMIT"):
        environment.setenv(name, "")
    settings = load_settings()
    assert (settings.port, settings.web_processes, settings.vote_rate_limit) == (8000, 2, 600)


def test_an_empty_setting_that_is_required_is_missing(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("SECRET_KEY", "")
    with pytest.raises(SettingsError, match="SECRET_KEY: Environment variable not set"):
        load_settings()


@pytest.mark.parametrize(
    ("given", "origin", "path"),
    [
        ("https://News.Example:443/voxpop/", "https://news.example", "/voxpop"),
        ("https://news.example/a/b-c.d~e_f", "https://news.example", "/a/b-c.d~e_f"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000", ""),
        ("https://news.example/pollster", "https://news.example", "/pollster"),
    ],
)
def test_the_public_url_may_be_a_path_of_an_origin(
    environment: pytest.MonkeyPatch, given: str, origin: str, path: str
) -> None:
    environment.setenv("PUBLIC_URL", given)
    settings = load_settings()
    assert (settings.public_origin, settings.public_path) == (origin, path)
    assert settings.public_url == origin + path


@pytest.mark.parametrize(
    "given",
    [
        "https://news.example/voxpop?x=1",
        "https://news.example/voxpop#x",
        "https://news.example/a//b",
        "https://news.example/../a",
        "https://news.example/a/.",
        "https://news.example/%61",
        "https://news.example/a b",
        "https://news.example/polls",
        "https://news.example/v1/voxpop",
        "https://user@news.example/voxpop",
    ],
)
def test_a_path_that_proxies_may_read_in_two_ways_stops_the_start(
    environment: pytest.MonkeyPatch, given: str
) -> None:
    environment.setenv("PUBLIC_URL", given)
    with pytest.raises(SettingsError) as refusal:
        load_settings()
    assert list(refusal.value.problems) == ["PUBLIC_URL"]
