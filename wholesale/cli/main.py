"""The first word of a command, and where it is done."""

from __future__ import annotations

import importlib
import logging
import sys
from collections.abc import Sequence

from wholesale.kernel.config import BadSettings

# Word → module and function, loaded when asked for: `./run price` needs no web server in memory.
WORDS = {
    "demo": ("serving:demo", "the demo company, built once, served with its worker"),
    "serve": ("serving:serve", "serve an installation (production: behind a proxy)"),
    "worker": ("serving:worker", "do what waits in the job table"),
    "init": ("founding:init", "an empty company: --company FILE --owner EMAIL"),
    "owner": ("founding:owner", "a fresh invitation for an owner: EMAIL"),
    "migrate": ("founding:migrate", "bring the database to this version's shape"),
    "check": ("checking:check", "verify every invariant [--json]"),
    "import": ("importing:import_words", "products|customers|prices|stock|open-orders|open-invoices|payer-names|rates-of-exchange|order FILE [--customer CODE] [--dry-run] [--json]"),
    "export": ("exporting:export_words", "products|customers|prices|rates|stock|orders FILE.xlsx|FILE.csv [--layout NAME] [--language ja|en] [--encoding utf-8|cp932]"),
    "price": ("importing:price_words", "CUSTOMER SKU QUANTITY [--on DATE] [--json]"),
    "bank": ("banking:bank", "import FILE… [--account CODE] | match [--apply] [--json]"),
}  # fmt: skip
BENCH = ("bench", "wholesale.bench.running:main", "measure the goals of speed [--small]")


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    given = list(sys.argv[1:] if words is None else words) or ["help"]
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    word, rest = given[0], given[1:]
    if word == BENCH[0]:
        where = BENCH[1]
    elif word in WORDS:
        where = f"wholesale.cli.{WORDS[word][0]}"
    else:
        return _help(word)
    module, _, function = where.partition(":")
    try:
        return int(getattr(importlib.import_module(module), function)(rest))
    except BadSettings as trouble:
        print(trouble, file=sys.stderr)
        return 2


def _help(word: str) -> int:
    asked = word in {"help", "-h", "--help"}
    for name, (_, says) in [*WORDS.items(), (BENCH[0], (BENCH[1], BENCH[2]))]:
        print(f"  {name:8} {says}", file=sys.stdout if asked else sys.stderr)
    return 0 if asked else 2
