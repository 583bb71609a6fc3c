"""Witnesses to fingerprints, seeds and spans."""
