"""The roles of the columns in a table of figures, recognised by the headings that publishers use."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from fieldkit.importing.figures.label_keys import heading_key, label_key
from fieldkit.importing.figures.schemes import dimension_of

Role = Literal[
    "value", "label", "group", "dimension", "measure", "statistic", "organisation", "organisation_name", "period", "period_end",
    "age", "sex", "code", "",
]  # fmt: skip
ROLES: tuple[Role, ...] = (
    "value", "label", "group", "dimension", "measure", "statistic", "organisation", "organisation_name", "period", "age",
    "sex",
)  # fmt: skip
_KEYS: dict[Role, str] = {
    "value": "count;counts;numerator;observation;obsvalue;measurevaluesuppressed;valuesuppressed;suppressedvalue;"
    "measurevalue;numberofpeople;numberofpersons;noofpeople;number;numbers;population;people;persons;value;values",
    "label": "label;variableb;subgroup;breakdownvalue;breakdownlabel;dimensionvalue;characteristicvalue;categoryvalue;"
    "characteristiclevel;demographicvalue;variablevalue;categorylabel;category",
    "group": "variablea;group;maingroup;parentgroup;broadgroup;ethnicgroupbroad;highlevelgroup",
    "dimension": "variabletype;dimension;breakdown;breakdowntype;characteristic;demographic;demographictype;"
    "categorytype;characteristictype;variable;primarylevel",
    "measure": "measurename;measure;indicator;indicatorname;metric;metricname;measureid;measuredescription",
    "statistic": "measurestatistic;statistic;statistictype;valuetype;measuretype;unitofmeasure;units;unit;format;valuenote",
    "period": "reportingperiod;period;year;financialyear;reportingperiodstart;timeperiod;month;quarter;reportingyear;date;"
    "calendaryear;yearending;reportingperiodstartdate;startdate;periodstart",
    "period_end": "reportingperiodend;reportingperiodenddate;enddate;periodend;timeperiodend",
}  # fmt: skip
_BY_KEY = {key: role for role, keys in _KEYS.items() for key in keys.split(";")}
_RANK = {key: rank for keys in _KEYS.values() for rank, key in enumerate(keys.split(";"))}
_ORGANISATION = re.compile(
    r"(org|organisation|organization|provider|primaryorganisation|practice|gppractice|gp|pcn|ward|icb|ccg|trust|commissioner|subicb|ltla|utla|lad|"
    r"lowertierlocalauthorit(y|ies)|uppertierlocalauthorit(y|ies)|localauthorit(y|ies)|localauthoritydistrict|district|area|geography|place)"
    r"(codes?|id|names?|title|label)?"
)
#: Columns found in any table that say nothing about what is counted.
_REGION = re.compile(
    r"(region|country|nation)(code|name)?|orgtype|organisationtype|grouptype|areatype|geographytype"
)
_ORDINAL = frozenset(
    {"", "no", "nr", "id", "row", "index", "order", "rank", "srno", "serial", "serialno", "item"}
)
#: Measures that are calculated from counts.
_DERIVED = re.compile(
    r"percent|pct|\brate\b|\bper\b|\bratio\b|proportion|\bshare\b|\bmean\b|\bmedian\b|average|confidence|\bc\.?i\.?\b|"
    r"\b(?:lower|upper)\b.*(?:limit|bound|ci|9[0-9])|\b(?:lci|uci|lcl|ucl)\b|\bindex\b",
    re.IGNORECASE,
)
_PERIOD = re.compile(
    r"(?:(?:fy|year|q[1-4]|h[12]|[a-z]{3,9})[\s/-]*)?(?:19|20)[0-9]{2}(?:\s*[-/–]\s*(?:[0-9]{2}|[0-9]{4}))?(?:\s*q[1-4])?",
    re.IGNORECASE,
)


def role_of(heading: str) -> Role:
    """The role that a heading names exactly; "" for none. "code" is a code beside a name of the same thing, and is left out."""
    key = heading_key(heading)
    if role := _BY_KEY.get(key):
        return role
    if _REGION.fullmatch(key):
        return "code"
    if match := _ORGANISATION.fullmatch(key):
        return "organisation" if match.group().endswith(("code", "codes", "id")) else "organisation_name"
    bare = key.removesuffix("categories")
    dimension = dimension_of(bare) or dimension_of(bare.removesuffix("name").removesuffix("label"))
    if dimension == "age":
        return "age"
    if dimension == "gender":
        return "sex"
    if dimension and dimension != "total":
        return "label"
    if key.endswith(("code", "codes")) and dimension_of(
        key.removesuffix("s").removesuffix("code").removesuffix("categories")
    ):
        return "code"
    return ""


def rank_of(heading: str) -> int:
    """How well a heading names its role, the best being the least: a column of counts goes before one of values."""
    return _RANK.get(label_key(heading), 0)


def is_ordinal(heading: str, numbers: Sequence[int]) -> bool:
    """Whether a column numbers the rows of its table: 1, 2, 3 … under a heading such as `No.`."""
    return label_key(heading) in _ORDINAL and list(numbers) == list(range(1, len(numbers) + 1))


def is_derived(text: str) -> bool:
    """Whether the name of a measure or statistic means a figure calculated from counts: a percentage, a rate, a limit."""
    return "%" in text or _DERIVED.search(text.replace("_", " ")) is not None


def is_period(text: str) -> bool:
    """Whether a heading names a year or a part of one."""
    return _PERIOD.fullmatch(text.strip()) is not None
