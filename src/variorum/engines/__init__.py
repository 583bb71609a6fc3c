"""Engines: where stage functions run."""
