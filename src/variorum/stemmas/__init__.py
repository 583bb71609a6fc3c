"""READINGS and dates to STEMMA, LINKS and their evidence: who took it from whom."""
