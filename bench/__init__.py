"""Benchmarks: the service beside bare apps that do the same work without it."""
