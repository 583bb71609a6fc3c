"""The record types, in the order in which they are found: a later type may use what earlier ones found."""

from __future__ import annotations

from variorum.errors import UsageError
from variorum.ledger import actions, attributions, dates, demands, endorsements, figures, names, quotations, signatories, slogans, stances
from variorum.ledger.rules import RecordType

TYPES: dict[str, RecordType] = {kind.name: kind for kind in (quotations.QUOTATION, dates.DATE, figures.FIGURE, names.NAME, attributions.ATTRIBUTION, demands.DEMAND, actions.ACTION, endorsements.ENDORSEMENT, signatories.SIGNATORY, slogans.SLOGAN, stances.STANCE)}

BASIS = ("quotation", "date", "attribution")
"""Types that all others build on: dates keep their words from later types, quotations and attributions give an entry its voice."""

UNREAD = "unread"
"""The type of an entry that stands for a stretch in a language that is not read."""


def choose_types(names: list[str]) -> list[str]:
    """Return the names of the wanted types; UsageError where one is unknown."""
    unknown = [name for name in names if name not in TYPES and name != UNREAD]
    if unknown:
        raise UsageError(f"no record type '{unknown[0]}'; there are {', '.join([*TYPES, UNREAD])}")
    return names
