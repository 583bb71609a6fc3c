"""SPANS to FAMILIES, PASSAGES and FAMILY_LINKS."""

from variorum.families.building import SPAN_COLUMNS, build_families

__all__ = ["SPAN_COLUMNS", "build_families"]
