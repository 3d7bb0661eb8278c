"""How long the texts of a poll may be, in characters."""

from service.records import PollDraft

LONGEST_TITLE = PollDraft.LONGEST_TITLE
LONGEST_QUESTION = 1000
LONGEST_HELP = 1000
LONGEST_CHOICE = 500
LONGEST_THANKS = 1000
LONGEST_ADDRESS = 2000
