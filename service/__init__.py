"""Voxpop: polls and surveys for news sites."""
