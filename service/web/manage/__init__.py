"""The API for programs: what owners' scripts call under an API key, one noun a file.

A view says what it needs (`blueprint.needs`: scope, answers), has its body and query read strictly
(`blueprint.arguments`), calls the domain as `auth.actor()`, and answers by `answers`; one that
makes something is called `once`, one that edits asks `versions.check`.
"""

from service.web.blueprints import ProgramsBlueprint
from service.web.manage import (
    audit,
    ballots,
    exports,
    keys,
    other_texts,
    owners,
    places,
    polls,
    results,
    signing_keys,
    sites,
)

BLUEPRINTS: tuple[ProgramsBlueprint, ...] = (
    polls.blueprint,
    results.blueprint,
    ballots.blueprint,
    other_texts.blueprint,
    exports.blueprint,
    sites.blueprint,
    places.blueprint,
    signing_keys.blueprint,
    keys.blueprint,
    owners.blueprint,
    audit.blueprint,
)
