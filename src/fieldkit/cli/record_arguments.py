"""FIELD=VALUE and COLUMN=FIELD on the command line, and kinds and records by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from fieldkit.cli.output import note
from fieldkit.cli.prompts import ask_yes, at_keyboard, typed_or_given
from fieldkit.errors import FieldkitError, InvalidRecord, Misuse, NotFound
from fieldkit.presentation.exchange.device_names import DeviceNames
from fieldkit.presentation.same_name import already_here
from fieldkit.records.privacy import private_in
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import Kind, Values, kinds
from fieldkit.records.schema.parse import Terms, part_kept
from fieldkit.records.schema.terms import NewTerms
from fieldkit.store.kit import Kit, Stored
from fieldkit.store.record_finder import RecordFinder
from fieldkit.text import capitalised, clean_line, quoted, titled


def kind_of(name: str) -> Kind:
    """The kind called `name`, in the singular or plural.

    Raises:
        Misuse: there is no such kind.
    """
    asked = clean_line(name).casefold()
    for kind in kinds().values():
        if asked in {kind.name, kind.title.casefold(), kind.plural.casefold(), f"{kind.name}s"}:
            return kind
    raise Misuse(
        f"There is no kind of record called {quoted(asked, 40)}.",
        hint=f"The kinds are: {', '.join(kinds())}.",
    )


def pair(argument: str, what: str = "FIELD=VALUE", *, last: bool = False) -> tuple[str, str]:
    """The two sides of an equals sign: of the first one or, with `last`, of the last one (columns may contain others).

    Raises:
        Misuse: there is no equals sign, or nothing before it.
    """
    left, equals, right = argument.rpartition("=") if last else argument.partition("=")
    if not equals or not left.strip():
        raise Misuse(
            f"{quoted(argument)} is not {what}.",
            kept="Nothing was changed.",
            hint="Write a name, then =, then the other side. Put quotation marks round it if it has spaces.",
        )
    return left.strip(), right


def pairs(arguments: Sequence[str]) -> dict[str, str]:
    """Field -> its text, for several FIELD=VALUE; FIELD=- is asked for, or read from standard input.

    Raises:
        Misuse: one is not valid, or a field is named twice.
    """
    values: dict[str, str] = {}
    for argument in arguments:
        name, value = pair(argument)
        if name in values:
            raise Misuse(
                f"{quoted(name)} is given twice.",
                kept="Nothing was changed.",
                hint="Give it once.",
            )
        if value == "-" and "-" in values.values():
            raise Misuse(
                "Standard input can be read once only.",
                kept="Nothing was changed.",
                hint="Give - for one field.",
            )
        values[name] = value
    return {name: typed_or_given(name, value) for name, value in values.items()}


def field_of(kind: Kind, name: str) -> FieldSpec:
    """The field of a kind with that name.

    Raises:
        Misuse: there is no such field.
    """
    spec = kind.fields.get(name)
    if spec is None:
        raise Misuse(
            f"{quoted(name)} is not a field of {kind.title.lower()}.",
            kept="Nothing was changed.",
            hint=f"The fields are: {', '.join(kind.fields)}.",
        )
    return spec


class Answers:
    """Turns people's text into canonical values, using the network's own terms and the records held here."""

    def __init__(self, kit: Kit, *, add_terms: bool = False) -> None:
        self.kit = kit
        self.new_terms = NewTerms(kit.terms(), adds=add_terms)
        self._finder = RecordFinder(kit)

    @property
    def terms(self) -> Terms:
        """The network's terms, including those added here."""
        return self.new_terms.terms

    def values(self, kind: Kind, answers: Mapping[str, str]) -> Values:
        """Canonical values; an empty one is None.

        Raises:
            Misuse: there is no such field.
            InvalidRecord: holds a sentence for each invalid value.
        """
        values: Values = {}
        problems: dict[str, str] = {}
        for name, raw in answers.items():
            spec = field_of(kind, name)
            try:
                values[name] = self.value(spec, raw)
            except ValueError as error:
                problems[name] = str(error)
        if problems:
            raise InvalidRecord(problems)
        return values

    def value(self, spec: FieldSpec, raw: str) -> Any:
        """The canonical value of one answer, None for an empty one.

        Raises:
            UnknownTerm: it is not in an open list, and terms are not to be added.
            ValueError: a sentence says what is wrong.
        """
        _demand_characters(spec, raw)
        if not clean_line(raw):
            return None
        if spec.link:
            return self._finder.linked(spec, raw)
        if spec.shape == "date" and raw.strip().casefold() == "today":
            return date.today().isoformat()
        if (part := part_kept(spec, raw)) != raw:
            note(titled(spec.title, f"only {part} is kept, not the whole of it."))
        return self.new_terms.parse(spec, raw)

    def store_terms(self) -> None:
        """Store the new terms, before the record that uses them."""
        if fresh := self.new_terms.take():
            self.kit.add_many("term", fresh)


def _demand_characters(spec: FieldSpec, raw: str) -> None:
    """Refuse characters that Python could not decode from the command line or input, rather than store a text with gaps.

    Raises:
        ValueError: a sentence says what is wrong.
    """
    if any("\ud800" <= letter <= "\udfff" for letter in raw):
        raise ValueError(
            f"{spec.title}: this terminal's character set does not hold some of these characters. "
            "Set it to UTF-8 (for example LANG=C.UTF-8)."
        )


def record_named(kit: Kit, typed: str) -> Stored:
    """The record that `typed` names, of any kind: by its id, part of it, or its label in lists.

    Raises:
        NotFound: no record has that name, or several do.
    """
    return RecordFinder(kit).find_any(typed)


def changeable_record(kit: Kit, typed: str) -> Stored:
    """The record that `typed` names, if commands may change it on this laptop.

    Raises:
        NotFound: no record has that name, or several do.
        Misuse: its kind is changed only by its own commands, or only on a coordinator's laptop.
    """
    record = record_named(kit, typed)
    if (kind := kinds().get(record.kind)) is not None:
        demand_may_change(kit, kind)
        demand_by_hand(kind)
    return record


def look_before_saving(
    kit: Kit, kind: Kind, values: Values, *, new: bool = False, asks: bool = True
) -> list[str]:
    """Print what in these values may point to one person, and ask if somebody is there; returns the sentences.

    A `new` record may also duplicate one that is here.

    Raises:
        FieldkitError: it is not to be saved.
        EOFError: the answers ended.
    """
    sentences = [
        f"{kind.fields[name].title} “{clean_line(values[name][span.start : span.end])}”: {span.sentence}"
        for name, spans in private_in(kind, values).items()
        for span in spans
    ]
    if new and (sentence := already_here(kit, kind, values)):
        sentences.append(sentence)
    if not saves_anyway(sentences, asks=asks):
        raise FieldkitError("Nothing was saved.", hint="Correct the text, then run it again.")
    return sentences


def saves_anyway(sentences: Sequence[str], *, asks: bool = True) -> bool:
    """Print what speaks against saving; whether it is saved all the same, which somebody at the keyboard is asked.

    If nobody is there, it is saved: lost words can't be corrected, saved ones can.

    Raises:
        EOFError: the answers ended.
    """
    note(*sentences)
    return not (asks and sentences and at_keyboard()) or ask_yes("Save it anyway? y or n: ")


def demand_by_hand(kind: Kind) -> None:
    """Raise Misuse for a kind whose records only its own commands may make and change."""
    if kind.by_command:
        raise Misuse(
            f"{kind.plural.capitalize()} are not recorded or changed by hand.",
            kept="Nothing was changed.",
            hint=f"Use: {kind.by_command}",
        )


def demand_may_change(kit: Kit, kind: Kind) -> None:
    """Raise Misuse if only coordinators may change this kind: a change here would block every later bundle."""
    if not kind.coordinator_only:
        return
    if not DeviceNames(kit).coordinating:
        raise Misuse(
            f"Only a coordinator's laptop can change {kind.plural}.",
            kept="Nothing was changed.",
            hint="Ask the coordinator.",
        )


def id_of(kit: Kit, kind: str, typed: str) -> str:
    """The id of the record of a kind that `typed` names, as in links to that kind.

    Raises:
        NotFound: no record has that name, or several do; the error says how they differ.
    """
    try:
        return RecordFinder(kit).find(kind, typed)
    except ValueError as error:
        sentence = str(error)
        raise NotFound(capitalised(sentence), kept="Nothing was changed.") from None
