"""The letter stream of a corpus: all texts folded to letters, one after another, with the way back to places.

Files in the index folder, each a plain array that is memory-mapped:

    letters.u16   folded letters; every text ends with one end mark, letter 0
    gaps.u8       gap codes (see kernels/folding.py)
    starts.i64    first element of each text, and the length of the stream last
    samples.i32   place of every 64th element
    rare.i64      number of rare gaps, their places in the stream, then their packed values
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np
import pyarrow as pa

from variorum.errors import CorpusDamaged
from variorum.kernels import folding

_FILES = {"letters": ("letters.u16", np.uint16), "gaps": ("gaps.u8", np.uint8), "starts": ("starts.i64", np.int64),
          "samples": ("samples.i32", np.int32), "rare": ("rare.i64", np.int64)}  # fmt: skip


@functools.cache
def folding_table() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the folding table: entries by code point, first expansion letter by code point, expansion letters."""
    with resources.files("variorum.kernels").joinpath("folding_table.npz").open("rb") as file, np.load(file) as stored:
        start_of = np.zeros(len(stored["table"]), np.int32)
        start_of[stored["expanding"]] = stored["offsets"]
        return stored["table"], start_of, stored["letters"]


@dataclass(frozen=True)
class LetterStore:
    """Folded texts, in memory or memory-mapped; text i holds elements ``starts[i]`` to ``starts[i + 1]``, end mark included."""

    letters: np.ndarray
    gaps: np.ndarray
    starts: np.ndarray
    samples: np.ndarray
    rare_index: np.ndarray
    rare_value: np.ndarray

    def __post_init__(self) -> None:
        """Make every array a plain read-only one: another class or a writable array would have every kernel compiled again."""
        for name in ("letters", "gaps", "starts", "samples", "rare_index", "rare_value"):
            array = np.asarray(getattr(self, name)).view()
            array.flags.writeable = False
            object.__setattr__(self, name, array)

    @property
    def n_texts(self) -> int:
        """Number of texts."""
        return len(self.starts) - 1

    @property
    def tracks(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """The arrays that lead from letters to places, as the kernels take them."""
        return self.gaps, self.samples, self.rare_index, self.rare_value

    @property
    def stream(self) -> tuple[np.ndarray, ...]:
        """All arrays, as `kernels.pairing` takes them."""
        return (self.letters, self.starts, *self.tracks)

    def text_letters(self, text: int) -> np.ndarray:
        """Return the folded letters of a text (uint16, end mark left out)."""
        return self.letters[self.starts[text] : self.starts[text + 1] - 1]

    def places(self, text: int, first: int, last: int) -> tuple[int, int]:
        """Return the half-open code points of the letters ``[first, last)`` of a text, with the marks that cling to its words."""
        start, end = self.locate_places(*(np.array([value]) for value in (text, first, last)))
        return int(start[0]), int(end[0])

    def locate_places(self, text: np.ndarray, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the code points of many intervals of letters, ``[low, high)`` each (int64)."""
        start, end = np.empty(len(text), np.int64), np.empty(len(text), np.int64)
        folding.locate_places(*_as_int64(text, low, high), self.starts, *self.tracks, start, end)
        return start, end

    def locate_letters(self, text: np.ndarray, start: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the letters whose code points lie in each of many intervals ``[start, end)`` (int64)."""
        low, high = np.empty(len(text), np.int64), np.empty(len(text), np.int64)
        folding.locate_letters(*_as_int64(text, start, end), self.starts, *self.tracks, low, high)
        return low, high


def _as_int64(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return contiguous int64 copies, so that a kernel is compiled for one signature only."""
    return np.ascontiguousarray(a, np.int64), np.ascontiguousarray(b, np.int64), np.ascontiguousarray(c, np.int64)


def fold_texts(texts: Sequence[str]) -> LetterStore:
    """Return the letter stream of a few texts, in memory."""
    parts = _fold(pa.array(texts, pa.large_string()), 0)
    return LetterStore(parts["letters"], parts["gaps"], parts["starts"], parts["samples"], parts["rare_index"], parts["rare_value"])


def text_hashes(texts: Sequence[str]) -> np.ndarray:
    """Return the hash of the folded letters of each text (int64)."""
    return _fold(pa.array(texts, pa.large_string()), 0)["hashes"]


@dataclass(frozen=True)
class Prefix:
    """The first texts of a stream, which the files of another index folder begin with.

    Attributes:
        index: that folder.
        hashes: letters_hash of each of the texts, int64.
    """

    index: Path
    hashes: np.ndarray

    @property
    def n_texts(self) -> int:
        """Number of texts."""
        return len(self.hashes)


def write_letters(batches: Iterable[pa.RecordBatch], index: Path, prefix: Prefix | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Fold the texts of all `batches` (columns ``witness``, ``text``) into the index folder, behind those of `prefix`.

    Returns:
        n_letters and letters_hash of each text, int64.
    """
    index.mkdir(parents=True, exist_ok=True)
    base = 0
    starts, hashes, rare_index, rare_value = [np.zeros(1, np.int64)], [], [], []
    if prefix:
        before = open_letters(prefix.index)
        base = int(before.starts[prefix.n_texts])
        n_rare = int(np.searchsorted(before.rare_index, base))
        starts, hashes = [before.starts[: prefix.n_texts + 1]], [prefix.hashes]
        rare_index, rare_value = [before.rare_index[:n_rare]], [before.rare_value[:n_rare]]
        for file, size in (("letters.u16", 2 * base), ("gaps.u8", base), ("samples.i32", 4 * -(-base // folding.SAMPLE))):
            _copy_beginning(prefix.index / file, index / file, size)
    way = "ab" if prefix else "wb"
    with (index / "letters.u16").open(way) as letters, (index / "gaps.u8").open(way) as gaps, (index / "samples.i32").open(way) as samples:
        for batch in batches:
            part = _fold(batch.column("text"), base)
            part["letters"].tofile(letters)
            part["gaps"].tofile(gaps)
            part["samples"].tofile(samples)
            starts.append(part["starts"][1:] + base)
            hashes.append(part["hashes"])
            rare_index.append(part["rare_index"] + base)
            rare_value.append(part["rare_value"])
            base += len(part["letters"])
    all_starts = np.concatenate(starts)
    all_starts.tofile(index / "starts.i64")
    n_rare = np.array([sum(map(len, rare_index))], np.int64)
    np.concatenate([n_rare, *rare_index, *rare_value]).tofile(index / "rare.i64")
    return np.diff(all_starts) - 1, np.concatenate([*hashes, np.zeros(0, np.int64)])


def _copy_beginning(source: Path, target: Path, size: int) -> None:
    """Copy the first `size` bytes of a file."""
    with source.open("rb") as file, target.open("wb") as out:
        while size and (block := file.read(min(size, 1 << 24))):
            out.write(block)
            size -= len(block)


def open_letters(index: Path) -> LetterStore:
    """Map the letter stream of an index folder.

    Raises:
        CorpusDamaged: a file is missing or the files do not belong together.
    """
    arrays = {}
    for name, (file, dtype) in _FILES.items():
        path = index / file
        if not path.exists():
            raise CorpusDamaged(f"{path}: missing; trace again with --resume-from foldings")
        if path.stat().st_size % np.dtype(dtype).itemsize:
            raise CorpusDamaged(f"{path}: cut short; trace again with --resume-from foldings")
        arrays[name] = np.memmap(path, dtype, "r") if path.stat().st_size else np.zeros(0, dtype)
    starts, rare = np.asarray(arrays["starts"]), np.asarray(arrays["rare"])
    n_rare = int(rare[0]) if len(rare) else -1
    store = LetterStore(arrays["letters"], arrays["gaps"], starts, arrays["samples"], rare[1 : n_rare + 1], rare[n_rare + 1 :])
    if len(rare) != 2 * n_rare + 1 or not _belong_together(store):
        raise CorpusDamaged(f"{index}: the files of the letter stream do not belong together; trace again with --resume-from foldings")
    return store


def _belong_together(store: LetterStore) -> bool:
    """Return whether the arrays can be of one stream: a kernel that follows a wrong bound would read past an array's end."""
    starts, rare, length = store.starts, store.rare_index, len(store.letters)
    if not len(starts) or starts[0] != 0 or starts[-1] != length or np.any(np.diff(starts) < 1):
        return False
    if len(store.gaps) != length or len(store.samples) != -(-length // folding.SAMPLE) or len(rare) != len(store.rare_value):
        return False
    return not len(rare) or bool(rare[0] >= 0 and rare[-1] < length and np.all(np.diff(rare) > 0))


def string_buffers(texts: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Return the UTF-8 bytes of an Arrow array of strings (uint8) and the n+1 bounds of its texts in them (int64)."""
    texts = texts.cast(pa.large_string())
    _, offsets_buffer, data_buffer = texts.buffers()
    offsets = np.frombuffer(offsets_buffer, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    return np.frombuffer(data_buffer, np.uint8) if data_buffer is not None else np.zeros(0, np.uint8), offsets


def _fold(texts: pa.Array, base: int) -> dict[str, np.ndarray]:
    """Fold an Arrow array of strings; the results are those of `kernels.folding.fold_batch`, cut to size."""
    data, offsets = string_buffers(texts)
    size = int(offsets[-1] - offsets[0]) if len(texts) else 0
    starts, hashes = np.empty(len(texts) + 1, np.int64), np.empty(len(texts), np.int64)
    # Text in an alphabet never gives more letters than bytes; a few ligatures give up to five times as many.
    for factor in (1, 6):
        capacity = size * factor + len(texts) + 16
        letters, gaps = np.empty(capacity, np.uint16), np.empty(capacity, np.uint8)
        samples = np.empty(capacity // folding.SAMPLE + 2, np.int32)
        rare = size // (64 if factor == 1 else 1) + len(texts) + 64
        rare_index, rare_value = np.empty(rare, np.int64), np.empty(rare, np.int64)
        outputs = (letters, gaps, starts, hashes, samples, rare_index, rare_value)
        n, n_rare = folding.fold_batch(data, offsets, *folding_table(), base, *outputs)
        if n >= 0:
            break
    first = -(-base // folding.SAMPLE)
    n_samples = max(0, -(-(base + n) // folding.SAMPLE) - first)
    return {"letters": letters[:n], "gaps": gaps[:n], "starts": starts, "hashes": hashes, "samples": samples[:n_samples],
            "rare_index": rare_index[:n_rare], "rare_value": rare_value[:n_rare]}  # fmt: skip
