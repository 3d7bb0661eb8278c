"""What is kept in SQL: the judge of every vote."""
