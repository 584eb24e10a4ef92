"""Every sentence that a respondent reads on screen or on paper, except the model's questions and answers.

A sentence is its own key in the catalogues. A new sentence is one line here; the tests then demand its translations.
"""

from __future__ import annotations

from enum import StrEnum

NOTICE_VERSION = "3"
"""The version of the notice below: raised whenever one of its sentences changes."""

WITH_LOCK = " with lock"
"""Follows the version of a notice that also promises that answers are locked."""


class RespondentText(StrEnum):
    """The English sentences, by name."""

    # The notice, in the order in which it is read.
    NOTICE_WHY = "We collect what people say about health services, so that services get better."
    NOTICE_FREE = "You don't have to take part. You can leave out any question."
    NOTICE_NAME = "We do not write down your name."
    NOTICE_LOCKED = "On this laptop your answers are kept locked."
    NOTICE_NETWORK = "We show your answers to nobody outside {network}."
    NOTICE_REPORTS = "Reports show numbers. They show your words only if you agree to that."
    NOTICE_CODE = "You get a receipt code. With it you can have your answers erased at any time."
    OUR_NETWORK = "our network"

    # Beside the notice, before anything is asked
    UNDER_16 = "Under 16? A parent or guardian has to be with you."

    # Headings
    BEFORE_WE_BEGIN = "Before we begin"
    FEEDBACK_FORM = "What do you think of our health services?"
    SIGN_IN_SHEET = "Sign in"
    MONITORING_FORM = "Some questions about you"

    # How to answer
    PRESS_NUMBER = "Press the number of your answer."
    PRESS_LETTER = "Press the letter of your answer."
    TICK_SEVERAL = "Tick all that apply."
    WRITE_HERE = "Write here. Please leave out names of staff and patients."
    TYPE_ANSWER = "Type your answer. Enter goes on."
    LEAVE_OUT = "You can leave out any question."
    PREFER_NOT_TO_SAY = "prefer not to say"
    GO_ON = "go on"
    GO_BACK = "go back"
    SAY_MORE = "say more"
    CALL_VOLUNTEER = "Please call the volunteer."

    # What can go wrong
    PERSONAL_DETAIL = "This may show who somebody is: {details}. Change it, or press Enter again to go on."
    NOT_VALID = "This answer does not fit here. Change it, or press Enter again to leave it out."
    TOO_LONG = "Your answer is too long. What you see here is kept; the rest is not."
    NOTHING_SAID = "You have not said anything about the service yet. Without that, nothing is kept."
    NO_GUARDIAN = "Under 16, a parent or guardian has to be with you. Nothing is stored, and nothing is lost."
    NOT_SAVED = "Your answers are not saved yet. Nothing is lost. Press Enter to try again."

    # The end
    THANK_YOU = "Thank you."
    YOUR_CODE = "Your receipt code"
    KEEP_CODE = "Keep this code. With it you can have your answers erased."
    GIVE_BACK = "Please give the laptop back to the volunteer."
    NOTHING_KEPT = "That is fine. Nothing was kept."

    # The sign-in sheet
    NAME = "Name"
    CONTACT = "May we contact you?"
    ORGANISATION = "Organisation"
    SIGN_IN_HOW = (
        "Please write your name and tick yes or no. Without a yes you are counted, but your name is not kept."
    )

    DRAFT = "Draft: no native speaker has checked this yet."


NOTICE = (
    RespondentText.NOTICE_WHY,
    RespondentText.NOTICE_FREE,
    RespondentText.NOTICE_NAME,
    RespondentText.NOTICE_LOCKED,
    RespondentText.NOTICE_NETWORK,
    RespondentText.NOTICE_REPORTS,
    RespondentText.NOTICE_CODE,
)
"""The sentences of the notice, in order. `{network}` is the network's name, or `OUR_NETWORK` without one. `NOTICE_LOCKED` is true
only if a passphrase locks the kit: it is left out of every other notice, and on paper.
"""
