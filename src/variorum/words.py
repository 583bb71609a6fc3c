"""The words of texts as numbers: where each stands, its stem, what gap stands before it, how common it is.

Deep mode compares words, not letters. A word is found by `kernels/wording.py`, cut to its stem in the language of its text
(Snowball; a text whose language is not recognised keeps its words whole) and folded as `letters` folds. Words of equal folded
stem have equal numbers in one `Vocabulary`, and equal keys in every one.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import Stemmer

from variorum.kernels import wording
from variorum.letters import folding_table, string_buffers, text_hashes

FLAT = 3e-4
"""Share of the words of a text that a word makes up, where nothing at all is known of it."""
RARE_SHARE = 1e-4
"""Share of the words of a text that a word makes up, where nothing is known of it but that it is none of the commonest."""
FIRST_SHARE = 0.06
"""Share of the commonest word of a language, about; the next ones follow Zipf's law."""

# The commonest words of a language, about in order of their frequency; one that several share counts for each of them.
_CUES = {
    "english": "the of and to a in that is was i for it with as he be on by at you are this his had not but have from they or which she were all her an there we been one has if more when will would who so no",
    "french": "le la les de des du et en que qui une dans pour est pas sur au avec ce il par plus son sont nous aux cette",
    "spanish": "el la los las de del y en que una por con para es no se al lo como más pero su sus este esta son fue",
    "portuguese": "o a os as de do da dos das e em que um uma para com não por mais se na no ao como foi são pelo pela",
    "italian": "il la gli le di del della che e in un una per con non è sono al dei delle come da si anche nel alla più",
    "german": "der die das und in den von zu mit ist des im für auf nicht ein eine dem sich als auch es an werden aus er hat",
    "dutch": "de het een en van in is dat op te zijn met voor niet aan er die ook als bij door naar worden uit om heeft",
    "swedish": "och att det i en som på är av för med den till inte har de om ett han var från men vi sig kan",
    "danish": "og at det i en som på er af for med den til ikke har de om et han var fra men vi sig kan være blev",
    "norwegian": "og at det i en som på er av for med den til ikke har de om et han var fra men vi seg kan være ble",
    "finnish": "ja on ei että se oli hän ovat mutta joka kun myös niin sen kuin tai olla mukaan vuonna ole",
    "hungarian": "a az és hogy nem is egy meg ez volt de csak már mint vagy el még ha ki azt aki",
    "romanian": "și de în la cu a pe care din un o nu să este mai pentru al prin sunt ce sau",
    "russian": "и в не на что с как это по он к из но за от у для так же то о бы был его",
    "polish": "w i na z do się że nie o jest to od po przez za jak dla ale są był co",
    "turkish": "ve bir bu da de için ile çok olarak daha ne gibi kadar olan en o var ama sonra",
    "indonesian": "yang dan di dengan untuk dari ini pada tidak itu dalam akan adalah ke oleh juga sebagai karena",
}
_MIN_CUES = 0.1  # least share of a text's words that are cues of its language
_LANGUAGES = list(_CUES)
_SALT = np.uint64(0x9E3779B97F4A7C15)
_BREAK = re.compile("[-\u2010]\r?\n|[-\u2010]\r|\u00ad")
_APOSTROPHE = re.compile("['’ʼ＇`´]")


@dataclass(frozen=True)
class WordStore:
    """The words of some texts, one after another; text i holds elements ``starts[i]`` to ``starts[i + 1]``, end mark included.

    Attributes:
        numbers: int32, number of each word's stem in the vocabulary; -1 for the end mark.
        begins, ends: int32, code points of each word.
        classes: uint8, class of the gap before each element: 3 edge of the text or blank line, 2 end of a sentence, 1 line break, 0 none of these.
        starts: int64[n_texts + 1].
    """

    numbers: np.ndarray
    begins: np.ndarray
    ends: np.ndarray
    classes: np.ndarray
    starts: np.ndarray

    @property
    def n_texts(self) -> int:
        """Number of texts."""
        return len(self.starts) - 1

    @property
    def n_words(self) -> int:
        """Number of words of all texts."""
        return len(self.numbers) - self.n_texts

    def text_numbers(self, text: int) -> np.ndarray:
        """Return the numbers of a text's words, in order (int32)."""
        return self.numbers[self.starts[text] : self.starts[text + 1] - 1]

    def count(self, size: int) -> np.ndarray:
        """Return how often each number below `size` stands in all texts (int64)."""
        return np.bincount(self.numbers[self.numbers >= 0], minlength=size)


def join_stores(stores: Iterable[WordStore]) -> WordStore:
    """Return several stores of one vocabulary as one, their texts in order."""
    parts = list(stores)
    bases = np.cumsum([0, *(len(part.numbers) for part in parts)])
    starts = np.concatenate([*(part.starts[:-1] + base for part, base in zip(parts, bases[:-1], strict=True)), bases[-1:]])
    numbers, begins, ends, classes = (np.concatenate([getattr(p, name) for p in parts]) for name in ("numbers", "begins", "ends", "classes"))
    return WordStore(numbers, begins, ends, classes, starts)


class Vocabulary:
    """Numbers for stems, counted from 0 in the order of first sight."""

    def __init__(self) -> None:
        self._forms = _Numbering()  # words as written, each in its language
        self._stems = _Numbering()
        self._stem_of = np.zeros(0, np.int32)  # by form
        self._met = np.zeros(len(_LANGUAGES) + 1, bool)  # languages, the last for none

    def __len__(self) -> int:
        """Return how many different stems were met."""
        return self._stems.count

    @property
    def keys(self) -> np.ndarray:
        """The key of each number (uint64): a hash of the folded stem, the same in every vocabulary."""
        return self._stems.hashes()

    def background(self) -> np.ndarray:
        """Return the share of each number in texts at large (float64): that of the commonest words of the languages met, RARE_SHARE for all others.

        On PAN 2013 it serves as well as counts over the whole corpus do; see docs/deep.md.
        """
        shares = np.full(len(self), RARE_SHARE)
        number_of = dict(zip(self._forms.hashes().tolist(), self._stem_of.tolist(), strict=True))
        for language in np.flatnonzero(self._met[:-1]):
            words = list(_CUES.values())[language].split()
            hashes = _hash_words(words) ^ _salts()[language]
            for rank, form in enumerate(hashes.tolist(), 1):
                if (number := number_of.get(form)) is not None:
                    shares[number] = max(shares[number], FIRST_SHARE / rank)
        return shares

    def add(self, texts: Sequence[str] | pa.Array) -> WordStore:
        """Return the words of `texts`; stems not met before get the next numbers.

        `texts` are strings, or an Arrow array of strings without nulls.
        """
        array = pa.array(texts, pa.large_string())
        hashes, begins, ends, classes, starts = _find_words(array)
        languages = _guess_languages(hashes, starts)
        self._met[languages] = True
        # A form counts apart in each language: "die" is cut to a stem by the rules of its own.
        salts = _salts()
        np.bitwise_xor(hashes, np.repeat(salts[languages], np.diff(starts)), out=hashes)
        hashes[starts[1:] - 1] = 0
        forms, fresh = self._forms.number(hashes)
        if len(fresh):
            stems = _stem_words(fresh, languages, (begins, ends, starts), array)
            keys = text_hashes(stems).view(np.uint64)
            numbers, _ = self._stems.number(keys)
            self._stem_of = np.concatenate([self._stem_of, numbers])
        numbers = np.where(forms >= 0, self._stem_of[forms], np.int32(-1)) if len(self._stem_of) else forms
        return WordStore(numbers, begins, ends, classes, starts)


class _Numbering:
    """A growing hash table from hashes to numbers counted from 0."""

    def __init__(self) -> None:
        self.count = 0
        self._keys, self._slots = np.zeros(1 << 12, np.uint64), np.zeros(1 << 12, np.int32)

    def number(self, hashes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the number of each hash (int32; -1 for 0), and the places of those met for the first time, in order."""
        numbers, fresh = np.empty(len(hashes), np.int32), []
        done = 0
        while True:
            room = np.empty(min(len(hashes) - done, len(self._keys)), np.int64)
            step, count = wording.intern_hashes(hashes[done:], self.count, self._keys, self._slots, numbers[done:], room)
            fresh.append(room[: count - self.count] + done)
            self.count = count
            done += step
            if done == len(hashes):
                return numbers, np.concatenate(fresh)
            old = self.hashes()
            self._keys, self._slots = np.zeros(4 * len(self._keys), np.uint64), np.zeros(4 * len(self._keys), np.int32)
            wording.intern_hashes(old, 0, self._keys, self._slots, np.empty(len(old), np.int32), np.empty(len(old), np.int64))

    def hashes(self) -> np.ndarray:
        """Return the hash of each number."""
        used = self._keys != 0
        out = np.empty(self.count, np.uint64)
        out[self._slots[used]] = self._keys[used]
        return out


def counted_background(counts: np.ndarray) -> np.ndarray:
    """Return the share of each number from how often it was counted in a corpus (float64), half a word added to each."""
    return (counts + 0.5) / (counts.sum() + 0.5 * len(counts))


def _find_words(texts: pa.Array) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return what `kernels.wording.find_words` says of `texts`, cut to size."""
    data, offsets = string_buffers(texts)
    # A word and the gap after it take two bytes, a letter of a script without spaces three.
    capacity = (int(offsets[-1] - offsets[0]) if len(texts) else 0) // 2 + 2 * len(texts) + 16
    hashes = np.empty(capacity, np.uint64)
    begins, ends, classes = np.empty(capacity, np.int32), np.empty(capacity, np.int32), np.empty(capacity, np.uint8)
    starts = np.empty(len(texts) + 1, np.int64)
    n = wording.find_words(data, offsets, folding_table()[0], hashes, begins, ends, classes, starts)
    assert n >= 0
    return hashes[:n], begins[:n].copy(), ends[:n].copy(), classes[:n].copy(), starts


def _guess_languages(hashes: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Return the language of each text as its number in `_CUES`, or their count where none is recognised."""
    counts = np.zeros((len(starts) - 1, len(_LANGUAGES)), np.int64)
    wording.count_cues(hashes, starts, *_cue_table(), counts)
    best = counts.argmax(1)
    share = counts.max(1) / np.maximum(1, np.diff(starts) - 1)
    return np.where(share >= _MIN_CUES, best, len(_LANGUAGES))


def _salts() -> np.ndarray:
    """Return what tells the forms of each language, and of none, apart (uint64)."""
    return np.arange(len(_LANGUAGES) + 1, dtype=np.uint64) * _SALT


def _hash_words(words: list[str]) -> np.ndarray:
    """Return the hash of each of some words, as they are found in a text (uint64)."""
    return _find_words(pa.array(words, pa.large_string()))[0][::2]


@functools.cache
def _cue_table() -> tuple[np.ndarray, np.ndarray]:
    """Return the hashes of all cues, sorted, and the languages of each as bits (int64)."""
    words = sorted({word for cues in _CUES.values() for word in cues.split()})
    hashes = _hash_words(words)
    masks = np.array([sum(1 << i for i, cues in enumerate(_CUES.values()) if word in cues.split()) for word in words], np.int64)
    order = np.argsort(hashes)
    return hashes[order], masks[order]


def _stem_words(places: np.ndarray, languages: np.ndarray, words: tuple[np.ndarray, ...], texts: pa.Array) -> list[str]:
    """Return the stem of the words at `places`, each in the language of its text."""
    begins, ends, starts = words
    owner = np.searchsorted(starts, places, "right") - 1
    stems = [""] * len(places)
    by_language: dict[int, list[int]] = {}
    written = ""
    for i, (place, text) in enumerate(zip(places.tolist(), owner.tolist(), strict=True)):
        if i == 0 or text != owner[i - 1]:
            written = texts[text].as_py()
        stems[i] = _spell(written[begins[place] : ends[place]])
        by_language.setdefault(int(languages[text]), []).append(i)
    for language, members in by_language.items():
        if language < len(_LANGUAGES):
            cut = Stemmer.Stemmer(_LANGUAGES[language]).stemWords([stems[i] for i in members])
            for i, stem in zip(members, cut, strict=True):
                stems[i] = stem
    return stems


def _spell(written: str) -> str:
    """Return a word as its stemmer reads it: the longest part between apostrophes, lower case, composed, unbroken."""
    if not written.isalnum():
        written = _BREAK.sub("", written)
        parts = _APOSTROPHE.split(written)
        written = max(parts, key=len)
    return unicodedata.normalize("NFC", written).lower() if not written.isascii() else written.lower()
