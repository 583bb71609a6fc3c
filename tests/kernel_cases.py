"""What the tests of the kernels draw from: odd texts, streams of few letters, and how many cases."""

from __future__ import annotations

import os

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

import zoo
from variorum.letters import LetterStore, fold_texts

PLAIN = os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0")
"""Whether the kernels run as plain Python, a hundred times slower."""

ODD = (
    "abcdefg eéèÉ ßẞſﬁﬃ İıI 0１٣½Ⅷ² \t\n\r\u3000\u00a0 .,;:!? '\"’“”«»()[]{}¡¿#$€ -–—_/ \0\x7f\u00ad\u200b\u200d\ufeff\u202e "
    "\u0301\u0308\u0323\u20dd\ufe0f 港口工人三々 フェリーｶﾞが 항만항ㅎ กำลังไม่ ะ बंदरगाहक़ श्र اتفقـُ عُ שָׁלוֹם נמל αΣσςΐ жЙё 𝐇𝔘𠀀𐌰 🚢👍🏽👨‍👩 ʰʼ´`ª ㍿㌔"
)
texts = st.one_of(
    st.text(max_size=40),
    st.text(st.sampled_from(sorted(set(ODD))), max_size=80),
    st.text(st.sampled_from("ab '\"(.\u0301"), max_size=24),
    st.sampled_from([text[:400] for text in zoo.TEXTS.values()]),
)
"""Texts of every script, of hardly any letters, of marks and quotes only."""


def letters(size: int, most: int, least: int = 0) -> st.SearchStrategy[list[int]]:
    """Streams of letters out of so few different ones that they often agree."""
    return st.lists(st.integers(97, 96 + size), min_size=least, max_size=most)


def cases(n: int) -> settings:
    """So many cases; a few where the kernels are not compiled."""
    return settings(max_examples=max(2, n // 6) if PLAIN else n)


def stream(*parts: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """Return the letter stream of some texts given in letters, and where each begins."""
    joined = [letter for part in parts for letter in [*part, 0]]
    return frozen(np.array(joined, np.uint16)), np.cumsum([0, *(len(part) + 1 for part in parts)])


def frozen(array: np.ndarray) -> np.ndarray:
    """Return the array read-only, as the program hands streams to the kernels: another kind would be compiled anew."""
    view = array.view()
    view.flags.writeable = False
    return view


def store_of(parts: list[str]) -> LetterStore:
    """Return texts folded."""
    return fold_texts(parts)
