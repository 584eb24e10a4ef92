"""What a command asks: before it saves what may identify a person, before an import, and in plain lines."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cli_kits import with_answers
from commanding import Run
from fieldkit.records.schema.kind import kind
from fieldkit.store.kit import Kit

NUMBER = "Ring me on 07700 900123"

pytestmark = pytest.mark.usefixtures("surroundings")


# Warnings, before saving, about what may identify a person


def held(run: Run) -> list[str]:
    return [record["experience"] for record in run("list", "feedback", "--json").json]


def test_set_asks_before_saving_what_may_point_to_somebody(run: Run, hub: Path) -> None:
    arguments = ["record", "feedback", *with_answers("consent_record=Y", f"experience={NUMBER}")]
    no = run(*arguments, typed="n\n")
    assert no.code == 1
    assert "“07700 900123”: This looks like a telephone number." in no.err
    assert no.err.index("telephone") < no.err.index("Save it anyway?")
    assert "Nothing was saved" in no.err
    assert held(run) == []
    assert run(*arguments, typed="").code == 1
    assert held(run) == []
    assert run(*arguments, typed="y\n").code == 0
    assert held(run) == [NUMBER]


def test_without_anybody_to_ask_it_is_told_and_nothing_is_lost(run: Run, hub: Path) -> None:
    ran = run("record", "feedback", *with_answers("consent_record=Y", f"experience={NUMBER}"), "--json")
    assert ran.code == 0
    [warning] = ran.json["warnings"]
    assert "“07700 900123”: This looks like a telephone number." in warning
    assert warning in ran.err
    record_id = ran.json["id"]
    assert (
        "warnings"
        not in run("record", "feedback", *with_answers("consent_record=Y", "experience=Fine"), "--json").json
    )
    changed = run("edit", record_id, "--set", "experience=Write to x@example.org", "--json")
    assert "e-mail" in changed.json["warnings"][0]
    assert run("edit", record_id, "--set", "experience=Now y@example.org", typed="n\n").code == 1
    assert "Write to x@example.org" in held(run)


def test_fields_that_are_meant_for_it_and_notes_that_stay_here_are_not_asked_about(
    run: Run, hub: Path
) -> None:
    partner_arguments = [*with_answers("name=Hall", "partner_kind=church", "telephone=07700 900123")]
    for name, arguments in (("partner", partner_arguments), ("note", ["--set", f"notes={NUMBER}"])):
        ran = run("record", name, *arguments, "--json")
        assert (ran.code, ran.err) == (0, "")
        assert "warnings" not in ran.json


def test_an_import_asks_before_it_stores_where_somebody_is_there(run: Run, hub: Path, tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text(f"experience\nFine\n{NUMBER}\n")
    arguments = ["record", "feedback", "--from", rows, "--consent", "signed forms"]
    no = run(*arguments, typed="n\n")
    assert no.code == 1
    assert "Line 3, What happened" in no.err
    assert "Nothing was stored" in no.err
    assert held(run) == []
    assert run("imports", "--json").json == []
    done = run(*arguments, "--json")
    assert done.code == 0
    assert done.json["stored"] == 2
    assert done.json["warnings"][0].startswith("Line 3")
    assert "Line 3" in done.err
    assert len(held(run)) == 2


def test_nothing_moves_on_the_screen_while_an_import_asks(
    run: Run, hub: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawing: list[bool] = []
    asked: list[bool] = []

    @contextlib.contextmanager
    def progress() -> Iterator[Callable[[int, int, str], None]]:
        drawing.append(True)
        yield lambda done, total, what: None
        drawing.pop()

    def ask(question: str) -> bool:
        asked.append(bool(drawing))
        return True

    monkeypatch.setattr("fieldkit.cli.import_questions.progress", progress)
    monkeypatch.setattr("fieldkit.cli.import_questions.ask_yes", ask)
    (tmp_path / "rows.csv").write_text(f"experience\n{NUMBER}\n")
    assert run("record", "feedback", "--from", "rows.csv", "--consent", "signed forms", typed="").code == 0
    assert asked == [False]


def test_a_file_imported_before_is_told_or_asked_about_first(run: Run, hub: Path, tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text("experience\nFine\n")
    arguments = ["record", "feedback", "--from", rows, "--consent", "signed forms"]
    assert run(*arguments, typed="").code == 0  # nothing to ask about
    assert "imported here before" in run(*arguments, "--dry-run").out
    no = run(*arguments, typed="n\n")
    assert no.code == 1
    assert "imported here before" in no.err
    assert held(run) == ["Fine"]
    again = run(*arguments)
    assert again.code == 0
    assert "imported here before" in again.err
    assert "fieldkit undo --import 2" in again.err
    assert len(held(run)) == 2
    assert run("undo", "--import", "2").code == 0
    assert run(*arguments, typed="y\n").code == 0
    assert len(held(run)) == 2


# Asked in plain lines


def test_questions_are_asked_in_plain_lines(run: Run, hub: Path) -> None:
    typed = (
        "\n".join(["Workshop", "?", "1", "today", "", "", "", "<", "9:30", "", "", "", "", "", "", ""]) + "\n"
    )
    ran = run("record", "event", piped=typed)
    assert ran.code == 0, ran.err
    assert "1 reverse commissioning workshop" in ran.out
    assert "Saved: Event · Workshop" in ran.out
    event = run("list", "event", "--text", "Workshop", "--json").json[0]
    assert event["event_kind"] == "reverse-commissioning-workshop"
    assert "\x1b" not in ran.out


def test_wrong_answers_are_asked_again_and_json_stays_clean(run: Run, hub: Path) -> None:
    typed = "\n".join(["1", "", "", "9", "2", "ring 07700 900123", "n", "ring them", *[""] * 40]) + "\n"
    ran = run("record", "feedback", "--json", piped=typed)
    assert ran.code == 0, ran.err
    assert (ran.json["rating"], ran.json["experience"]) == ("2", "ring them")
    assert "“9” is not one of the answers. Type the key in front of an answer" in ran.err
    assert "telephone number" in ran.err


def test_feedback_is_asked_in_its_pages_with_the_keys_of_the_screen(run: Run, hub: Path) -> None:
    from fieldkit.presentation.languages.catalogue import catalogue
    from fieldkit.sync.network.identity import identity

    with Kit.open(hub) as kit:
        network = identity(kit).network_name
    ran = run(
        "record",
        "feedback",
        piped="1\n1\n2\n1\nKind nurse\n1\na\n?\n1\ny\n\nA lift\n\n\nc\n0\n",
    )
    assert ran.code == 0, ran.err
    for sentence in catalogue("en").notice(network):
        assert sentence in ran.out
    assert ran.out.index("Page 1 of 3") < ran.out.index("Page 2 of 3") < ran.out.index("Page 3 of 3")
    assert "  1 very good\n" in ran.out and "  0 prefer not to say\n" in ran.out
    assert "\x1b" not in ran.out
    (stored,) = run("list", "feedback", "--json").json
    assert (stored["rating"], stored["service_area"], stored["need"]) == ("1", "diabetes", "A lift")
    assert stored["age_band"] == "18-24"
    # Questions declined with 0, and those after it, are stored as declined; those without such an answer stay empty.
    assert stored["ethnic_group"] == "Z"
    assert stored["consent_date"] and stored["consent_quote"] == "Y" and stored["consent_contact"] == "N"
    assert "Kept with the answers: Date: " in ran.out


def test_all_asks_every_question_field_by_field(run: Run, hub: Path) -> None:
    given = {"rating": "2", "consent_record": "1"}
    answers = _answers("feedback", **given)
    ran = run("record", "feedback", "--all", piped=answers)
    assert ran.code == 0, ran.err
    assert "Page 1" not in ran.out and "Provider" in ran.out


def test_what_is_needed_is_asked_for_until_it_is_there(run: Run, hub: Path) -> None:
    ran = run("record", "partner", piped="\n\nHall\n" + "\n" * 20)
    assert ran.code == 0, ran.err
    assert ran.out.count("is needed.") == 2


def test_answers_that_end_early_are_kept_as_a_draft(run: Run, hub: Path) -> None:
    ran = run("record", "feedback", piped="1\n\n\n2\nSlow\n")
    assert ran.code == 1
    assert "unfinished" in ran.out
    assert run("status", "--json").json["drafts"] == 1
    with Kit.open(hub) as kit:
        assert kit.drafts.all()[0].values["experience"] == "Slow"


def test_answers_that_end_before_the_first_are_no_draft(run: Run, hub: Path) -> None:
    assert run("record", "feedback", piped="").code == 1
    assert run("status", "--json").json["drafts"] == 0


@pytest.mark.parametrize("every", [False, True])
def test_nothing_is_kept_of_somebody_who_does_not_agree(run: Run, hub: Path, every: bool) -> None:
    names = [name for page in kind("feedback").pages for name in page.fields]
    names = list(kind("feedback").fields) if every else names
    before = [""] * names.index("consent_record")
    if every:
        before[names.index("experience")] = "Their words"
    arguments = ["record", "feedback", *(["--all"] if every else [])]
    ran = run(*arguments, piped="\n".join([*before, "2", *[""] * 40]) + "\n")
    assert ran.code == 0
    assert "Nothing was kept." in ran.out
    status = run("status", "--json").json
    assert (status["drafts"], status["counts"]["feedback"]) == (0, 0)
    ran = run(*arguments, piped="\n".join([*before, "2"]) + "\n")
    assert ran.code == 1
    assert run("status", "--json").json["drafts"] == 0


def test_a_new_person_of_a_name_that_is_here_is_asked_about(run: Run, hub: Path) -> None:
    assert run("record", "person", *with_answers("name=Zainab Ali", "consent_record=Y")).code == 0
    answers = _answers("person", name="zainab  ALI", consent_record="Y")
    no = run("record", "person", typed=answers + "n\n")
    assert no.code == 0 and "Zainab Ali" in no.out and "here already. Is it the same person?" in no.out
    assert "Kept as an unfinished entry" in no.out
    with Kit.open(hub) as kit:
        assert kit.count("person") == 1
        (draft,) = kit.drafts.all()
        assert draft.values["consent_record"] == "Y"
    yes = run("record", "person", typed=answers + "y\n")
    assert "Receipt code:" in yes.out
    with Kit.open(hub) as kit:
        assert kit.count("person") == 2


def _answers(kind_name: str, **given: str) -> str:
    """One line for each question of a kind, in order; an empty line where no answer is given."""
    fields = kind(kind_name).fields.values()
    return "".join(
        f"{given.get(spec.name, '')}\n" for spec in fields if not spec.from_files and not spec.only_if
    )
