"""SPANS to FAMILIES, PASSAGES and FAMILY_LINKS."""

from variorum.families.building import build_families

__all__ = ["build_families"]
