"""Bytes to text: marks first, then UTF-8, then what charset-normalizer finds; and what is no text at all."""

from __future__ import annotations

import codecs
import re
import zlib
from typing import BinaryIO, NamedTuple

from variorum.errors import InputError, UsageError
from variorum.reading.problems import Problems, count

# The longer mark first: UTF-32's little-endian mark begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SIGNATURES = (
    (b"%PDF-", "a PDF", "rename it to .pdf"),
    (b"PK\x03\x04", "a zip archive or an office document", "rename it to .docx if it is one, else unpack it"),
    (b"\xd0\xcf\x11\xe0", "an old or encrypted office document", "save it as .docx without a password, or as PDF"),
    (b"\x1f\x8b", "a gzip archive", "unpack it"),
    (b"BZh", "a bzip2 archive", "unpack it"),
    (b"\xfd7zXZ\x00", "an xz archive", "unpack it"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it"),
    (b"PAR1", "a Parquet file", "rename it to .parquet"),
    (b"SQLite format 3\x00", "a database", "export its table as .csv"),
    (b"\x89PNG", "a picture", "run text recognition and give the text"),
    (b"\xff\xd8\xff", "a picture", "run text recognition and give the text"),
    (b"GIF8", "a picture", "run text recognition and give the text"),
    (b"II*\x00", "a picture", "run text recognition and give the text"),
    (b"MM\x00*", "a picture", "run text recognition and give the text"),
    (b"\x7fELF", "a program", "leave it out"),
    (b"MZ\x90", "a program", "leave it out"),
)
_CONTROLS = bytes(sorted({*range(32), 127} - {*b"\t\n\v\f\r\x1a\x1b"}))  # \x1a ended DOS files, \x1b switches ISO-2022
_HEAD = 1 << 16
_BLOCK = 1 << 20
# What public statements are met in, by how often; all else (EBCDIC, DOS and Mac pages for one country) only misleads.
# fmt: off
_KNOWN = (
    "cp1252", "cp1251", "gb18030", "cp932", "cp949", "big5", "cp1250", "cp1256", "cp1254", "cp1253", "cp1255", "cp1257",
    "iso8859_2", "iso8859_5", "iso8859_6", "iso8859_7", "koi8_r", "euc_jp", "iso2022_jp", "tis_620", "cp866", "cp850", "mac_roman",
)
# fmt: on
_SIGN_IN_WORD = re.compile(r"[^\W\d_][^\w\s'’‘ʼ´`\-‐‑–—./:,;&()\[\]·\u00ad][^\W\d_]")
_BROKEN = re.compile("\udc80+")

MARK = "variorum.mark"
"""Error handler of decoding: bytes that stand for no character become a lone surrogate, to be counted and made U+FFFD.

Unlike ``replace`` it can be told from a U+FFFD in the file, unlike ``surrogateescape`` it serves encodings of seven bits and of two bytes.
"""
codecs.register_error(MARK, lambda error: ("\udc80", getattr(error, "end", 0)))


class Decoded(NamedTuple):
    """Text with its encoding; `n_replaced` counts what stood for no character and became U+FFFD."""

    text: str
    encoding: str
    n_replaced: int


def check_encoding(name: str | None) -> None:
    """Raise `UsageError` where the setting `encoding` names none that exists."""
    if name is None:
        return
    try:
        "".encode(name)
    except (LookupError, ValueError) as error:
        raise UsageError(f"no encoding '{name}'; use a name such as utf-8, cp1252 or shift_jis, or leave it out") from error


def find_mark(head: bytes) -> str | None:
    """Return the encoding that the first bytes declare by a byte order mark, or None."""
    return next((name for mark, name in _MARKS if head.startswith(mark)), None)


def decode(data: bytes, source: str, encoding: str | None = None) -> Decoded:
    """Return the text of a file's bytes, line ends made ``\\n``.

    `encoding` overrules everything that is found; without it: byte order mark, UTF-16 by its zero bytes, UTF-8 where at
    most a few bytes break it, else what charset-normalizer finds.

    Raises:
        InputError: the bytes are no text.
    """
    name = encoding or find_mark(data[:4])
    if name is None:
        name = _wide_encoding(data)
        if name is None:
            refuse_binary(data, source)
            name = "utf-8"
            try:
                return Decoded(one_line_end(data.decode()), name, 0)
            except UnicodeDecodeError as error:
                name = _guess(data, error.start)
    text, n_replaced = _BROKEN.subn("\ufffd", data.decode(name, MARK))
    return Decoded(one_line_end(text), name, n_replaced)


def note_replaced(found: Decoded, problems: Problems, encoding: str | None) -> None:
    """Note bytes that stand for no character."""
    if found.n_replaced:
        advice = "correct the setting encoding" if encoding else "give the encoding if the text looks wrong"
        problems.note(
            "bytes that are no text",
            f"bytes that are not {found.encoding} were replaced by U+FFFD in {count(found.n_replaced, 'place')}",
            advice,
        )


def find_stream_encoding(file: BinaryIO, source: str, *, whole: bool = True) -> str:
    """Return the encoding of a long file of rows, read in blocks and left at its beginning.

    `whole` looks at all of it; otherwise (packed files) at the first 16 MB.

    Raises:
        InputError: the bytes are no text.
    """
    head = file.read(1 << 13)
    name = find_mark(head[:4]) or _wide_encoding(head)
    if name is None:
        refuse_binary(head, source)
        name, decoder, block, n_read = "utf-8", codecs.getincrementaldecoder("utf-8")(), head, 0
        try:
            while block and (whole or n_read < 16 * _BLOCK):
                decoder.decode(block)
                n_read += len(block)
                block = file.read(_BLOCK)
        except UnicodeDecodeError as error:
            name = _guess(block, error.start)
        except (EOFError, zlib.error):
            pass  # a packed file that is cut off: what comes before is read, and then it is told
    file.seek(0)
    return name


def one_line_end(text: str) -> str:
    r"""Return the text with ``\r\n`` and ``\r`` made ``\n``."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def refuse_binary(data: bytes, source: str) -> None:
    """Raise `InputError` where the bytes are those of a known binary format or hold too many control characters."""
    for signature, what, advice in _SIGNATURES:
        if data.startswith(signature):
            raise InputError(source, f"is not text but {what}", advice)
    head = data[:_HEAD]
    n_controls = len(head) - len(head.translate(None, _CONTROLS))
    if n_controls * 10 > len(head) or (n_controls * 200 > len(head) and not _is_utf8(head)):
        raise InputError(source, "is not text but binary data", "leave it out, or give it the suffix of its real format")


def _is_utf8(head: bytes) -> bool:
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 3  # a character cut by the end of the sample
    return True


def _wide_encoding(data: bytes) -> str | None:
    """Return UTF-16 without a mark, known by zero bytes on one side of most pairs, or None."""
    head = data[: _HEAD // 2 * 2]
    n_pairs = len(head) // 2
    if n_pairs < 2 or b"\0" not in head:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    for name, zeros, others in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if zeros * 2 > n_pairs and others * 20 < n_pairs:
            try:
                text = head[: n_pairs * 2].decode(name, "strict")
            except UnicodeDecodeError as error:
                if error.start < len(head) - 2:
                    continue
                text = head[: error.start].decode(name)
            if sum(not (c.isprintable() or c.isspace()) for c in text) * 10 < len(text):
                return name
    return None


def _guess(data: bytes, bad: int) -> str:
    """Return the encoding of bytes that are not UTF-8 at `bad`."""
    lax = data.decode("utf-8", MARK)
    n_bad = len(_BROKEN.findall(lax))
    # UTF-8 with a few broken places has far more whole characters beyond ASCII than broken ones; no other
    # encoding makes such by chance.
    if n_bad * 4 <= sum(c > "\x7f" and c != "\udc80" for c in lax):
        return "utf-8"
    sample = data if len(data) <= 4 * _HEAD else data[:_HEAD] + data[_line_start(data, bad) : bad + 3 * _HEAD]
    return _best(sample)


def _best(sample: bytes) -> str:
    """Return the encoding charset-normalizer finds likeliest, ties going to the one in wider use."""
    from charset_normalizer import from_bytes  # slow to import, needed by few runs

    ranked = []
    for match in from_bytes(sample, cp_isolation=list(_KNOWN)):
        name = min(set(match.could_be_from_charset) & set(_KNOWN), key=_KNOWN.index, default=match.encoding)
        place = _KNOWN.index(name) if name in _KNOWN else len(_KNOWN)
        # A sign amid the letters of a word (vy¹¹í) is a letter of another encoding, however smooth the rest reads.
        ranked.append((bool(_SIGN_IN_WORD.search(str(match))), round(match.chaos, 2), -round(match.coherence, 2), place, name))
    return min(ranked)[-1] if ranked else _KNOWN[0]


def _line_start(data: bytes, place: int) -> int:
    """Return the start of the line that holds `place`, so that no character of several bytes is cut."""
    return max(data.rfind(b"\n", 0, place) + 1, place - _HEAD, _HEAD)
