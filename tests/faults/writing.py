"""A process that takes in goods, one piece after the other, and says so after each commit.

`python -m tests.faults.writing DATABASE SKU`: told on standard output, one line for each.
"""

from __future__ import annotations

import os
import sys

from wholesale.kernel import db
from wholesale.kernel.access import Principal
from wholesale.stock import ledger
from wholesale.stock.setting_up import location_id

WRITER = Principal.system("writer")


def write(url: str, sku: int) -> None:
    """Until it is killed."""
    db.connect(url)
    while True:
        db.run_unit(
            lambda: ledger.receive(sku, location_id("W1"), 1, WRITER.actor, source=("sku", sku)),
            WRITER,
        )
        os.write(1, b"committed\n")


if __name__ == "__main__":
    write(sys.argv[1], int(sys.argv[2]))
