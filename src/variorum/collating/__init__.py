"""Collating: passages to columns, loci and readings."""
