"""Letters stay under the customer they were written to."""

from __future__ import annotations

from wholesale.mail.models import Letter

TAKES = ()
STAYS = (Letter.customer_id,)
