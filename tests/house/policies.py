"""The reviewed list of who may call what and of what each role may do, as a file and as the code."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from wholesale.accounts.permissions import BUYER_PERMISSIONS, STAFF_ROLES
from wholesale.web.gate import audience_of, policy_of

FILE = Path(__file__).with_name("policies.txt")


def reviewed() -> list[str]:
    """The lines of the file, without its words of introduction."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


def declared(app: Flask) -> list[str]:
    """The same lines, as the code states them."""
    return [*sorted(_routes(app), key=lambda line: line.split()[1:]), *_roles()]


def permissions_of(role: str) -> frozenset[str]:
    """What a role may do, as reviewed: `buyer:viewer`, `staff:sales`."""
    (line,) = (one for one in reviewed() if one.startswith(f"{role} "))
    return frozenset(line.split()[1:])


def needed(method: str, rule: str) -> tuple[str, str]:
    """(for whom, what they need) of a route, as reviewed: ("buyers", "orders:place")."""
    (words,) = (line.split() for line in reviewed() if line.split()[:2] == [method, rule])
    return words[2], words[3]


def _routes(app: Flask) -> list[str]:
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        policy, audience = policy_of(app, rule.endpoint), audience_of(rule.endpoint)
        assert policy is not None, rule.endpoint
        whom = "everybody" if policy.is_public else f"{audience.value}s" if audience else "all"
        whom = {"staffs": "staff"}.get(whom, whom)
        needs = policy.permission.value if policy.permission else "-"
        found += [
            f"{method} {rule.rule} {whom} {needs}"
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        ]
    return found


def _roles() -> list[str]:
    buyers = [(f"buyer:{role.value}", granted) for role, granted in BUYER_PERMISSIONS.items()]
    staff = [(f"staff:{code}", granted) for code, _, granted in STAFF_ROLES]
    return [" ".join([name, *sorted(granted)]) for name, granted in (*buyers, *staff)]
