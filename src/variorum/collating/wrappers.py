"""What of each witness stands before, after and inside the carried text and in no other member: the table WRAPPERS."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from variorum.collating.members import Member
from variorum.schema import TABLES
from variorum.tokens import split_tokens


def write_wrappers(members: Sequence[Member], table: pa.Table, loci: pa.Table, readings: pa.Table) -> pa.Table:
    """Return the table `wrappers` from the tables of a collation.

    Inside counts what one member alone has where no other has anything. Lone marks before and after do not count.
    """
    rows = []
    for row in table.to_pylist():
        member = members[row["member"]]
        for part, start, end in (("before", 0, row["start"]), ("after", row["end"], len(member.text))):
            tokens = split_tokens(member.text, start, end)
            if row["related"] and any(c.isalnum() for key in tokens.keys for c in key):
                rows.append({"member": row["member"], "part": part, "start": tokens.starts[0], "end": tokens.ends[-1], "n_tokens": len(tokens.keys), "locus": None})
    held = readings["n_tokens"].to_numpy() > 0
    locus = readings["locus"].to_numpy()
    alone = np.bincount(locus[held], minlength=len(loci)) == 1
    chosen = readings.take(pa.array(np.flatnonzero(held & alone[locus])))
    covered = loci["n_members"].to_numpy()
    for r in chosen.to_pylist():
        if covered[r["locus"]] > 1:
            rows.append({"member": r["member"], "part": "inside", "start": r["start"], "end": r["ink_end"], "n_tokens": r["n_tokens"], "locus": r["locus"]})
    rows.sort(key=lambda r: (r["member"], r["start"]))
    return pa.Table.from_pylist(rows, schema=TABLES["wrappers"].schema)
