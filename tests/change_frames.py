"""Sentences with one slot each, for what the ledger sees in a change: what the base has, what the other has, and what must be said of it."""

from __future__ import annotations

from typing import NamedTuple


class Frame(NamedTuple):
    """A sentence with a slot `{}`, both fillings, and the change: its kind, one of its aspects, its direction, its ratio."""

    text: str
    before: str
    after: str
    kind: str
    aspect: str
    direction: str | None = None
    ratio: float | None = None


FIRST = [
    Frame("The keepers counted {} boats at the quay.", "30", "45", "figure", "value", "up", 1.5),
    Frame("In all, {} tenants signed the letter.", "4,000", "1,000", "figure", "value", "down", 0.25),
    Frame("The levy brought in {} for the poorhouse.", "$2.5 million", "$5 million", "figure", "value", "up", 2.0),
    Frame("About {} of the nets were torn.", "40%", "30%", "figure", "value", "down", 0.75),
    Frame("{} lamps were broken in the storm.", "More than 90", "Fewer than 90", "figure", "comparator"),
    Frame("The council spent {} 5,000 pounds on paint.", "about", "at least", "figure", "comparator"),
    Frame("The cable is 12 {} long.", "metres", "kilometres", "figure", "unit"),
    Frame("The dredger cost 70,000 {} in spring.", "dollars", "euros", "figure", "unit"),
    Frame("The inspectors found 62 {} in the shed.", "lanterns", "kettles", "figure", "counted"),
    Frame("We know that 800 {} left the island.", "families", "fishermen", "figure", "counted"),
    Frame("{}the lock was shut for nine days.", "According to the harbour office, ", "", "attribution", "dropped"),
    Frame("The slipway was rotten{}.", ", according to the surveyor", "", "attribution", "dropped"),
    Frame("According to {}, the dyke will hold for a year.", "the engineers", "the insurers", "attribution", "source"),
    Frame("{} said that the pumps were too old.", "The wardens", "The bakers", "attribution", "source"),
    Frame("{}the ferry was overloaded.", "", "The pilots say that ", "attribution", "added"),
    Frame("{}the toll was raised in secret.", "", "The clerk wrote that ", "attribution", "voice"),
    Frame("The council must repair the pier by {}.", "3 March 2024", "17 April 2024", "date", "deadline", "later"),
    Frame("We demand that the owners pay the wages before {}.", "1 June 2025", "12 May 2025", "date", "deadline", "earlier"),
    Frame("We call on {} to reopen the northern lock.", "the harbour council", "the port ministry", "demand", "addressee"),
    Frame("We urge {} to publish the accounts.", "the trustees", "the shareholders", "demand", "addressee"),
    Frame("The owners {} repair the cranes before winter.", "must", "should", "modal", "force", "down"),
    Frame("The ministry {} pay the crews in full.", "should", "must", "modal", "force", "up"),
    Frame("We {} the governor to lift the ban.", "urge", "order", "demand", "force", "up"),
    Frame("{}", "We call on the mayor to answer our letters.", "", "sentence dropped", "demand"),
    Frame("{}", "", "The bank must return the deposits.", "sentence added", "demand"),
    Frame("We thank the night crews{}.", " and call on the council to light the pier", "", "demand", "dropped"),
    Frame("{} call on the board to halve the fees.", "We", "The traders", "demand", "claimant"),
]

# Written together with the first, before any rule was made, and run once when the first were right.
HELD = [
    Frame("Since the fire, {} houses have stood empty.", "18", "27", "figure", "value", "up", 1.5),
    Frame("The fund holds {} at present.", "€600,000", "€450,000", "figure", "value", "down", 0.75),
    Frame("Nearly {} per cent of the crews are on strike.", "20", "80", "figure", "value", "up", 4.0),
    Frame("They waited {} hours for a pilot.", "twelve", "three", "figure", "value", "down", 0.25),
    Frame("{} 700 sheep were ferried to the upper island.", "Almost", "Over", "figure", "comparator"),
    Frame("The union has {} 2,500 members.", "exactly", "roughly", "figure", "comparator"),
    Frame("The tank holds 300 {} of oil.", "litres", "gallons", "figure", "unit"),
    Frame("A berth costs 90 {} a night.", "pounds", "dollars", "figure", "unit"),
    Frame("The storm damaged 41 {} on the east shore.", "cottages", "windmills", "figure", "counted"),
    Frame("The clinic treated 230 {} last winter.", "sailors", "children", "figure", "counted"),
    Frame("{}the reservoir is half empty.", "According to the water board, ", "", "attribution", "dropped"),
    Frame("The bridge was never inspected{}.", ", the foreman said", "", "attribution", "dropped"),
    Frame("{}wages have fallen for six years.", "The weavers report that ", "", "attribution", "dropped"),
    Frame("The beacon failed twice, according to {}.", "the coastguard", "the fishermen", "attribution", "source"),
    Frame("{} warned that the roof would fall in.", "The architect", "The caretaker", "attribution", "source"),
    Frame("The mill will close in autumn{}.", "", ", according to its owners", "attribution", "added"),
    Frame("{}the wells are poisoned.", "", "The farmers claim that ", "attribution", "voice"),
    Frame("We ask the court to decide by {}.", "5 May 2026", "20 May 2026", "date", "deadline", "later"),
    Frame("The tenants must be rehoused before {}.", "10 October 2024", "2 September 2024", "date", "deadline", "earlier"),
    Frame("We appeal to {} to spare the old orchard.", "the bishop", "the regent", "demand", "addressee"),
    Frame("We request {} to send a second doctor.", "the hospital board", "the island council", "demand", "addressee"),
    Frame("The company {} withdraw the notices at once.", "should", "must", "modal", "force", "up"),
    Frame("The shipyard {} hire apprentices again.", "must", "ought to", "modal", "force", "down"),
    Frame("We {} that the gates be opened.", "demand", "request", "demand", "force", "down"),
    Frame("{}", "We demand that the archive be opened.", "", "sentence dropped", "demand"),
    Frame("{}", "", "We urge the judges to hear the widows.", "sentence added", "demand"),
    Frame("The choir sang in the square{}.", "", ", and we ask the town to pay the singers", "demand", "added"),
    Frame("{} demand an inquiry into the sinking.", "We", "The insurers", "demand", "claimant"),
]
