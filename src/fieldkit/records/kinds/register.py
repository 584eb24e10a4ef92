"""Every kind of record; importing this registers them all, in the order in which people meet them."""

from fieldkit.records.kinds.attendance import ATTENDANCE
from fieldkit.records.kinds.concern import CONCERN
from fieldkit.records.kinds.device import DEVICE
from fieldkit.records.kinds.event import EVENT
from fieldkit.records.kinds.feedback import FEEDBACK
from fieldkit.records.kinds.mentorship import MENTORSHIP
from fieldkit.records.kinds.note import NOTE
from fieldkit.records.kinds.partner import PARTNER
from fieldkit.records.kinds.person import PERSON
from fieldkit.records.kinds.policy import POLICY
from fieldkit.records.kinds.session import SESSION
from fieldkit.records.kinds.term import TERM
from fieldkit.records.kinds.withdrawal import WITHDRAWAL
from fieldkit.records.schema.kind import arrange

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
