"""Writing the forms to a folder: one HTML file for each form and language, to be printed on A4."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fieldkit.documents.paper_form import PaperForm, paper_form_html
from fieldkit.errors import NotFound
from fieldkit.output_folder import demand_free, write_folder
from fieldkit.presentation.languages.catalogue import FOLDER, Catalogue, Languages, read_languages
from fieldkit.presentation.languages.respondent_messages import respondent_messages
from fieldkit.presentation.paper.printed_forms import (
    Setting,
    feedback_form,
    head_count_sheet,
    monitoring_form,
    sign_in_sheet,
)
from fieldkit.presentation.stall.head_count_groups import group_keys
from fieldkit.records.schema.dates import short_date
from fieldkit.spelling import folded
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import EVENT, IDENTITY
from fieldkit.store.oplog.receipt_codes import new_code
from fieldkit.text import plural, quoted

MOST_COPIES = 200
"""The most feedback forms with their own receipt codes to write at once."""


@dataclass(frozen=True)
class FormsWritten:
    """What was written: the folder, the names of its files, and sentences about the translations."""

    folder: Path
    names: Sequence[str]
    notes: Sequence[str]


def form_setting(kit: Kit) -> Setting:
    """What the forms of this kit say besides their questions: the network, the event chosen here and its day."""
    joined = kit.settings.get(IDENTITY)
    chosen = kit.settings.get(EVENT)
    event = kit.many("event", [chosen]).get(chosen) if chosen else None
    values = event.values if event is not None and not event.deleted else {}
    place = [str(values[name]) for name in ("title", "place") if values.get(name)]
    date = str(values.get("date") or "")
    return Setting(
        str(joined.get("network_name", "")) if joined else "",
        ", ".join(place),
        short_date(date),
        kit.terms(),
        group_keys(kit),
    )


def form_files(catalogues: Sequence[Catalogue], setting: Setting, copies: int = 0) -> dict[str, bytes]:
    """Every form by its file name. `copies`: print that many feedback forms, each with its receipt code."""
    forms: dict[str, PaperForm] = {}
    for catalogue in catalogues:
        codes = [new_code() for _ in range(copies)] or [""]
        forms[f"feedback-{catalogue.code}.html"] = feedback_form(catalogue, setting, codes)
        forms[f"monitoring-{catalogue.code}.html"] = monitoring_form(catalogue, setting, codes)
        forms[f"sign-in-{catalogue.code}.html"] = sign_in_sheet(catalogue, setting)
    forms["head-counts.html"] = head_count_sheet(setting)
    return {name: paper_form_html(each) for name, each in forms.items()}


def write_forms(kit: Kit, folder: Path, codes: Sequence[str] = (), copies: int = 0) -> FormsWritten:
    """Write the forms in these languages (all if none is named) to a new folder.

    Raises:
        NotFound: there is no such language.
        Misuse: the folder is not empty.
        StorageError: the disk refuses; nothing is left behind.
    """
    demand_free(folder)
    known = read_languages(kit.folder)
    catalogues = chosen_languages(known, codes)
    files = form_files(catalogues, form_setting(kit), copies)
    write_folder(folder, files)
    return FormsWritten(folder, list(files), [*known.problems, *notes_on(catalogues)])


def chosen_languages(known: Languages, codes: Sequence[str]) -> list[Catalogue]:
    """The languages with these codes or names, each once; all languages if none is given.

    Raises:
        NotFound: an unknown language; the error names those that exist.
    """
    if not codes:
        return list(known.catalogues)
    chosen = {}
    for typed in codes:
        wanted = folded(typed)
        for each in known.catalogues:
            if wanted in {folded(each.code), folded(each.name), folded(each.english_name)}:
                chosen[each.code] = each
                break
        else:
            names = ", ".join(f"{each.code} ({each.english_name})" for each in known.catalogues)
            raise NotFound(
                f"There are no forms in {quoted(typed, 40)}.",
                kept="Nothing was written.",
                hint=f"The languages are: {names}. Another one is a .po file in the kit's folder “{FOLDER}”.",
            )
    return list(chosen.values())


def notes_on(catalogues: Sequence[Catalogue]) -> list[str]:
    """A sentence on the languages that are drafts, and one for each language that is not fully translated."""
    notes = []
    if drafts := [each.english_name for each in catalogues if each.draft]:
        sentence = plural(
            len(drafts),
            "{names} is a draft: no native speaker has read it yet. The forms say so.",
            "{names} are drafts: no native speaker has read them yet. The forms say so.",
        )
        notes.append(sentence.format(names=" and ".join(filter(None, (", ".join(drafts[:-1]), drafts[-1])))))
    for each in catalogues:
        if missing := sum(not each.has(*message) for message in respondent_messages()):
            sentence = plural(
                missing,
                "1 sentence is not translated. The forms show it in English, marked [EN].",
                "{n} sentences are not translated. The forms show them in English, marked [EN].",
            )
            notes.append(f"{each.english_name}: {sentence}")
    return notes
