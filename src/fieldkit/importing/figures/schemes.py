"""The classifications that published labels are matched to, by exact keys; a label that is only similar gives a suggestion.

The labels of each scheme are in `records/codes/scheme_NAME.csv`. NHS 2001 counts Chinese with other groups, the censuses of 2011
and 2021 with Asian ones. So "Asian" is two groups, `five2001` and `five2021`, each built from codes of its own scheme.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from fieldkit.importing.figures.age_bands import age_code
from fieldkit.importing.figures.label_keys import (
    heading_key,
    label_key,
    with_leading_group,
    with_trailing_group,
)
from fieldkit.records.schema.codes import Code, code_list

Level = Literal["group", "parent", "total", "declined", "not-asked", "unknown"]

#: Dimension -> the schemes that its labels may belong to, the likelier first.
SCHEMES = {
    "ethnic": ("nhs16", "census19"),
    "religion": ("religion",),
    "orientation": ("orientation",),
    "disability": ("disability",),
    "age": ("age",),
    "gender": ("gender",),
    "carer": ("carer",),
}
#: Scheme -> the scheme of its five groups.
FIVE = {"nhs16": "five2001", "census19": "five2021"}
UNKNOWN = "unknown-mixed"
#: Levels of people whose answer is not known: they count as "not stated", whatever the reason.
NOT_STATED: frozenset[Level] = frozenset({"declined", "not-asked", "unknown"})
#: Names of the last group within each of the five.
_BACKGROUNDS = (
    "other",
    "any other",
    "other background",
    "any other background",
    "other group",
    "any other group",
)
_MOST_SUGGESTED = 3
_PIECES = re.compile(r"\s*[/,;|]\s*|\s+(?:or|and)\s+", re.IGNORECASE)
_TITLES = {
    "ethnic": "ethnicgroup;ethnicity;ethniccategory;ethnicgroups;ethnic;ethniccategories;ethnicgroupcategories;ethnicbackground",
    "religion": "religion;religionorbelief;faith;religions;religiongroup;religionandbelief",
    "orientation": "sexualorientation;sexualorientationtype;orientation;sexuality",
    "disability": "disability;disabilitytype;disabilities;disabilitystatus",
    "age": "age;ageband;agegroup;agebands;agegroups;agecategories;agerange;ageyears;agecategory",
    "gender": "gender;sex;genderidentity;sexcategories;gendersex",
    "carer": "carer;carers;carerstatus;unpaidcare;unpaidcarer",
    "total": "total;all;overall",
}


@dataclass(frozen=True, slots=True)
class LabelMatch:
    """What a label was matched to: the code, its scheme, and whether it is a group or holds several."""

    code: str
    scheme: str
    level: Level


def dimension_of(title: str) -> str:
    """The dimension that a heading or a cell names exactly ("total" for one that names everybody), or ""."""
    key = heading_key(title)
    return _dimensions().get(key) or _dimensions().get(key.removesuffix("categories"), "")


@cache
def _dimensions() -> dict[str, str]:
    return {key: dimension for dimension, keys in _TITLES.items() for key in keys.split(";")}


def match_label(scheme: str, label: str, group: str = "") -> LabelMatch | None:
    """The code of a published label within its `group`, if its key is exactly one of the scheme's; else None.

    A group may also lead the label (`Asian: Indian`, `White - British`) or end it (`British (White)`). Keys that several
    groups share (`other`, `any other background`) are matched only within a group.
    """
    labels = _labels(scheme)
    parent = labels.parent(group)
    if group and parent is None and labels.is_total(label):
        # `All` of a group that is not one of the five is that group itself: it has no subgroups.
        return labels.find(group, None)
    within_unknown = bool(group) and parent is None and not dimension_of(group)
    for own_group, rest in ((parent, label), *_parts(labels, label)):
        match = labels.find(rest, own_group or parent)
        if match is not None and not (within_unknown and match.level == "parent"):
            return match
    return None


def is_parent_name(label: str) -> bool:
    """Whether a label is the name of one of the five groups."""
    return _labels("nhs16").parent(label) is not None


def pick_scheme(dimension: str, labels: Iterable[tuple[str, str]]) -> str:
    """The scheme of a dimension that matches most of these (label, group), on a tie the likelier; "" if there is none."""
    candidates = SCHEMES.get(dimension, ())
    if len(candidates) < 2:
        return candidates[0] if candidates else ""
    pairs = list(labels)
    scores = {
        scheme: sum(
            (match := match_label(scheme, *pair)) is not None and match.level == "group" for pair in pairs
        )
        + sum((match := match_label(scheme, *pair)) is not None for pair in pairs) / (len(pairs) + 1)
        + sum(_names_own_group(scheme, *pair) for pair in pairs) / (len(pairs) + 1) / 2
        for scheme in candidates
    }
    return max(candidates, key=lambda scheme: scores[scheme])


def doubtful_labels(
    scheme: str, labels: Iterable[tuple[str, str]], *, resolved: bool
) -> list[tuple[str, str]]:
    """The (label, group) of a table that may mean either of two groups, so that only a person can match them.

    `Other` beside the finest groups may be the last of the five groups, or the last within the group above it. If only the five
    groups are present and both schemes have their names, Asian and other groups may be with or without Chinese, unless the
    scheme is `resolved`.
    """
    five = FIVE.get(scheme)
    if five is None:
        return []
    matched = {pair: match_label(scheme, *pair) for pair in labels}
    parents = {match.code for match in matched.values() if match and match.level == "parent"} - {"bme"}
    groups = {match.code for match in matched.values() if match and match.level == "group"}
    others = [
        pair
        for pair, match in matched.items()
        if match and match.level == "parent" and match.code == "other" and not pair[1]
    ]
    if groups:
        below_others = {five_of(scheme, code) for code in groups}
        alone = parents == {"other"} or not groups & {"R", "S", "18", "19"} or "other" not in below_others
        return others if alone else []
    if resolved or any(
        _names_own_group(scheme, *pair) != _names_own_group(_other_scheme(scheme), *pair) for pair in matched
    ):
        return []
    return [
        pair
        for pair, match in matched.items()
        if match and match.code in {"asian", "other"} and match.level == "parent"
    ]


def _other_scheme(scheme: str) -> str:
    return next(other for other in FIVE if other != scheme)


def _names_own_group(scheme: str, label: str, group: str) -> bool:
    """Whether a label, or a group that leads it, is the name of one of the scheme's own five groups."""
    own = _labels(scheme).own_parents
    leading = (group_name for group_name, _ in with_leading_group(label))
    return any(label_key(name) in own for name in (group, label, *leading))


def likely_dimension(labels: Iterable[tuple[str, str]]) -> str:
    """The dimension whose groups match most of these (label, group); "" if none matches half of them."""
    pairs = list(labels)
    best, most = "", 0
    for dimension, schemes in SCHEMES.items():
        for scheme in schemes:
            hits = sum(
                (match := match_label(scheme, *pair)) is not None and match.level in {"group", "parent"}
                for pair in pairs
            )
            if hits > most:
                best, most = dimension, hits
    return best if most * 2 >= len(pairs) else ""


def suggestions(scheme: str, label: str, group: str = "") -> list[LabelMatch]:
    """Codes with labels of similar spelling, within the label's group if it has one, for a person to confirm."""
    labels = _labels(scheme)
    parent, rest = next(iter(_parts(labels, label)), (labels.parent(group), label))
    within = labels.within(parent) if parent else labels.every
    keys = difflib.get_close_matches(label_key(rest)[:80], within, n=_MOST_SUGGESTED * 3, cutoff=0.6)
    codes = dict.fromkeys(within[key] for key in keys)
    if parent is None and label_key(rest) in map(label_key, _BACKGROUNDS) and scheme in FIVE:
        # `Other` among the finest groups is more likely the last of them than the last of the five.
        last = labels.every[label_key("any other ethnic group")]
        codes = {last: None} | codes
    return list(codes)[:_MOST_SUGGESTED]


def codes_of(scheme: str) -> dict[str, str]:
    """Code -> label of a scheme, including the codes of its five groups and those that every scheme has."""
    return {code: entry.label for code, entry in _labels(scheme).codes.items()}


def is_published(code: str) -> bool:
    """Whether publications use a code, as K, 99 or XX. Those in small letters (`unknown-mixed`) are fieldkit's own."""
    return not any(letter.islower() for letter in code)


def with_code(label: str, code: str) -> str:
    """The name of a group as people read it: with its code if publications use that, as `Bangladeshi (K)`."""
    return f"{label} ({code})" if is_published(code) and code not in label.split() else label


def level_of(scheme: str, code: str) -> Level:
    """The level of a code in a scheme: a group, one that holds several, or a code for a missing answer."""
    entry = _labels(scheme).codes.get(code)
    return _level(entry) if entry else "group"


def whole_scheme(scheme: str) -> str:
    """The scheme whose groups add up to these five groups; any other scheme unchanged."""
    return next((whole for whole, five in FIVE.items() if five == scheme), scheme)


def nhs16_of(code: str) -> str:
    """The NHS category of a census 2021 group (15, 16 and 17 go to C, 18 and 19 to S); other codes unchanged."""
    entry = next((entry for entry in code_list("ethnic_group").entries if entry.code == code), None)
    return (entry.get("nhs") or code) if entry and not entry.role else code


def five_of(scheme: str, code: str) -> str:
    """The group of the five, in its own scheme, that holds a group of `nhs16` or `census19`; "" if `code` is not a group."""
    entry = _labels(scheme).codes.get(code)
    return entry.get("groups").partition(";")[0] if entry and not entry.role else ""


def _level(entry: Code) -> Level:
    return entry.role or "group"  # type: ignore[return-value]  # the lists hold these roles alone


def _parts(labels: _Labels, label: str) -> list[tuple[str | None, str]]:
    """(code of the group, the rest) for a label that names its group itself."""
    pairs = with_leading_group(label)
    if trailing := with_trailing_group(label):
        pairs.append(trailing)
    return [(parent, rest) for head, rest in pairs if (parent := labels.parent(head)) is not None]


class _Labels:
    """The keys of one scheme: of each group's labels, of the five groups, and of the labels that every scheme has."""

    def __init__(self, scheme: str) -> None:
        self.scheme, self.five = scheme, FIVE.get(scheme, "")
        self.codes: dict[str, Code] = {}
        self.every: dict[str, LabelMatch] = {}
        """Key -> match, for labels that need no group."""
        self._within: dict[tuple[str, str], LabelMatch] = {}
        self._parents: dict[str, str] = {}
        self._special: dict[str, LabelMatch] = {}
        own: dict[Level, str] = {}
        if scheme != "age":
            for entry in code_list(f"scheme_{scheme}").entries:
                self._add(entry)
                own.setdefault(_level(entry), entry.code)
        for five in ("five2001", "five2021") if self.five else ():
            for entry in code_list(f"scheme_{five}").entries:
                if five == self.five:
                    self.codes[entry.code] = entry
                for key in _keys(entry):
                    self._parents.setdefault(key, entry.code)
        self.own_parents: set[str] = set()
        if self.five:
            for entry in code_list(f"scheme_{self.five}").entries:
                self.own_parents.update(_keys(entry))
                for key in _keys(entry):
                    self.every.setdefault(key, LabelMatch(entry.code, self.five, "parent"))
        for entry in code_list("scheme_common").entries:
            level = _level(entry)
            code = own.get(level, entry.code) if level in {"declined", "not-asked"} else entry.code
            self.codes.setdefault(code, entry)
            for key in _keys(entry):
                self._special.setdefault(key, LabelMatch(code, scheme, level))

    def _add(self, entry: Code) -> None:
        level = _level(entry)
        match = LabelMatch(entry.code, self.scheme, level)
        self.codes[entry.code] = entry
        for key in _keys(entry):
            self.every.setdefault(key, match)
        if entry.code.isalpha():
            self.every.setdefault(entry.code.casefold(), match)
        groups = [group for group in entry.get("groups").split(";") if group]
        for group in groups:
            for key in _keys(entry):
                self._within[group, key] = match
        if groups and (entry.label.startswith(("any other", "other")) or entry.code in {"S", "19"}):
            for key in map(label_key, _BACKGROUNDS):
                self._within.setdefault((groups[0], key), match)

    def is_total(self, label: str) -> bool:
        """Whether a label means everybody."""
        special = self._special.get(label_key(label))
        return special is not None and special.level == "total"

    def within(self, parent: str) -> dict[str, LabelMatch]:
        """The keys of the groups within one of the five."""
        return {key: match for (group, key), match in self._within.items() if group == parent}

    def parent(self, name: str) -> str | None:
        """The code of the group of the five that is called `name`, or None."""
        return self._parents.get(label_key(name)) if name else None

    def find(self, label: str, parent: str | None) -> LabelMatch | None:
        """The match of a label by its key, within the group `parent` if there is one."""
        if self.scheme == "age" and (band := age_code(label)):
            return LabelMatch(band, "age", "group")
        match = self._find(label_key(label), parent)
        if match is not None and (number := re.match(r"\s*([0-9]{1,2})\b", label)):
            # A leading number that is a code must be the label's own; any other number only orders the labels.
            codes = {number[1], number[1].lstrip("0"), number[1].zfill(2)}
            if codes & self.codes.keys() and match.code not in codes:
                return None
        if match is None and (lead := re.match(r"\s*([0-9]{1,2}|[A-Za-z]{1,2})[\s.:–-]+(?=\S)", label)):
            # `01 Behaviour and Emotional`, `J - Pakistani`: the leading code must be the label's own.
            after = self._find(label_key(label[lead.end() :]), parent)
            code = lead[1].upper()
            if after is not None and (code == after.code or code.lstrip("0") == after.code.lstrip("0")):
                return after
            if after is not None and after.level in NOT_STATED and self.codes.get(code, None) is not None:
                return after if _level(self.codes[code]) == after.level else None
        return match or self._mixed(label)

    def _find(self, key: str, parent: str | None) -> LabelMatch | None:
        if not key:
            return None
        if parent is not None:
            if within := self._within.get((parent, key)):
                return within
            special = self._special.get(key)
            if special is not None and special.level == "total":
                return LabelMatch(parent, self.five, "parent")
            if special is not None:
                return special
            return None if key not in self._parents else LabelMatch(self._parents[key], self.five, "parent")
        return self._special.get(key) or self.every.get(key)

    def _mixed(self, label: str) -> LabelMatch | None:
        """The match of `Not stated/Not known/Invalid`: several reasons in one label have a code of their own."""
        pieces = [self._special.get(label_key(piece)) for piece in _PIECES.split(label) if piece.strip()]
        if len(pieces) < 2 or any(piece is None or piece.level not in NOT_STATED for piece in pieces):
            return None
        kinds = {piece.level for piece in pieces if piece is not None}
        first = pieces[0]
        return first if len(kinds) == 1 else LabelMatch(UNKNOWN, self.scheme, "unknown")


def _keys(entry: Code) -> list[str]:
    spellings = [entry.label, *filter(None, entry.get("also").split(";"))]
    return [label_key(spelling) for spelling in spellings]


@cache
def _labels(scheme: str) -> _Labels:
    return _Labels(scheme)
