"""Reading one gettext file (.po) of translations for respondents. Anybody may have made it: it is bounded and cleaned, and never
causes a traceback.

The header states the language (`Language: pa`) and the version (`Project-Id-Version: respondents 1`). `fuzzy` is gettext's
mark for what nobody has checked: it makes the whole catalogue a draft if the header has it; a sentence with it is left out.
"""

from __future__ import annotations

import errno
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.resources.abc import Traversable
from io import BytesIO
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileParser

from fieldkit.operating_system import read_regular
from fieldkit.records.schema.codes import code_list
from fieldkit.text import clean_line, displayed_line, shortened

LARGEST_FILE = 512 * 1024
"""The most bytes in one file."""
MOST_FILES = 50
MOST_MESSAGES = 5_000
LONGEST_VERSION = 20

_PLACEHOLDER = re.compile(r"\{[a-z_]*\}")
_CODE = re.compile(r"[a-z]{2,3}(?:[_-][A-Za-z0-9]{2,8})?\Z")
_NOT_CHOSEN = {"PROJECT", "VERSION", ""}


class PoRefused(ValueError):
    """A file that can't be used at all; its text is the sentence to show."""


class _Catalog(Catalog):
    """Babel's class, but the header can't set the number of plural forms: a number of ten digits would take all memory."""

    @property
    def num_plurals(self) -> int:
        """More plural forms than any sentence for respondents has in any language."""
        return 6


@dataclass(frozen=True)
class PoFile:
    """What a file holds. `messages`: (context, English) -> translation. `problems`: sentences about what was left out."""

    code: str
    name: str
    english_name: str
    version: str
    draft: bool
    right_to_left: bool
    mark: str
    messages: dict[tuple[str, str], str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


def dropped_files(folder: Path) -> tuple[list[Path], list[str]]:
    """The .po files in a folder by name, and sentences about those beyond the limit."""
    try:
        paths = sorted(path for path in folder.iterdir() if path.name.lower().endswith(".po"))
    except FileNotFoundError:
        return [], []
    except OSError:
        return [], [
            f"The folder “{displayed_line(folder.name)}” can't be read. fieldkit's own languages are used."
        ]
    if len(paths) <= MOST_FILES:
        return paths, []
    return paths[:MOST_FILES], [
        f"{len(paths):,} files of translations are too many: the first {MOST_FILES} are used."
    ]


def read_po_file(path: Path | Traversable, *, ours: bool = False) -> PoFile:
    """Read one file. `ours`: it is fieldkit's own and needs no mark.

    Raises:
        PoRefused: it is not a file of translations, is too large, or is in another encoding.
    """
    file_name = shortened(path.name)
    content = path.read_bytes() if ours else _bounded(Path(str(path)), file_name)
    try:
        content.decode("utf-8-sig")
        catalog = _Catalog()
        PoFileParser(catalog, abort_invalid=True).parse(BytesIO(content.removeprefix(b"\xef\xbb\xbf")))
        code = str(catalog.locale_identifier or Path(path.name).stem)
        draft, version = catalog.fuzzy, clean_line(str(catalog.version))[:LONGEST_VERSION]
        entries = [
            (str(entry.context or ""), entry.id, entry.string)
            for entry in catalog
            if isinstance(entry.id, str) and isinstance(entry.string, str) and entry.id and not entry.fuzzy
        ]
    except UnicodeDecodeError:
        raise PoRefused(
            f"“{file_name}” is not in UTF-8, so it was left out. Save it as UTF-8 and start again."
        ) from None
    except Exception:  # whatever a parser may raise on other people's files
        raise PoRefused(
            f"“{file_name}” is not a valid .po file, so it was left out. Check it with msgfmt or Poedit."
        ) from None
    if not _CODE.match(code):
        raise PoRefused(
            f"“{file_name}” does not say its language, so it was left out. Write “Language: so” in its header."
        )
    if len(entries) > MOST_MESSAGES:
        raise PoRefused(
            f"“{file_name}” has {len(entries):,} sentences; the limit is {MOST_MESSAGES:,}. It was left out."
        )
    messages, left_out = _checked(entries)
    if not messages:
        raise PoRefused(f"“{file_name}” translates nothing, so it was left out.")
    own, english = _names(code)
    problems = [
        f"“{file_name}”: “{sentence}” was left out, because {reason}. It is shown in English."
        for sentence, reason in left_out[:3]
    ]
    if len(left_out) > 3:
        problems.append(f"“{file_name}”: {len(left_out) - 3:,} more sentences were left out.")
    return PoFile(
        code,
        own,
        english,
        "1" if version in _NOT_CHOSEN else version,
        draft,
        _right_to_left(messages.values()),
        "" if ours else sha256(content).hexdigest()[:6],
        messages,
        tuple(problems),
    )


def _bounded(path: Path, name: str) -> bytes:
    """The content of an ordinary file that is not too large."""
    try:
        content = read_regular(path, LARGEST_FILE + 1)
    except OSError as error:
        if error.errno in {errno.EISDIR, errno.ENODEV}:
            raise PoRefused(f"“{name}” is not a file, so it was left out.") from None
        raise PoRefused(f"“{name}” can't be read, so it was left out. Check who may read it.") from None
    if len(content) > LARGEST_FILE:
        raise PoRefused(f"“{name}” is larger than {LARGEST_FILE // 1024} KB, so it was left out.")
    return content


def _checked(entries: list[tuple[str, str, str]]) -> tuple[dict[tuple[str, str], str], list[tuple[str, str]]]:
    """The translations that can be shown, and the sentences that can't, each with the reason."""
    messages: dict[tuple[str, str], str] = {}
    left_out = []
    for context, english, translation in entries:
        cleaned = clean_line(translation)
        if not cleaned:
            continue
        if sorted(_PLACEHOLDER.findall(english)) != sorted(_PLACEHOLDER.findall(cleaned)):
            left_out.append((shortened(english, 40), "its {names} differ from the English ones"))
        elif len(cleaned) > 4 * len(english) + 80:
            left_out.append((shortened(english, 40), "it is much longer than the English sentence"))
        else:
            messages[clean_line(context), english] = cleaned
    return messages, left_out


def _names(code: str) -> tuple[str, str]:
    """A language's own name and its English name, if known."""
    english = code_list("language").label(code)
    try:
        locale = Locale.parse(code.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return english, english
    own, known = locale.get_display_name(locale), locale.get_display_name("en")
    return own or english, (known or english) if english == code else english


def _right_to_left(sentences: Iterable[str]) -> bool:
    """Whether most of the letters run from right to left."""
    classes = [unicodedata.bidirectional(letter) for sentence in sentences for letter in sentence]
    return sum(direction in {"R", "AL"} for direction in classes) > classes.count("L")
