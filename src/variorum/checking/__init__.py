"""Figures of statements against a table that the user holds: do both fit, as of the statement's date? Never true or false."""
