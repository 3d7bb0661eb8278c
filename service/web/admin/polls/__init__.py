"""The screens of a site's polls: the list, the form, what becomes of a poll, and its snippets."""

from flask import Blueprint

from service.web.admin.polls import editing, embedding, listing, standing, translating

blueprint = Blueprint("polls", __name__, url_prefix="/sites/<site>")
for screen in (listing, editing, standing, translating, embedding):
    blueprint.register_blueprint(screen.blueprint)
