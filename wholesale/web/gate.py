"""The gate: an endpoint that states no policy is closed to everybody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from flask import Flask, request
from werkzeug.exceptions import Forbidden, NotFound, Unauthorized

from wholesale.accounts import sessions
from wholesale.accounts.models import UserKind
from wholesale.accounts.permissions import Permission
from wholesale.kernel.config import BadSettings
from wholesale.web.door import visitor

View = TypeVar("View", bound=Callable[..., object])

# Where somebody may still go who must first set up a second factor.
OPEN_WITHOUT_FACTOR = frozenset({"profile", "signing", "language"})
AUDIENCES = {"portal": UserKind.BUYER, "office": UserKind.STAFF, "floor": UserKind.STAFF}


class ProofNeeded(Exception):
    """The view asks for a password given within the last quarter of an hour."""


class FactorNeeded(Exception):
    """The visitor's role asks for a second factor, and none is set up."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Who may call a view: everybody, whoever is signed in, or holders of a permission."""

    permission: Permission | None
    is_public: bool = False


def needs(permission: Permission) -> Callable[[View], View]:
    """The view is for visitors of its wing whose role grants `permission`."""
    return _state(Policy(permission))


def signed_in() -> Callable[[View], View]:
    """The view is for every visitor of its wing."""
    return _state(Policy(None))


def public() -> Callable[[View], View]:
    """The view is for everybody."""
    return _state(Policy(None, is_public=True))


def proven() -> Callable[[View], View]:
    """The view changes what protects everybody (roles, sign-in rules, bank details).

    It asks for a proof of identity not older than 15 minutes; put it below `needs` or `signed_in`,
    on the page that shows the form as well as on what takes it, so that nothing typed is lost.
    """

    def mark(view: View) -> View:
        view.needs_proof = True  # type: ignore[attr-defined]
        return view

    return mark


def policy_of(app: Flask, endpoint: str) -> Policy | None:
    """What an endpoint states."""
    return getattr(app.view_functions[endpoint], "policy", None)


def audience_of(endpoint: str) -> UserKind | None:
    """Which side of the counter an endpoint is for; None: both."""
    return AUDIENCES.get(endpoint.partition(".")[0])


def admit(app: Flask) -> None:
    """Let the visitor in, or raise Unauthorized (401), Forbidden (403), NotFound (404).

    Raises FactorNeeded and ProofNeeded where something must be done first.
    """
    endpoint = request.endpoint or ""
    policy = policy_of(app, endpoint)
    if policy is None:
        raise Forbidden
    if policy.is_public:
        return
    someone = visitor()
    if someone is None:
        raise Unauthorized
    audience = audience_of(endpoint)
    if audience is not None and someone.kind is not audience:
        # A buyer learns nothing of the office; staff are told where they belong.
        raise NotFound if audience is UserKind.STAFF else Forbidden
    if policy.permission is not None and not someone.may(policy.permission):
        raise Forbidden
    if someone.lacks_factor and endpoint.partition(".")[0] not in OPEN_WITHOUT_FACTOR:
        raise FactorNeeded
    if needs_proof(app, endpoint) and not sessions.is_fresh(someone.proven_at):
        raise ProofNeeded


def needs_proof(app: Flask, endpoint: str) -> bool:
    """Whether an endpoint asks for a fresh proof of identity."""
    return bool(getattr(app.view_functions[endpoint], "needs_proof", False))


def require_policies(app: Flask) -> None:
    """Refuse to start with an endpoint that states no policy. Raises BadSettings."""
    bare = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and policy_of(app, rule.endpoint) is None
    ]
    if bare:
        raise BadSettings(f"These endpoints state no policy: {', '.join(sorted(bare))}")


def _state(policy: Policy) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.policy = policy  # type: ignore[attr-defined]
        return view

    return mark
