"""What `flask up` makes up for settings, and keeps in a folder, so that other commands find it."""

import os
import secrets
from pathlib import Path

from service import config
from service.config import Settings

FOLDER = "VOXPOP_VAR"
NO_REDIS = "redis://127.0.0.1:1/0"


def is_meant() -> bool:
    """Whether a command is to work on what `flask up` keeps."""
    return bool(os.environ.get(FOLDER))


def folder() -> Path:
    """Where it is kept."""
    return Path(os.environ.get(FOLDER) or "var").resolve()


def load_settings(var: Path) -> Settings:
    """The environment's settings, with what is missing made up. Raises SettingsError.

    Commands reach the database only: without REDIS_URL they do without Redis, which learns of their
    work from SQL.
    """
    config.forget_empty()
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{var / 'voxpop.sqlite3'}")
    os.environ.setdefault("PUBLIC_URL", f"http://{host}:{port}")
    os.environ.setdefault("REDIS_URL", NO_REDIS)
    if "SECRET_KEY" not in os.environ:
        os.environ["SECRET_KEY"] = _kept_secret(var / "secret_key")
    return config.load_settings()


def _kept_secret(path: Path) -> str:
    """The secret of earlier starts, or a new one: receipts must stay valid over a restart."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text()
