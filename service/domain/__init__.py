"""What the service does; it takes the stores and the moment as arguments."""
