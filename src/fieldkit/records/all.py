"""Every kind of record; importing this registers them all, in the order in which people meet them."""

from fieldkit.records.attendance import ATTENDANCE
from fieldkit.records.concern import CONCERN
from fieldkit.records.device import DEVICE
from fieldkit.records.event import EVENT
from fieldkit.records.feedback import FEEDBACK
from fieldkit.records.kinds import arrange
from fieldkit.records.mentorship import MENTORSHIP
from fieldkit.records.note import NOTE
from fieldkit.records.partner import PARTNER
from fieldkit.records.person import PERSON
from fieldkit.records.policy import POLICY
from fieldkit.records.session import SESSION
from fieldkit.records.term import TERM
from fieldkit.records.withdrawal import WITHDRAWAL

ORDER = (
    PARTNER,
    EVENT,
    PERSON,
    ATTENDANCE,
    FEEDBACK,
    MENTORSHIP,
    SESSION,
    NOTE,
    CONCERN,
    TERM,
    WITHDRAWAL,
    DEVICE,
    POLICY,
)

arrange(*(kind.name for kind in ORDER))
