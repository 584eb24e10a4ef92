"""Feedback: what a patient, carer or service user says about a health service."""

from __future__ import annotations

from fieldkit.records.consent import DETAILS, RECORD, no_refusal
from fieldkit.records.kinds.consent_details import ConsentDetails
from fieldkit.records.kinds.monitoring import GUARDIAN_FIRST, MONITORING_PAGE, Monitoring, guardian_present
from fieldkit.records.same_feedback import COMMENT_FIELDS
from fieldkit.records.schema.dates import not_yet
from fieldkit.records.schema.field import choice, day, line, link, many, text
from fieldkit.records.schema.kind import Kind, Record, Values, register
from fieldkit.records.schema.pages import Page


def _says_something(values: Values) -> dict[str, str]:
    if any(values.get(name) for name in (*COMMENT_FIELDS, "rating", "themes")):
        return {}
    return {"experience": "Nothing was said yet: give a rating, or write what happened."}


_PAGES = (
    Page(
        "notice",
        "Notice and consent",
        ("consent_record", "consent_quote", "consent_contact"),
        reminder=GUARDIAN_FIRST,
        notice=True,
        gate=RECORD,
    ),
    Page(
        "say",
        "What they say",
        ("rating", "experience", "whose_words", "service_area", "role"),
        more=("expectation", "need", "aspiration", "provider"),
    ),
    MONITORING_PAGE,
)

FEEDBACK = Kind(
    "feedback",
    "Feedback",
    "feedback",
    "What one person says about a health service: a rating, their words, what they need.",
    counted_as=("feedback record", "feedback records"),
    label=("service_area", "rating", "experience"),
    rules=(_says_something, no_refusal, guardian_present, not_yet),
    pages=_PAGES,
    set_up=("event", "date", *DETAILS),
)


class FeedbackFields(Record):
    """What is asked before the monitoring questions."""

    service_area: str | None = choice(
        "service_area",
        "Service",
        "Which kind of service is this about?",
        ask="Which service is this about?",
        step="About",
        listed=True,
    )
    provider: str | None = line(
        "Provider",
        "The hospital, practice or trust, if the person says.",
        ask="Which hospital, practice or trust?",
        step="About",
        listed=True,
        named_freely=True,
        named_after="provider",
    )
    role: str | None = choice(
        "respondent_role",
        "Who is speaking",
        "How the person knows the service. If you are helping, put down their part, not yours.",
        ask="Which of these are you?",
        step="About",
    )
    event: str | None = link("event", "Event", "Where you are recording.", step="About")
    date: str | None = day("Date", "The day on which this was said.", step="About", listed=True)
    rating: str | None = choice(
        "fft_rating",
        "Overall, how was your experience of the service?",
        "Read the question out word for word.",
        step="Experience",
        heading="Rating",
        listed=True,
    )
    experience: str | None = text(
        "What happened, in their own words",
        "What went well, what went badly. No names of staff or patients.",
        ask="What happened? Please say it in your own words.",
        step="Experience",
        heading="What happened",
        listed=True,
    )
    whose_words: str | None = choice(
        "whose_words",
        "Whose words",
        "Did you write down what the person said, or put it in your own words?",
        step="Experience",
    )
    expectation: str | None = text(
        "What did they expect?",
        "What they thought would happen before they went.",
        ask="What did you expect?",
        step="Hopes",
    )
    need: str | None = text(
        "What would they need that was not there?",
        "Help, information, language, access: whatever was missing.",
        ask="What did you need that was not there?",
        step="Hopes",
    )
    aspiration: str | None = text(
        "What would a good service look like to them?",
        "Their hopes for local health services.",
        ask="What would a good service look like to you?",
        step="Hopes",
    )
    themes: list[str] | None = many(
        "theme", "Themes", "What it is about; several may fit. This can be done later.", step="Sorting"
    )
    reference: str | None = line(
        "Reference", "Where the row came from, such as its number in a file.", step="Sorting"
    )
    respondent: str | None = line(
        "Respondent ID",
        "The survey's own code for one person, the same on all their comments. Never a name or an NHS number.",
        step="Sorting",
        from_files=True,
    )
    question: str | None = line(
        "Question",
        "Which question of a survey was answered, in the survey's own words.",
        step="Sorting",
        from_files=True,
        length=500,
    )
    consent_record: str | None = choice(
        "yes_no",
        "May we keep what you said?",
        "Read the notice out first. Without a yes, nothing is kept.",
        step="Consent",
    )
    consent_quote: str | None = choice(
        "yes_no",
        "May we quote you without your name?",
        "Only with a yes can the words appear in a report.",
        step="Consent",
    )
    consent_contact: str | None = choice(
        "yes_no",
        "May we contact you again?",
        "Feedback holds no name: write contact details on the partner's own sheet.",
        step="Consent",
    )


@register(FEEDBACK)
class Feedback(Monitoring, ConsentDetails, FeedbackFields, table=True):
    """One person's feedback. Anonymous: nothing links it to a person record."""
