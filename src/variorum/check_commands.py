"""What `variorum check` does: hold figures against a table, and tell each answer."""

from __future__ import annotations

from typing import Any

from variorum.checking.checks import Pairs, Tally, make_plan
from variorum.errors import UsageError
from variorum.listings import Listing, Wanted, check_entries, list_statements, summarize_listing
from variorum.printing import RowPrinter, print_rich, say
from variorum.schema import TABLES


def run_check(paths: tuple[str, ...], options: dict[str, Any]) -> int:
    """Check the figures of `paths`; return 0, or 3 where some input or row of the table was not read."""
    plan = make_plan(options["against"], _choose_mapping(options), options["loose"])
    listing, tally = Listing(), Tally()
    stated = list_statements(paths, Wanted(("figure",), options["grade"], options["date"], options["lang"]), listing)
    checked = check_entries(stated, plan, tally, options["date"])
    if options["kind"] is None:
        from variorum.exporting.answers import render_checks

        print_rich(render_checks(list(checked)))
    else:
        printer = RowPrinter(options["kind"], TABLES["checks"].schema.names)
        for row in checked:
            printer.add([row])
        printer.finish()
    if tally.n_unpaired:
        say(f"variorum: {tally.n_unpaired:,} of {tally.n_figures:,} figures belong to no series of the mapping")
    for line in [*(f"variorum: {problem}" for problem in plan.observations.problems), *summarize_listing(listing)]:
        say(line)
    return 3 if plan.observations.problems else listing.exit_code


def _choose_mapping(options: dict[str, Any]) -> Pairs | None:
    """Return the mapping that the options give."""
    if not options["counted"] and not options["unit"]:
        return options["mapping"]
    if options["mapping"]:
        raise UsageError("--mapping says which figures are meant; leave --counted and --unit out")
    return {"counted": options["counted"] or "", "unit": options["unit"] or ""}
