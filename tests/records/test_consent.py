"""Nothing is recorded without a yes, on any way in; who agrees gets a receipt code; a yes can't be edited away."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

import fieldkit
from commanding import Run
from fieldkit.errors import InvalidRecord
from fieldkit.presentation.name_consent import name_consent
from fieldkit.presentation.saving import canonical, save, store_new
from fieldkit.presentation.stall.check_in import check_in_new
from fieldkit.records.consent import AFTER_ALL, MISSING, REFUSED, WITHDRAWN, check_new
from fieldkit.records.schema.kind import Values, kind, kinds
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import CARRIED_ANSWERS, LAST_CODE
from networks import Laptop, Network

pytestmark = pytest.mark.usefixtures("surroundings")

ASKED = [name for name, entry in kinds().items() if "consent_record" in entry.fields]
ANSWERS: dict[str, Values] = {"feedback": {"rating": "1"}, "person": {"name": "Amina"}}
CHILD = {"age_band": "under-16"}


def test_feedback_and_people_are_asked() -> None:
    assert sorted(ASKED) == sorted(ANSWERS)


# No yes, no record


@pytest.mark.parametrize("name", ASKED)
@pytest.mark.parametrize(("answer", "sentence"), [(None, MISSING), ("N", REFUSED), ("Z", REFUSED)])
def test_the_rule_asks_for_a_yes(name: str, answer: str | None, sentence: str) -> None:
    values = {**ANSWERS[name], **({"consent_record": answer} if answer else {})}
    with pytest.raises(InvalidRecord) as refused:
        check_new(kind(name), values)
    assert refused.value.problems == {"consent_record": sentence}
    assert check_new(kind(name), {**values, "consent_record": "Y"})["consent_record"] == "Y"


def test_other_kinds_need_none() -> None:
    assert check_new(kind("event"), {"title": "Fair"}) == {"title": "Fair"}


def _form(kit: Kit, name: str, values: Values) -> None:
    save(kit, kind(name), None, canonical(kind(name), values))


def _door(kit: Kit, name: str, values: Values) -> None:
    store_new(kit, kind(name), values, with_code=False)


def _check_in(kit: Kit, name: str, values: Values) -> None:
    event = kit.add("event", {"title": "Fair", "date": "2026-10-27"}).record_id
    check_in_new(
        kit, event, "Amina", {entry: value for entry, value in values.items() if entry != "name"}, ""
    )


@pytest.mark.parametrize("answer", [None, "N", "Z"])
@pytest.mark.parametrize(
    ("way", "name"),
    [
        (_form, "feedback"),
        (_form, "person"),
        (_door, "feedback"),
        (_door, "person"),
        (_check_in, "person"),
    ],
)
def test_screens_keep_nothing_without_a_yes(
    kit: Kit, way: Callable[[Kit, str, Values], None], name: str, answer: str | None
) -> None:
    with pytest.raises(InvalidRecord):
        way(kit, name, {**ANSWERS[name], **({"consent_record": answer} if answer else {})})
    assert kit.count(name) == kit.count("attendance") == 0
    assert kit.settings.get(LAST_CODE) is None


@pytest.mark.parametrize("name", ASKED)
@pytest.mark.parametrize("answer", [None, "N", "prefer not to say"])
def test_commands_keep_nothing_without_a_yes(run: Run, hub: Path, name: str, answer: str | None) -> None:
    arguments = [word for field, value in ANSWERS[name].items() for word in ("--set", f"{field}={value}")]
    if answer:
        arguments += ["--set", f"consent_record={answer}"]
    for more in ([], ["--dry-run"], ["--no-code"]):
        refused = run("record", name, *arguments, *more)
        assert refused.code != 0
        assert (REFUSED if answer else MISSING) in refused.err
    assert run("list", name, "--json").json == []


@pytest.mark.parametrize("name", ASKED)
def test_a_file_keeps_nothing_without_a_yes(run: Run, hub: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "rows.csv").write_text("rating,name\n1,Amina\n")
    field = next(iter(ANSWERS[name]))
    left_out = "rating" if field == "name" else "name"
    refused = run("record", name, "--from", "rows.csv", "--map", f"{left_out}=")
    assert refused.code != 0
    assert run("list", name, "--json").json == []
    (tmp_path / "some.csv").write_text(f"{field},consent_record\n1,Y\n2,\n3,N\n")
    assert run("record", name, "--from", "some.csv", "--understood").code == 3
    assert len(run("list", name, "--json").json) == 1


@pytest.mark.parametrize("name", ASKED)
def test_plain_lines_ask_until_there_is_an_answer(run: Run, hub: Path, name: str) -> None:
    fields = [spec for spec in kind(name).fields.values() if not spec.from_files]
    before = [""] * [spec.name for spec in fields].index("consent_record")
    before[[spec.name for spec in fields].index(next(iter(ANSWERS[name])))] = str(
        next(iter(ANSWERS[name].values()))
    )
    unanswered = run("record", name, "--all", piped="\n".join([*before, "", "", ""]) + "\n")
    assert unanswered.code == 1
    assert unanswered.out.count(MISSING) == 3
    assert "Ethnic group" not in unanswered.out
    refused = run("record", name, "--all", piped="\n".join([*before, "N", ""]) + "\n")
    assert (refused.code, "Nothing was kept." in refused.out) == (0, True)
    assert "Ethnic group" not in refused.out, "who said no is asked no more"
    assert run("list", name, "--json").json == []
    with Kit.open(hub) as kit:
        assert len(kit.drafts.all()) == 1, "what nobody has refused yet is kept as unfinished"
    slip = run("record", name, "--all", piped="\n".join([*before, "N", "<", "Y", *[""] * 40]) + "\n")
    assert slip.code == 0, slip.err
    assert run("list", name, "--json").json[0]["consent_record"] == "Y"


def test_plain_lines_ask_for_consent_before_anything_else(run: Run, hub: Path) -> None:
    unanswered = run("record", "feedback", piped="\n\n\n")
    assert unanswered.code == 1
    assert unanswered.out.count(MISSING) == 3
    refused = run("record", "feedback", piped="N\n\n")
    assert (refused.code, "Nothing was kept." in refused.out) == (0, True)
    for asked in (unanswered.out, refused.out):
        assert kind("feedback").fields["rating"].title not in asked
    with Kit.open(hub) as kit:
        assert kit.drafts.all() == []
    slip = run("record", "feedback", piped="\n".join(["N", "<", "Y", "", "", "1", *[""] * 40]) + "\n")
    assert slip.code == 0, slip.err
    assert run("list", "feedback", "--json").json[0]["consent_record"] == "Y"


#: The modules that make records, and the kinds they make: everything else uses the one common way.
MAKERS = {
    "presentation/saving.py": {
        "add_with_code:kind.name",
        "add_linked:kind.name",
        "add:kind.name",
        "add_many:'term'",
    },
    "presentation/stall/check_in.py": {"add:'attendance'"},
    "presentation/stall/head_count_groups.py": {"add:'attendance'"},
    "cli/record_arguments.py": {"add_many:'term'"},
    "importing/reading/row_storage.py": {"adding:"},
    # These record nobody: published figures and decisions on their labels, a name of a provider, the place of a quote.
    "presentation/cycle/providers.py": {"add:'provider'"},
    "presentation/cycle/quotes.py": {"add:'quote'"},
    "presentation/cycle/support_choices.py": {"add:'support'"},
    "importing/figures/figure_storage.py": {"adding:"},
    # What a mentor and a mentee agreed: both are known by name, and consented to that before becoming a pair.
    "presentation/mentoring/agreed_actions.py": {"add:'action'"},
    "presentation/mentoring/session_log.py": {"adding:"},
}


def test_no_other_code_makes_records() -> None:
    top = Path(fieldkit.__file__).parent
    collected: dict[str, set[str]] = {}
    for path in sorted(top.rglob("*.py")):
        name = path.relative_to(top).as_posix()
        if name.startswith(("store/", "demo/")):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            of = ast.unparse(node.func.value)
            made = node.func.attr in {"add_with_code", "add_linked", "add_many", "adding"} or (
                node.func.attr == "add" and (of == "kit" or of.endswith(".kit"))
            )
            if made:
                first = ast.unparse(node.args[0]) if node.args else ""
                collected.setdefault(name, set()).add(f"{node.func.attr}:{first}")
    assert collected == MAKERS


# Records from elsewhere, and records from earlier


def test_records_without_a_yes_from_other_laptops_still_come_and_may_be_corrected(
    network: Network, laptop: Laptop
) -> None:
    record_id = laptop.kit.add("feedback", {"rating": "1", "experience": "Fine"}).record_id
    network.hub.merge(*laptop.export())
    kit = network.hub.kit
    assert kit.get(record_id).values["experience"] == "Fine"
    assert kit.edit(kit.get(record_id), {"experience": "Fine."}).values["experience"] == "Fine."
    for name, value in (("ethnic_group", "1"), ("religion", "L"), ("orientation", "1")):
        with pytest.raises(InvalidRecord) as refused:
            kit.edit(kit.get(record_id), {name: value})
        assert refused.value.problems == {"consent_record": AFTER_ALL}
    agreed = kit.edit(kit.get(record_id), {"consent_record": "Y", "religion": "L"})
    assert agreed.values["religion"] == "L"


@pytest.mark.parametrize("change", [None, "N", "Z"])
def test_a_yes_is_never_edited_away(kit: Kit, change: str | None) -> None:
    stored, _ = store_new(kit, kind("feedback"), {"rating": "1", "consent_record": "Y"})
    with pytest.raises(InvalidRecord) as refused:
        kit.edit(kit.get(stored.record_id), {"consent_record": change})
    assert refused.value.problems == {"consent_record": WITHDRAWN}, "it says what to do instead"
    with pytest.raises(InvalidRecord):
        kit.resolve(stored.record_id, "consent_record", change)
    assert kit.get(stored.record_id).values["consent_record"] == "Y"


# Who gets a receipt code


@pytest.mark.parametrize("name", ASKED)
def test_whoever_agrees_gets_a_code_from_every_way_in(run: Run, hub: Path, name: str) -> None:
    yes = {**ANSWERS[name], "consent_record": "Y"}
    with Kit.open(hub) as kit:
        saved = save(kit, kind(name), None, canonical(kind(name), yes))
        assert saved.code
        kit.withdraw(saved.code)
        assert kit.count(name) == 0
    arguments = [word for field, value in yes.items() for word in ("--set", f"{field}={value}")]
    made = run("record", name, *arguments, "--json").json
    assert made["receipt_code"]
    assert run("withdraw", made["receipt_code"]).code == 0
    assert run("list", name, "--json").json == []


def test_nobody_else_gets_one(kit: Kit) -> None:
    for name, values in (("event", {"title": "Fair"}), ("note", {"notes": "mine"})):
        assert store_new(kit, kind(name), values)[1] == ""
    assert store_new(kit, kind("person"), {"name": "A", "consent_record": "Y"}, with_code=False)[1] == ""


def test_a_new_name_at_the_door_gets_one_and_keeps_what_was_in_view(kit: Kit) -> None:
    kit.settings.put(CARRIED_ANSWERS, {"consent_by": "Sister Ruth", "consent_notice": "v3"})
    event = kit.add("event", {"title": "Fair", "date": "2026-10-27"}).record_id
    asked = name_consent(kit)
    done = check_in_new(kit, event, "Amina, Mosque", asked.values, "10:15")
    assert done.code
    (person,) = kit.page("person")
    for word in ("consent_by", "consent_notice"):
        assert person.values[word] in asked.text
    kit.withdraw(done.code)
    assert kit.page("person") == []


# Under 16


@pytest.mark.parametrize("name", ASKED)
def test_the_refusal_of_a_child_alone_teaches_no_way_round(run: Run, hub: Path, name: str) -> None:
    message = [
        word for field, value in {**ANSWERS[name], **CHILD}.items() for word in ("--set", f"{field}={value}")
    ]
    refused = run("record", name, *message, "--set", "consent_record=Y")
    assert refused.code != 0
    assert "parent or guardian is present" in refused.err
    assert "leave" not in refused.err.split("16", 1)[1]
    assert run("list", name, "--json").json == []
    fields = [spec for spec in kind(name).fields.values() if not spec.from_files]
    typed = [""] * [spec.name for spec in fields].index("age_band")
    for field, answer in ((next(iter(ANSWERS[name])), "1"), ("consent_record", "Y")):
        typed[[spec.name for spec in fields].index(field)] = answer
    ended = run("record", name, "--all", piped="\n".join([*typed, "under 16"]) + "\n")
    assert (ended.code, "Nothing was kept." in ended.out) == (1, True)
    alone = run("record", name, "--all", piped="\n".join([*typed, "under 16", "N", ""]) + "\n")
    assert (alone.code, "Nothing was kept." in alone.out) == (0, True)
    with Kit.open(hub) as kit:
        assert kit.drafts.all() == []
