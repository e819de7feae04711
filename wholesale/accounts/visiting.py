"""Who is at the door: one person, its rights and its limits, read once per request."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from wholesale.accounts import rules, sessions
from wholesale.accounts.models import (
    Assignment,
    BuyerRole,
    Membership,
    Passkey,
    SecurityRules,
    SignIn,
    User,
    UserKind,
    UserState,
)
from wholesale.accounts.permissions import (
    BUYER_PERMISSIONS,
    NEEDS_PRICES,
    Permission,
    granted_to_role,
)
from wholesale.customers.models import Customer, CustomerState
from wholesale.kernel import clock
from wholesale.kernel.access import Actor, ActorKind, Principal
from wholesale.kernel.db import session


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is at the door, read once per request and handed on; the gate looks at this alone.

    A buyer's `customer_id` is the customer it acts for; `customer_ids` what it may see. Of our own
    people `customer_ids` and `brand_ids` are limits, None where there is none.
    """

    user_id: int
    kind: UserKind
    name: str
    email: str
    locale: str
    theme: str
    single_keys: bool
    sign_in_id: int
    permissions: frozenset[Permission]
    customer_id: int | None = None
    customer_code: str = ""
    customer_name: str = ""
    customer_ids: frozenset[int] | None = None
    brand_ids: frozenset[int] | None = None
    role: str = ""
    is_seen_late: bool = False
    sees_prices: bool = True
    ship_to_ids: frozenset[int] | None = None
    has_choice: bool = False
    lacks_factor: bool = False
    proven_at: datetime | None = None
    is_remembered: bool = False
    kept: dict[str, Any] = field(default_factory=dict, compare=False, hash=False)

    def may(self, permission: str) -> bool:
        """Whether a role grants it."""
        return permission in self.permissions

    @property
    def initial(self) -> str:
        """The first letter of the name, for the round mark."""
        return self.name[:1]

    @property
    def actor(self) -> Actor:
        """How the journal names this person."""
        return Actor(ActorKind(self.kind.value), self.user_id, self.name)

    @property
    def principal(self) -> Principal:
        """Whose rows this person's units of work may see."""
        return Principal(self.actor, self.customer_ids, self.brand_ids, self.ship_to_ids)

    @property
    def is_limited(self) -> bool:
        """Whether the person is kept to some customers, brands or ship-tos."""
        return self.principal.is_limited


def visitor_of(secret: str) -> Visitor | None:
    """Who a cookie belongs to, with rights read afresh; None when the session is over."""
    has_passkey = select(Passkey.id).where(Passkey.user_id == User.id).exists()
    row = session.execute(
        select(SignIn, User, has_passkey)
        .join(User, User.id == SignIn.user_id)
        .where(
            SignIn.sid_sha256 == sessions.digest(secret),
            SignIn.revoked_at.is_(None),
            SignIn.awaits_factor.is_(False),
        )
    ).first()
    if row is None:
        return None
    entry, user, passkey = row
    now = clock.now()
    idle_until = entry.seen_at + timedelta(seconds=entry.idle_seconds)
    if user.state is not UserState.ACTIVE or now >= entry.expires_at or now >= idle_until:
        return None
    if user.kind is UserKind.STAFF:
        return _staff_visitor(entry, user, has_factor=passkey or user.totp_secret is not None)
    return _buyer_visitor(entry, user)


def own_customer_ids(user_id: int) -> frozenset[int]:
    """The customers one of our people looks after, with what belongs to them.

    That is: what was merged into them, the stores billed through them, and who is billed for them.
    One statement.
    """
    assigned = select(Assignment.customer_id).where(Assignment.user_id == user_id)
    payers = select(Customer.bill_to_id).where(
        Customer.id.in_(assigned), Customer.bill_to_id.is_not(None)
    )
    return frozenset(
        session.scalars(
            select(Customer.id).where(
                or_(Customer.id.in_(assigned), Customer.id.in_(payers), _belongs_to(assigned))
            )
        )
    )


def _belongs_to(customers: Any) -> ColumnElement[bool]:
    return Customer.merged_into_id.in_(customers) | Customer.bill_to_id.in_(customers)


def _staff_visitor(entry: SignIn, user: User, *, has_factor: bool) -> Visitor:
    stated = session.scalar(select(SecurityRules.factor_roles).limit(1))
    return Visitor(
        **_person(entry, user),
        permissions=granted_to_role(user.role),
        role=user.role,
        customer_ids=own_customer_ids(user.id) if user.own_customers_only else None,
        brand_ids=frozenset(user.brand_ids) or None,
        lacks_factor=not has_factor and user.role in rules.factor_roles(stated),
    )


def _buyer_visitor(entry: SignIn, user: User) -> Visitor | None:
    """A buyer sees the customer it acts for, what was merged into it, and a bill-to its stores."""
    rows = session.execute(
        select(Membership, Customer)
        .join(Customer, Customer.id == Membership.customer_id)
        .where(
            Membership.user_id == user.id,
            Membership.accepted_at.is_not(None),
            Customer.state == CustomerState.ACTIVE,
        )
        # The gate itself asks: no principal narrows this look at one's own memberships.
    ).all()
    row = next((one for one in rows if one[1].id == entry.customer_id), None)
    if row is None:
        return None
    membership, customer = row
    related = session.scalars(select(Customer.id).where(_belongs_to([customer.id])))
    granted = BUYER_PERMISSIONS[BuyerRole(membership.role)]
    return Visitor(
        **_person(entry, user),
        permissions=granted if membership.sees_prices else granted - NEEDS_PRICES,
        customer_id=customer.id,
        customer_code=customer.code,
        customer_name=customer.display_name(user.locale),
        customer_ids=frozenset({customer.id, *related}),
        role=str(membership.role),
        sees_prices=membership.sees_prices,
        ship_to_ids=frozenset(membership.ship_to_ids) or None,
        has_choice=len(rows) > 1,
    )


def _person(entry: SignIn, user: User) -> dict[str, Any]:
    return {
        "user_id": user.id,
        "kind": user.kind,
        "name": user.name,
        "email": user.email,
        "locale": user.locale,
        "theme": user.theme,
        "single_keys": user.single_keys,
        "sign_in_id": entry.id,
        "is_seen_late": entry.seen_at < clock.now() - sessions.SEEN_EVERY,
        "proven_at": entry.proven_at,
        "is_remembered": entry.remembered,
        "kept": dict(entry.kept or {}),
    }
