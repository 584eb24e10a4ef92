"""Every kind of record; importing this registers them all, in the order in which people meet them."""

from fieldkit.records.kinds.action import ACTION
from fieldkit.records.kinds.attendance import ATTENDANCE
from fieldkit.records.kinds.concern import CONCERN
from fieldkit.records.kinds.device import DEVICE
from fieldkit.records.kinds.event import EVENT
from fieldkit.records.kinds.evidence.case_study import CASE_STUDY
from fieldkit.records.kinds.evidence.cell import CELL
from fieldkit.records.kinds.evidence.change import CHANGE
from fieldkit.records.kinds.evidence.cycle import CYCLE
from fieldkit.records.kinds.evidence.dataset import DATASET
from fieldkit.records.kinds.evidence.desk_source import DESK_SOURCE
from fieldkit.records.kinds.evidence.engagement import ENGAGEMENT
from fieldkit.records.kinds.evidence.mapping import MAPPING
from fieldkit.records.kinds.evidence.provider import PROVIDER
from fieldkit.records.kinds.evidence.quote import QUOTE
from fieldkit.records.kinds.evidence.rationale import RATIONALE
from fieldkit.records.kinds.evidence.release import RELEASE
from fieldkit.records.kinds.evidence.response import RESPONSE
from fieldkit.records.kinds.evidence.support import SUPPORT
from fieldkit.records.kinds.feedback import FEEDBACK
from fieldkit.records.kinds.mentorship import MENTORSHIP
from fieldkit.records.kinds.note import NOTE
from fieldkit.records.kinds.partner import PARTNER
from fieldkit.records.kinds.person import PERSON
from fieldkit.records.kinds.policy import POLICY
from fieldkit.records.kinds.same_person import SAME_PERSON
from fieldkit.records.kinds.session import SESSION
from fieldkit.records.kinds.term import TERM
from fieldkit.records.kinds.withdrawal import WITHDRAWAL
from fieldkit.records.schema.kind import arrange

ORDER = (
    PARTNER,
    PROVIDER,
    EVENT,
    PERSON,
    SAME_PERSON,
    ATTENDANCE,
    FEEDBACK,
    MENTORSHIP,
    SESSION,
    ACTION,
    NOTE,
    CONCERN,
    CYCLE,
    ENGAGEMENT,
    DATASET,
    CELL,
    MAPPING,
    CHANGE,
    SUPPORT,
    RESPONSE,
    CASE_STUDY,
    DESK_SOURCE,
    RATIONALE,
    QUOTE,
    RELEASE,
    TERM,
    WITHDRAWAL,
    DEVICE,
    POLICY,
)

arrange(*(kind.name for kind in ORDER))
