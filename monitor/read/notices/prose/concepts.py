"""The ideas that the reading of notices goes by: each is a table of phrases in `monitor/data/notices_*.toml`.

A test holds this list against the tables, so a misspelt name is an error of types, not a KeyError on a page.
"""

from __future__ import annotations

from typing import Literal

ConceptName = Literal[
    "anef_failure", "appointment", "appointment_exclusive", "appointment_request", "asylum", "audience_helpers",
    "audience_other", "authority", "bare_request", "booking", "bring", "by_appointment", "by_email", "by_phone",
    "category_not_online", "ccc", "collection", "come_in_person", "conditional", "contacting", "contacting_words",
    "data_protection", "depends", "deposit", "desk", "desk_heading", "desk_vector", "done_at", "drop_box",
    "elsewhere", "email", "email_is_form", "exclusive", "faq", "file", "files_by_appointment", "filing_object",
    "filing_question", "filing_verb", "fingerprints", "follow_up", "for_now", "foreigners", "form", "form_file",
    "generic_heading", "handing_in", "hypothesis", "incomplete", "licences", "mailbox_not_filing", "moved_online",
    "moving_appointment", "naturalisation", "negation", "negation_aside", "negation_first", "negation_right",
    "not_a_form", "not_a_thing", "not_email", "not_filing", "not_for_them", "not_foreigners", "not_licences",
    "not_pan", "on_request", "online", "online_booking", "online_only", "online_vector", "only", "other_matters",
    "pan", "pan_absent", "pan_closed", "pan_future", "pan_indefinite", "pan_location", "pan_not_closed", "pan_offer",
    "pan_open_again", "pan_opened", "pan_receives", "pan_was", "pan_weak", "pan_weak_offer", "paper_file", "past",
    "permit_as_paper", "phone_filing", "phone_line", "post", "practical", "prescribed", "presence", "reception",
    "refused", "request", "residence", "residence_request", "reverse", "revoked", "same_way", "sent_by",
    "service_name", "spoken", "substitution", "superseded", "telephone", "walk_in", "without_appointment", "writing",
]  # fmt: skip
