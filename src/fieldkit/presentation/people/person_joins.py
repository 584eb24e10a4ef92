"""Deciding whether two records belong to one person, joining them, and parting them again. All of it is for a thread."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fieldkit.errors import Misuse, NotFound
from fieldkit.records.kinds.same_person import SAME_PERSON
from fieldkit.records.schema.kind import given_values, kind
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import LAST_JOIN
from fieldkit.store.oplog.record_ids import id_of_content
from fieldkit.store.undo_log import newest, since, undo_changes
from fieldkit.store.write.eraser import MOST_JOINED
from fieldkit.sync.network.identity import Identity
from fieldkit.sync.network.roster import Roster
from fieldkit.text import quoted

SAME, DIFFERENT, NOT_SURE = "same", "different", "not_sure"
_JOINED, _PARTED, _LEFT = "joined", "parted", "left"
_SENTENCES = {
    DIFFERENT: "Answered: “{}” and “{}” are two different people.",
    NOT_SURE: "Answered: not sure whether “{}” and “{}” are one person. The coordinator sees it.",
    _LEFT: "Answered: not sure whether “{}” and “{}” are one person. They stay in the list.",
    SAME: "Answered: “{}” and “{}” are one person. A coordinator's laptop joins them.",
    _JOINED: "Joined: “{1}” is now one person with “{0}”.",
    _PARTED: "Parted: “{}” and “{}” are two people again.",
}
_UNDONE = {
    _JOINED: "Undone: “{1}” and “{0}” are two people again.",
    _PARTED: "Undone: “{}” and “{}” are one person again.",
}
_ANSWER_UNDONE = "Undone: the answer on “{}” and “{}” is as it was before."
_NO_NAME = "a record without a name"


@dataclass(frozen=True)
class Answered:
    """What an answer, a join or a parting did, and the sentence to show once it is undone. `refs` are the changes to undo; empty
    if nothing changed.
    """

    sentence: str
    record_id: str
    refs: tuple[str, ...] = ()
    undone: str = ""
    pair: frozenset[str] = frozenset()
    """The ids of the two records."""


def pair_id(person: str, other: str) -> str:
    """The id of the record in which all laptops answer whether two records belong to one person."""
    return id_of_content(SAME_PERSON.name, " ".join(sorted((person, other))))


def answer(kit: Kit, me: Identity, person: str, other: str, given: str) -> Answered:
    """Keep an answer on two records, by their ids: `same`, `different` or `not_sure`. Any laptop may answer.

    It joins and parts nobody; "different" from a coordinator is the decision.

    Raises:
        Misuse: both are one record, or were joined already.
        NotFound: one of them is not here.
    """
    _require_both(kit, person, other)
    people = kit.same_people()
    if people.kept_of(person) == people.kept_of(other):
        raise Misuse(
            "The two records are joined.",
            kept="Nothing was changed.",
            hint="On a coordinator's laptop they can be parted: fieldkit people part A B",
        )
    values: dict[str, str | None] = {"answer": given}
    done = given
    if Roster(kit, me).coordinating:
        values["decision"] = DIFFERENT if given == DIFFERENT else None
        done = _LEFT if given == NOT_SURE else given  # nobody else is asked
    return _write(kit, person, other, values, done)


def join(kit: Kit, me: Identity, kept: str, other: str, fields_of_other: Iterable[str] = ()) -> Answered:
    """Join two records into one person. From now on `kept` is shown; in `fields_of_other`, the answers of `other` count.

    No record is changed: every link to either leads to the person, here and wherever the join arrives.

    Raises:
        Misuse: this is not a coordinator's laptop, the two are joined already, or they can't be one person.
    """
    if not Roster(kit, me).coordinating:
        raise Misuse(
            "Only a coordinator's laptop can join people.",
            kept="Nothing was changed.",
            hint="To answer “same” anyway: fieldkit people answer A B same. The coordinator sees it first.",
        )
    people = kit.same_people()
    if people.kept_of(kept) == people.kept_of(other) and kept != other:
        raise Misuse("The two records are joined already.", kept="Nothing was changed.")
    # Earlier joins stay: the two people become one, not just two of their records.
    kept, other = people.kept_of(kept), people.kept_of(other)
    _require_both(kit, kept, other)
    fields = kind("person").fields
    fields_of_other = list(fields_of_other)
    if unknown := [name for name in fields_of_other if name not in fields]:
        raise Misuse(f"{quoted(unknown[0], 40)} is not a field of a person.", kept="Nothing was changed.")
    mentored = kit.columns("mentorship", ("mentor", "mentee"))
    if any({mentor, mentee} == {kept, other} for mentor, mentee in mentored):
        raise Misuse(
            "“{}” and “{}” are mentor and mentee of one another: they are two people.".format(
                *_names(kit, kept, other)
            ),
            kept="Nothing was changed.",
            hint="If one of the mentorships is wrong, correct it first.",
        )
    chosen = " ".join(name for name in fields if name in fields_of_other)
    values = {"decision": SAME, "kept": kept, "taken": chosen or None}
    return _write(kit, kept, other, values, _JOINED)


def part(kit: Kit, me: Identity, person: str, other: str) -> Answered:
    """Part two records that were joined, here and wherever this arrives.

    Raises:
        Misuse: this is not a coordinator's laptop, the two are not one person, or only other records join them.
    """
    if not Roster(kit, me).coordinating:
        raise Misuse("Only a coordinator's laptop can part people.", kept="Nothing was changed.")
    people, record_id = kit.same_people(), pair_id(person, other)
    if people.kept_of(person) != people.kept_of(other) or person == other:
        raise Misuse("The two records are not joined.", kept="Nothing was changed.")
    if not kit.many(SAME_PERSON.name, [record_id]):
        between = [each for each in people.records_of(person) if each not in {person, other}]
        raise Misuse(
            "The two are joined through another record of the person, not with each other.",
            kept="Nothing was changed.",
            hint=f"Part one of them from it: fieldkit people part {person} {between[0]}",
        )
    return _write(kit, person, other, {"decision": DIFFERENT, "kept": None, "taken": None}, _PARTED)


def undo(kit: Kit, answered: Answered, cancelled: set[str] | None = None) -> int:
    """Undo what `answer`, `join` or `part` did, except what somebody has changed since; returns how many records changed.

    `cancelled` as in `undo_changes`.
    """
    return undo_changes(kit, answered.refs, cancelled)


def undo_last(kit: Kit) -> str:
    """Undo this laptop's last answer, join or parting; returns the sentence about it.

    Raises:
        Misuse: there is none, or somebody has changed it since.
    """
    last = kit.settings.get(LAST_JOIN)
    if last.get("done") not in _SENTENCES:
        raise Misuse(
            "There is no answer, join or parting of this laptop to undo.", kept="Nothing was changed."
        )
    sentence = _undone(kit, last["done"], last["one"], last["other"])
    changed = undo_changes(kit, last["refs"])
    kit.settings.put(LAST_JOIN, {})
    if not changed:
        raise Misuse("Somebody has changed it since, so it can't be undone.", kept="Nothing was changed.")
    return sentence


def _require_both(kit: Kit, person: str, other: str) -> None:
    if person == other:
        raise Misuse("Both are the same record: choose two.", kept="Nothing was changed.")
    held = kit.many("person", (person, other), apart=True)
    for person_id in (person, other):
        if person_id not in held or held[person_id].deleted:
            raise NotFound(
                "One of the two people is not here any more, or not yet.",
                kept="Nothing was changed.",
                hint="See the people with: fieldkit list person",
            )


def _names(kit: Kit, person: str, other: str) -> list[str]:
    held = kit.many("person", (person, other), apart=True)
    return [
        str(held[each].values.get("name") or _NO_NAME) if each in held else _NO_NAME
        for each in (person, other)
    ]


def _sentence(kit: Kit, done: str, person: str, other: str) -> str:
    return _SENTENCES[done].format(*_names(kit, person, other))


def _undone(kit: Kit, done: str, person: str, other: str) -> str:
    return _UNDONE.get(done, _ANSWER_UNDONE).format(*_names(kit, person, other))


def _write(kit: Kit, person: str, other: str, values: dict[str, str | None], done: str) -> Answered:
    record_id, before = pair_id(person, other), newest(kit)
    first, second = sorted((person, other))
    held = kit.many(SAME_PERSON.name, [record_id]).get(record_id)
    if held is None:
        values = given_values(values)
    else:
        values = {
            name: value
            for name, value in values.items()
            if value is not None or held.values.get(name) is not None or name in held.conflicts
        }
    kit.put(SAME_PERSON.name, record_id, {"one": first, "other": second, **values}, decides=True)
    refs = since(kit, SAME_PERSON.name, record_id, before)
    if refs:
        # Store ids rather than names: what is kept beside the records must not outlive their erasure.
        kit.settings.put(LAST_JOIN, {"done": done, "one": person, "other": other, "refs": list(refs)})
    return Answered(
        _sentence(kit, done, person, other) if refs else "That is the answer already.",
        record_id,
        refs,
        _undone(kit, done, person, other),
        frozenset((person, other)),
    )


def erasures_waiting(kit: Kit, me: Identity) -> str:
    """On a coordinator's laptop, a sentence on joined records whose erasure needs approval; "" for none. Call it in a thread."""
    waiting = len(kit.joined_to_erase()) if Roster(kit, me).coordinating else 0
    if waiting <= MOST_JOINED:
        return ""
    return (
        f"{waiting:,} records are joined with people who were erased or withdrew. They were not erased: there are many. "
        "Check who was joined, then: fieldkit people erase."
    )


def erase_waiting(kit: Kit, me: Identity) -> int:
    """Erase the joined records that wait; returns how many. Call it in a thread.

    Raises:
        Misuse: this is not a coordinator's laptop.
    """
    if not Roster(kit, me).coordinating:
        raise Misuse("Only a coordinator's laptop can erase records.", kept="Nothing was changed.")
    return kit.erase_joined(agreed=True)
