"""Pictures of a poll, for where no page of ours can stand: cards of links, mails, feeds."""

from service.web.pictures.addresses import (
    CARD_SIZE,
    PICTURE_WIDTH,
    card_address,
    picture_address,
)
from service.web.pictures.views import blueprint, register

__all__ = [
    "CARD_SIZE",
    "PICTURE_WIDTH",
    "blueprint",
    "card_address",
    "picture_address",
    "register",
]
