"""Which poll an owner chose for a site's places."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from service.stores.sql.db import Base


class CurrentPoll(Base):
    """The poll that a site's owners chose for the places that show its current one."""

    __tablename__ = "current_polls"

    site_id: Mapped[int] = mapped_column(
        sa.ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True
    )
    poll_id: Mapped[int] = mapped_column(sa.ForeignKey("polls.id", ondelete="CASCADE"), unique=True)
