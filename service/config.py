"""The service's settings, read from the environment once, at the start."""

import os
import re
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from environs import Env, EnvValidationError, ValidationError, validate

from service import origins

NO_PUBLIC_URL = (
    "Must be an origin such as https://polls.example.org, or a path of one such as "
    "https://news.example.org/voxpop."
)
PATH = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~-]+)*")
# What the paths of the service itself begin with. A proxy may cut the public URL's path off or pass
# it on: so that it can be told which it does, the two must differ.
OWN_WORDS = frozenset(
    {"admin", "demo", "docs", "embed", "healthz", "oembed", "polls", "sites", "static", "v1"}
)


class SettingsError(Exception):
    """The environment does not let the service start; one line for each bad or missing variable."""

    def __init__(self, problems: dict[str, list[str]]) -> None:
        self.problems = problems
        lines = [f"  {name}: {' '.join(texts)}" for name, texts in sorted(problems.items())]
        super().__init__("\n".join(["Voxpop cannot start, these settings are wrong:", *lines]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All that an operator can set; docs/running.md says what each is for."""

    database_url: str
    redis_url: str
    secret_key: str
    public_url: str
    trusted_proxies: int = 0
    country_header: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    web_processes: int = 2
    web_threads: int = 64
    vote_rate_limit: int | None = 600
    api_rate_limit: int | None = 600

    @property
    def public_origin(self) -> str:
        """Scheme, host and port of the public URL, as browsers name the origin of our pages."""
        return self.public_url.removesuffix(self.public_path)

    @property
    def public_path(self) -> str:
        """The path under which all of the service stands there: `/voxpop`; mostly nothing."""
        return urlsplit(self.public_url).path

    def __repr__(self) -> str:
        """Without the secrets, because representations end up in logs."""
        return f"<Settings for {self.public_url}>"


def load_settings() -> Settings:
    """Read the settings from the environment; raise SettingsError naming every bad value.

    One that is set to nothing, as in a copied example file, is not set.
    """
    forget_empty()
    env = Env(eager=False)
    values = _read(env)
    try:
        env.seal()
    except EnvValidationError as error:
        raise SettingsError(_problems(error)) from None
    for name in ("vote_rate_limit", "api_rate_limit"):
        values[name] = None if values[name] == "off" else int(values[name])
    values["database_url"] = whole_url(values["database_url"])
    values["public_url"] = _whole_public_url(values["public_url"])
    return Settings(**values)


def _read(env: Env) -> dict[str, Any]:
    """The values as they are written; what is wrong is told when `env` is sealed."""
    return {
        "database_url": env.str("DATABASE_URL", validate=_database_url),
        "redis_url": env.str("REDIS_URL", validate=_redis_url),
        "secret_key": env.str("SECRET_KEY", validate=_secret),
        "public_url": env.str("PUBLIC_URL", validate=_public_url),
        "trusted_proxies": env.int("TRUSTED_PROXIES", 0, validate=validate.Range(0, 10)),
        "country_header": env.str("COUNTRY_HEADER", "", validate=_header),
        "host": env.str("HOST", "127.0.0.1"),
        "port": env.int("PORT", 8000, validate=validate.Range(1, 65535)),
        "web_processes": env.int("WEB_PROCESSES", 2, validate=validate.Range(1, 64)),
        "web_threads": env.int("WEB_THREADS", 64, validate=validate.Range(1, 1024)),
        "vote_rate_limit": env.str("VOTE_RATE_LIMIT", "600", validate=_rate),
        "api_rate_limit": env.str("API_RATE_LIMIT", "600", validate=_rate),
    }


def forget_empty() -> None:
    """Take the settings that are set to nothing out of the environment."""
    for field in fields(Settings):
        if os.environ.get(field.name.upper()) == "":
            del os.environ[field.name.upper()]


def whole_url(database_url: str) -> str:
    """The URL with the driver that we use, for what hosting services call `postgres://`, and with
    an SQLite file's whole path, from the folder that the command is given in."""
    if database_url.startswith("sqlite:///"):
        return f"sqlite:///{Path(database_url.removeprefix('sqlite:///')).resolve()}"
    return re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", database_url)


def _problems(error: EnvValidationError) -> dict[str, list[str]]:
    messages = cast(dict[str, list[str]], error.error_messages)
    return {name: [str(text) for text in texts] for name, texts in messages.items()}


def _database_url(value: str) -> None:
    if not re.match(r"(sqlite:///|postgres(ql)?(\+psycopg)?://).+", value):
        raise ValidationError("Must be a sqlite:/// or postgresql:// URL.")


def _redis_url(value: str) -> None:
    if not re.match(r"(redis|rediss|unix)://.+", value):
        raise ValidationError("Must be a redis://, rediss:// or unix:// URL.")


def _secret(value: str) -> None:
    if len(value) < 32:
        raise ValidationError("Must be at least 32 characters, random and kept secret.")


def _public_url(value: str) -> None:
    try:
        path = urlsplit(_whole_public_url(value)).path
    except ValueError:
        raise ValidationError(NO_PUBLIC_URL) from None
    if not PATH.fullmatch(path):
        raise ValidationError(NO_PUBLIC_URL)
    if path.split("/")[1:2] and path.split("/")[1] in OWN_WORDS:
        raise ValidationError(f"Its path must not begin with /{path.split('/')[1]}, as ours do.")


def _whole_public_url(value: str) -> str:
    """The URL without a slash at its end, its origin as browsers write it. Raises ValueError."""
    parts = urlsplit(value.strip())
    if parts.query or parts.fragment or value.strip().endswith(("?", "#")):
        raise ValueError(NO_PUBLIC_URL)
    return origins.normalised(f"{parts.scheme}://{parts.netloc}") + parts.path.rstrip("/")


def _header(value: str) -> None:
    if not re.fullmatch(r"[A-Za-z0-9-]*", value):
        raise ValidationError("Must be the name of a header, such as CF-IPCountry.")


def _rate(value: str) -> None:
    if value != "off" and not re.fullmatch(r"[1-9][0-9]{0,6}", value):
        raise ValidationError("Must be a number a minute, or off.")
