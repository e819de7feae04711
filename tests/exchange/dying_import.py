"""A program that brings a file in and is killed on the way: URL, data folder, file, how and when."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from wholesale.exchange import chunks, large_runs, staging
from wholesale.exchange.importing import KINDS
from wholesale.exchange.large_runs import Progress, begin
from wholesale.exchange.long_imports import go_on
from wholesale.exchange.models import RunState
from wholesale.kernel import config, db
from wholesale.kernel.access import Principal

WHO = Principal.system("import")
CHUNK = 50


def main(url: str, folder: str, file: str, state: str, rows: str, within: str) -> None:
    """Bring stock in until `rows` rows of that state are done; `within` dies before they commit."""
    config.use(config.Settings(data=Path(folder), secret="x", url="http://localhost"))
    db.connect(url)
    large_runs.CHUNK = CHUNK
    staging.STAGED_AT_ONCE = CHUNK
    begun = db.run_unit(
        lambda: begin("stock", Path(file), Path(file).name, goes_on=True, by=WHO.actor), WHO
    )
    here = Progress(RunState.STAGING, 0, 0)

    def tell(progress: Progress) -> None:
        nonlocal here
        here = progress
        if within == "between" and (progress.state, progress.done) == (state, int(rows)):
            os.kill(os.getpid(), signal.SIGKILL)

    def bring_in(*told: object) -> None:
        KINDS["stock"].bring_in(*told)  # type: ignore[arg-type]
        if within == "within" and (here.state, here.done) == (state, int(rows)):
            os.kill(os.getpid(), signal.SIGKILL)

    chunks.KINDS = {"stock": KINDS["stock"]._replace(bring_in=bring_in)}
    go_on(begun.run_id, WHO, tell)


if __name__ == "__main__":
    main(*sys.argv[1:])
