"""The rough sound of a word of a name: its consonants and the vowels between them, equal for spellings of one name."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from fieldkit.records.people_names.name_words import NameWord

#: Spellings and their sounds, applied in order. Capitals are sounds: C as in church, S as in ship; A E I O U W Y are vowels.
_SPELLINGS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"^mc(?=[^aeiouy])", "mac"),
        (r"^kn", "n"),
        (r"^wr", "r"),
        (r"^wh", "w"),
        (r"^(iu|ju|yu)", "ju"),
        (r"^y(?=[aeiou])", "j"),
        (r"^geo(?=f)", "je"),
        (r"^gi(?=ll?ian)", "ji"),
        (r"odg", "og"),
        (r"tewa", "tua"),
        (r"oey?$", "OI"),
        (r"o(?=re$)", "oo"),
        (r"^geo", "jo"),
        (r"^(x|sch)", "S"),
        (r"(?<=[a-z])mps(?=o)", "ms"),
        (r"eigh$", "I"),
        (r"a(?=[^aeiouwyx]e$)", "ai"),
        (r"(?<![aeiou])o(?=[^aeiouwyx]e$)", "W"),
        (r"(?<![aeiou])u(?=[^aeiouwyx]e$)", "U"),
        (r"(?<=d)h?[aou]?(?=r(i|y|ee|ie)$)", ""),
        (r"(?<=[aeiou])ght", "t"),
        (r"dge?(?=[e]|$)", "j"),
        (r"tch|cz|tsch", "C"),
        (r"ch(?=[rl])", "k"),
        (r"ch", "C"),
        (r"sch|sh|sz", "S"),
        (r"ck|kh|q", "k"),
        (r"ph", "f"),
        (r"c(?=[eiy])", "s"),
        (r"c", "k"),
        (r"x", "ks"),
        (r"(?<=[gtdbjp])h", ""),
        (r"(?<=o)h(?=n)", ""),
        (r"(?<=[aeiou])h$", ""),
        (r"aye|ayi|ay(?![aeiou])|ai|ae", "E"),
        (r"ei|(?<=^gr)ey$|ey(?=.)", "Y"),
        (r"oa", "W"),
        (r"oo|ou|ow(?![aeiou])|au|aw(?![aeiou])|eu|oe", "O"),
        (r"ee|ea|ie(?!$)|ie$|iy|ii|ey$|ij", "I"),
        (r"(?<=.)w(?=$|[^aeiouAEIOUWYy])", "O"),
        (r"(?<=[aeiouAEIOUWY])y(?=[aeiouAEIOUWY])", "I"),
        (r"y", "I"),
        (r"(?<=[^aeiouAEIOUWY])e$", ""),
        (r"[ou]", "O"),
        (r"a", "A"),
        (r"e", "E"),
        (r"i", "I"),
        (r"w", "v"),
        (r"(?<=.)[fv]", "v"),
        (r"(?<=.)z", "s"),
        (r"([A-Za-z])\1+", r"\1"),
    )
)
_MORE = "."
_VOWELS = frozenset("AEIOUWY")
#: Vowels that are written for each other: at the first place with a vowel, and at later places.
_FIRST = frozenset({"AE", "EI"})
_EITHER = ({"E", "Y"}, {"I", "Y"})
"""`ei` may be spoken as in Hussein or as in Neil."""
_LATER = frozenset({"AE", "EI", "AO", "EO"})


class Sound(NamedTuple):
    """The consonants of a word, and the vowels before, between and after them (one part more than consonants)."""

    consonants: str
    vowels: tuple[str, ...]
    written: str
    """Which vowels the script writes, as in `NameWord.vowels`."""

    @property
    def key(self) -> str:
        """The part common to all spellings of the name: the consonants, marked if the word begins with a vowel."""
        return ("*" if self.vowels[0] else "") + self.consonants


@lru_cache(maxsize=65536)
def sound_of(word: NameWord) -> Sound:
    """The sound of a word."""
    sounds = word.letters
    if word.vowels == "none":  # w, y and the glottal stop may be written for a vowel
        sounds = sounds[:1] + re.sub("[wyv'`]", "", sounds[1:])
        sounds = re.sub("^y(?=[^aeiou])", "a", sounds)
        sounds = re.sub("(?<=.)h$", "", sounds)
    for pattern, sound in _SPELLINGS:
        sounds = pattern.sub(sound, sounds)
    consonants, between = "", [""]
    for sound in sounds:
        if sound in _VOWELS:
            between[-1] += sound
        else:
            consonants += sound
            between.append("")
    return Sound(consonants, tuple(between), word.vowels)


def start_of(word: NameWord) -> Sound:
    """The sound of the letters typed so far, in which no letter is silent yet for ending the word."""
    sound = sound_of(word._replace(letters=word.letters + _MORE))
    return Sound(sound.consonants.removesuffix(_MORE), sound.vowels[:-1], sound.written)


def same_sound(sound: Sound, other: Sound) -> bool:
    """Whether two words may be spellings of one name: the same consonants, and vowels that are written for each other."""
    if sound.consonants != other.consonants:
        return False
    if "none" in (sound.written, other.written):
        return bool(sound.consonants)
    schwa = "not a" in (sound.written, other.written)
    few, last, first = len(sound.consonants) < 3, len(sound.consonants), True
    for at, (vowels, others) in enumerate(zip(sound.vowels, other.vowels, strict=True)):
        if schwa:
            vowels, others = vowels.replace("A", ""), others.replace("A", "")
        if (
            vowels != others
            and {vowels, others} not in _EITHER
            and (few or not _exchanged(vowels, others, first=first, end=at in (0, last), long=last >= 4))
        ):
            return False
        if vowels and others:
            first = False
    return True


def same_start(typed: Sound, whole: Sound) -> bool:
    """Whether the letters typed so far (`start_of`) may begin a spelling of the whole word."""
    length = len(typed.consonants)
    vowels = (*whole.vowels[:length], whole.vowels[length] if typed.vowels[length] else "")
    return same_sound(typed, Sound(whole.consonants[:length], vowels, whole.written))


def _exchanged(vowels: str, others: str, *, first: bool, end: bool, long: bool) -> bool:
    """Whether names may be written with either of two vowels at one place. `end`: before or after all consonants."""
    if not vowels or not others:
        return long and not end and not first and len(vowels + others) == 1
    pair = "".join(sorted(vowels + others))
    return pair in (_FIRST if first or end else _LATER) and not (end and not first and pair == "AE")


def begins_alike(typed: Sound, whole: Sound) -> bool:
    """Whether the letters typed, which begin with the same consonants, have the same first vowel, as far as scripts write it."""
    if (typed.written, whole.written) != ("all", "all"):
        return True
    pair = next((pair for pair in zip(typed.vowels, whole.vowels, strict=False) if all(pair)), None)
    return pair is None or pair[0][0] == pair[1][0] or set(pair) in _EITHER or "".join(sorted(pair)) in _FIRST
