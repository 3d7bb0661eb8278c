"""What web servers and `flask --app wsgi` load."""

import sys
from pathlib import Path

from service import local
from service.config import SettingsError, load_settings

# `flask up` makes settings that all else must be given, so it runs before there can be an app.
if Path(sys.argv[0]).name == "flask" and "up" in sys.argv[1:]:
    from service.up import app
else:
    from service import cli
    from service.app import create_app

    try:
        settings = local.load_settings(local.folder()) if local.is_meant() else load_settings()
    except SettingsError as error:
        sys.exit(str(error))
    app = create_app(settings)
    cli.register(app)

__all__ = ["app"]
