"""One file a format; the only code that knows formats."""
