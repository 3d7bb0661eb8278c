"""What is kept in Redis: a shield against repeat votes and a board for live tallies.

Only committed facts are written here, so losing any of it costs speed, never a vote.
"""
