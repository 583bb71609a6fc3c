"""Files and rows to witnesses: one file a format."""
