"""Rows of Parquet, streamed."""

from __future__ import annotations

from collections.abc import Iterator

from variorum.errors import InputError
from variorum.reading.jsons import Row

_BATCH = 512  # rows turned into Python at a time; texts may be large


def iterate_parquet(path: str, source: str) -> Iterator[Row]:
    """Yield (number of the row from 1, row) of a Parquet file, after (0, the names of its columns).

    Raises:
        InputError: the file is damaged, or is no Parquet.
        OSError: the file cannot be read.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    number = 0
    with open(path, "rb") as file:
        try:
            parquet = pq.ParquetFile(file)
            yield 0, dict.fromkeys(parquet.schema_arrow.names)
            for batch in parquet.iter_batches(batch_size=_BATCH):
                for row in batch.to_pylist():
                    number += 1
                    yield number, row
        except (pa.ArrowException, OSError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise
            place = f"after row {number}" if number else None
            raise InputError(source, "the file is damaged, or is no Parquet", "write it anew", place) from error
