"""The kinds of record: their names, their fields in order, and the check of a whole record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar

from pydantic import ValidationInfo, field_validator
from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from fieldkit.errors import InvalidRecord, NotFound
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.pages import Page
from fieldkit.text import plural

Values = dict[str, Any]
Rule = Callable[[Values], dict[str, str]]


def given_values(values: Mapping[str, Any]) -> Values:
    """The values that hold something: None, empty texts and empty lists are left out."""
    return {name: value for name, value in values.items() if value not in (None, "", [])}


@dataclass(frozen=True, eq=False)
class Kind:
    """One kind of record.

    `name` is used in files and commands, `title` and `plural` on screens. `shared` kinds travel in bundles, local ones
    never leave this laptop. `label` makes the line that names one record in lists and links. `rules` check a whole record
    and return field -> sentence. `network` kinds are part of the invitation: everybody needs them. `coordinator_only` kinds
    are accepted only from coordinators. `desk` kinds belong to the evidence work at a coordinator's desk: field laptops are
    not offered them. Texts of `lasting` kinds are statements of the network or a provider, not of a person about themselves:
    retention keeps them. `by_command` is the command that makes and changes records that are not made by hand, "" for all
    others. `counted_as` is what one record and several are called behind a number, where title and plural do not say it:
    12 feedback records. `pages` are what a person is asked at a stall, in that order; none for kinds that are filled in on one
    form. `set_up` are fields that the event's set-up answers.
    """

    name: str
    title: str
    plural: str
    help: str
    shared: bool = True
    network: bool = False
    coordinator_only: bool = False
    desk: bool = False
    lasting: bool = False
    by_command: str = ""
    says_where: bool = False
    counted_as: tuple[str, str] | None = None
    label: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    pages: tuple[Page, ...] = ()
    set_up: tuple[str, ...] = ()
    model: type[Record] = None  # type: ignore[assignment]  # set when the model is defined

    @cached_property
    def fields(self) -> dict[str, FieldSpec]:
        """Every field by name, in the order in which the form asks for them."""
        specs = {}
        for name, info in self.model.model_fields.items():
            extra = info.json_schema_extra
            if isinstance(extra, dict) and "spec" in extra:
                spec: Any = extra["spec"]
                specs[name] = replace(spec, name=name)
        return specs

    def counted(self, number: int) -> str:
        """So many records in words: `1 person`, `12 people`, `no feedback records`."""
        singular, others = self.counted_as or (self.title.lower(), self.plural)
        return plural(number, f"1 {singular}", f"{'{n}' if number else 'no'} {others}")

    @property
    def keeps_text(self) -> bool:
        """Whether retention keeps its text: everybody needs it, it never travels, or no person said it about themselves."""
        return self.network or self.lasting or not self.shared

    @cached_property
    def listed_fields(self) -> list[FieldSpec]:
        """The fields that a list of its records shows."""
        return [spec for spec in self.fields.values() if spec.listed]

    @cached_property
    def known_answers(self) -> dict[str, set[str]]:
        """Field -> values known to be canonical: a cache for callers that check very many records."""
        return {}

    @cached_property
    def set_by_coordinators(self) -> frozenset[str]:
        """The fields that only a coordinator's laptop may set."""
        return frozenset(name for name, spec in self.fields.items() if spec.set_by_coordinators)

    @cached_property
    def steps(self) -> dict[str, tuple[FieldSpec, ...]]:
        """The pages of the form: step title -> its fields."""
        pages: dict[str, list[FieldSpec]] = {}
        for spec in self.fields.values():
            pages.setdefault(spec.step or self.title, []).append(spec)
        return {title: tuple(specs) for title, specs in pages.items()}

    @cached_property
    def required(self) -> dict[str, FieldSpec]:
        """The fields that must be filled in before a record is saved."""
        return {name: spec for name, spec in self.fields.items() if spec.required}

    @cached_property
    def given(self) -> Values:
        """The default values of a new record in its required fields."""
        return {name: spec.default for name, spec in self.required.items() if spec.default is not None}

    @cached_property
    def free_text_names(self) -> tuple[str, ...]:
        """The names of the fields that hold free text."""
        return tuple(name for name, spec in self.fields.items() if spec.shape in {"line", "text"})

    def check_fields(self, values: Values) -> Values:
        """The canonical form of some fields' values; unknown fields are a problem, missing ones are not.

        Raises:
            InvalidRecord: with a sentence for each field whose value is not valid.
        """
        problems: dict[str, str] = {}
        checked: Values = {}
        known = self.known_answers
        for name, value in values.items():
            if value.__class__ is str and value in known.get(name, ()):
                checked[name] = value
                continue
            spec = self.fields.get(name)
            if spec is None:
                problems[name] = f"“{name}” is not a field of {self.title.lower()}."
            else:
                try:
                    checked[name] = _canonical(spec, value)
                except ValueError as error:
                    problems[name] = str(error)
        if problems:
            raise InvalidRecord(problems)
        return checked

    def check(self, values: Values, *, canonical: bool = False) -> Values:
        """The canonical form of a whole record: checks each field, then what is required, then the rules across fields.

        `canonical`: each value has been checked by its field already.

        Raises:
            InvalidRecord: with a sentence for each problem.
        """
        checked = values if canonical else self.check_fields(values)
        problems = {
            name: f"{spec.title} is needed."
            for name, spec in self.required.items()
            if checked.get(name) is None
        }
        for rule in self.rules:
            for name, sentence in rule(checked).items():
                problems.setdefault(name, sentence)
        if problems:
            raise InvalidRecord(problems)
        return checked


class Record(SQLModel):
    """The columns of every record table besides its own fields. The fold fills them; nothing else writes them."""

    # Pydantic builds its own check of all fields when a model is first validated, so that programs start faster.
    model_config = {"defer_build": True}
    kind: ClassVar[Kind]

    row: int | None = Field(default=None, primary_key=True)
    record_id: str = Field(default="", unique=True, index=True)
    created: int = 0
    """Milliseconds since 1970, by the clock of the device that made it."""
    updated: int = 0
    origin: str = ""
    """The device that made it, with its incarnation."""
    deleted: int = Field(default=0, index=True)
    conflicts: list[str] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    """Names of fields with more than one current value."""
    extra: dict[str, Any] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    """Fields that a newer kit wrote and this version does not know."""
    digest: bytes = b""
    search_text: str | None = None
    """The text that searches read (`records/search_text.py`)."""

    @field_validator("*", mode="before")
    @classmethod
    def _check_field(cls, value: Any, info: ValidationInfo) -> Any:
        spec = cls.kind.fields.get(info.field_name or "")
        return value if spec is None else _canonical(spec, value)


def _canonical(spec: FieldSpec, value: Any) -> Any:
    return None if value is None or value == "" or value == [] else spec.check(value)


_KINDS: dict[str, Kind] = {}


def search_index(kind: Kind) -> str:
    """The name of the index for searches of a kind."""
    return f"ix_{kind.name}_search_text"


def register(kind: Kind) -> Callable[[type[Record]], type[Record]]:
    """Class decorator that ties a model to its kind."""

    def tie(model: type[Record]) -> type[Record]:
        object.__setattr__(kind, "model", model)
        model.kind = kind
        _KINDS[kind.name] = kind
        table = model.__table__  # type: ignore[attr-defined]  # every model here is a table
        # A search reads only this index: its entries lie together, in the order in which lists show the records.
        links = [table.c[name] for name, spec in kind.fields.items() if spec.shape == "link"]
        Index(search_index(kind), table.c.deleted, table.c.row, *links, table.c.search_text)
        return model

    return tie


def arrange(*names: str) -> None:
    """Put the kinds in the order of `names`, whichever module was imported first."""
    for name in names:
        _KINDS[name] = _KINDS.pop(name)


def kind(name: str) -> Kind:
    """The kind called `name`.

    Raises:
        NotFound: the message lists the kinds that there are.
    """
    try:
        return kinds()[name]
    except KeyError:
        known = ", ".join(kinds())
        raise NotFound(
            f"There is no kind of record called “{name}”.", hint=f"The kinds are: {known}."
        ) from None


def kinds() -> dict[str, Kind]:
    """Every kind by name, in the order in which people meet them."""
    import fieldkit.records.kinds.register  # noqa: F401  # the models register themselves when imported

    return _KINDS
