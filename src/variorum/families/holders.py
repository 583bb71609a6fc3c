"""Who holds each family, and since when: witnesses, series, dates, statements."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from variorum.families.groups import distinct_rows
from variorum.families.passages import Passages
from variorum.families.witnesses import DAY, UNDATED, Witnesses


@dataclass(frozen=True)
class Holders:
    """Arrays of one element a family.

    Attributes:
        n_passages, n_witnesses, n_series: int64, how many there are, exact copies included.
        earliest: int64, the witness whose date lies wholly before all others'; -1 where none is dated or two may be of one time.
        first_at, last_at: int64, earliest and latest moment of a member, in microseconds since 1970, or `UNDATED`.
        n_days: int64, days from the first date to the last; 0 where none is dated.
        n_statements: int64, statements, where what one series gave twice on one day counts once.
        n_dates: int64, days on which they were made.
        main_share: float64, share of the statements that come from the series that has most.
    """

    n_passages: np.ndarray
    n_witnesses: np.ndarray
    n_series: np.ndarray
    earliest: np.ndarray
    first_at: np.ndarray
    last_at: np.ndarray
    n_days: np.ndarray
    n_statements: np.ndarray
    n_dates: np.ndarray
    main_share: np.ndarray


def count_holders(rows: Passages, n_families: int, known: Witnesses) -> Holders:
    """Return who holds each of `n_families` families, of which `rows` are all passages."""
    held, _ = distinct_rows(rows.family, rows.witness)
    family, witness = rows.family[held], rows.witness[held]
    in_series, _ = distinct_rows(family, known.series[witness])
    first, last = (np.full(n_families, bound, np.int64) for bound in (UNDATED, -UNDATED))
    latest = last.copy()
    dated, closed = known.first[witness] != UNDATED, known.last[witness] != UNDATED
    np.minimum.at(first, family[dated], known.first[witness[dated]])
    np.maximum.at(latest, family[dated], known.first[witness[dated]])
    np.maximum.at(last, family[closed], known.last[witness[closed]])
    n_statements, n_dates, main_share = _count_statements(rows, n_families, known)
    return Holders(
        n_passages=np.bincount(rows.family, minlength=n_families),
        n_witnesses=np.bincount(family, minlength=n_families),
        n_series=np.bincount(family[in_series], minlength=n_families),
        earliest=find_earliest(family[dated], witness[dated], n_families, known),
        first_at=first,
        last_at=np.where(last == -UNDATED, UNDATED, last),
        n_days=np.where(first == UNDATED, 0, latest - first) // DAY,
        n_statements=n_statements,
        n_dates=n_dates,
        main_share=main_share,
    )


def find_earliest(family: np.ndarray, witness: np.ndarray, n_families: int, known: Witnesses) -> np.ndarray:
    """Return for each family the witness whose date lies wholly before all others', else -1; rows are dated witnesses of families, none twice."""
    order = np.lexsort((witness, known.last[witness], known.first[witness], family))
    family, witness = family[order], witness[order]
    best = np.flatnonzero(np.diff(family, prepend=-1))
    first, last = known.first[witness], known.last[witness]
    end = np.where(last == UNDATED, first, last)[best]
    # Of the others the next one begins first.
    after = np.minimum(best + 1, len(family) - 1)
    alone = (after == best) | (family[after] != family[best]) | (first[after] > end)
    earliest = np.full(n_families, -1, np.int64)
    earliest[family[best[alone]]] = witness[best[alone]]
    return earliest


def _count_statements(rows: Passages, n_families: int, known: Witnesses) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return statements, their days, and the share of the series that gave most; what one series gave twice on one day counts once."""
    dated = known.first != UNDATED
    # An undated witness has a day of its own.
    day = np.unique(np.where(dated, known.first // DAY, UNDATED - np.arange(known.n)), return_inverse=True)[1]
    given, _ = distinct_rows(rows.family, rows.matched, known.series[rows.witness], day[rows.witness])
    family, witness = rows.family[given], rows.witness[given]
    n_statements = np.bincount(family, minlength=n_families)
    on, _ = distinct_rows(family[dated[witness]], day[witness[dated[witness]]])
    n_dates = np.bincount(family[dated[witness]][on], minlength=n_families)
    by_series, times = distinct_rows(family, known.series[witness])
    most = np.zeros(n_families, np.int64)
    np.maximum.at(most, family[by_series], times)
    return n_statements, n_dates, most / n_statements
