"""The buyers of one customer: invited, given a role and its limits, let go."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from wholesale.accounts import inviting, sessions
from wholesale.accounts.addresses import the_address
from wholesale.accounts.models import BuyerRole, Membership, User, UserKind, UserState
from wholesale.customers.models import Address, Customer
from wholesale.kernel import journal
from wholesale.kernel.access import Actor, ActorKind
from wholesale.kernel.db import everybodys_rows, session
from wholesale.kernel.errors import Conflict, DomainError
from wholesale.kernel.text import N_


class MemberAlready(Conflict):
    """The person acts for this customer, or is invited to."""

    message = N_("%(email)s is among the people of this customer already.")


class NotInvitable(DomainError):
    """The address can't be a buyer's."""

    message = N_("%(email)s can't be invited. Use another address.")


class OwnMembership(DomainError):
    """Somebody would change what it may do itself."""

    message = N_("Nobody changes their own role or limits. Ask a colleague who may.")


class LastAdmin(Conflict):
    """Without an administrator nobody of the customer could invite anybody."""

    message = N_("%(name)s is the last administrator. Make somebody else one first.")


class CameAlready(Conflict):
    """An invitation for somebody who has taken it up."""

    message = N_("%(name)s has accepted already and needs no invitation.")


@dataclass(frozen=True, slots=True)
class Standing:
    """What a buyer may do for a customer. `spending_limit` None is no limit; [] all ship-tos."""

    role: BuyerRole = BuyerRole.BUYER
    spending_limit: Decimal | None = None
    sees_prices: bool = True
    ship_to_ids: Collection[int] = field(default_factory=tuple)

    @classmethod
    def of(cls, member: Membership) -> Standing:
        """What a membership says now."""
        return cls(
            BuyerRole(member.role), member.spending_limit, member.sees_prices,
            tuple(sorted(member.ship_to_ids)),
        )  # fmt: skip

    @property
    def told(self) -> dict[str, Any]:
        """How the journal tells it."""
        limit = None if self.spending_limit is None else str(self.spending_limit)
        return {
            "role": self.role.value, "limit": limit, "prices": self.sees_prices,
            "ship_tos": sorted(self.ship_to_ids),
        }  # fmt: skip


def members(customer_id: int) -> Sequence[Membership]:
    """The buyers of one customer, the persons with them, in the order they came."""
    return session.scalars(
        select(Membership)
        .where(Membership.customer_id == customer_id)
        .options(selectinload(Membership.user))
        .order_by(Membership.id)
    ).all()


def invite(customer: Customer, email: str, name: str, standing: Standing, by: Actor) -> Membership:
    """Invite a person to act for a customer; the letter goes to its address alone.

    Whether the person has an account elsewhere is not told: it joins when it takes the link up.
    Raises BadAddress, MemberAlready, NotInvitable.
    """
    plain = the_address(email)
    user = session.scalar(select(User).where(User.email == plain))
    if user is None:
        user = inviting.add_buyer(plain, name, customer, by, role=standing.role)
        member = _membership(user, customer)
        assert member is not None  # noqa: S101 - made a line above
    elif _membership(user, customer) is not None:
        raise MemberAlready(email=plain)
    elif user.kind is not UserKind.BUYER or user.state is UserState.DISABLED:
        raise NotInvitable(email=plain)
    else:
        member = inviting.join(user, customer, standing.role, by, accepted=False)
    member.invited_name = name.strip()
    _set(member, standing)
    session.flush()  # the link carries the membership's id
    journal.record(customer, "customer:invited", by, email=plain, new=standing.told)
    inviting.send_link(user, by, member)
    return member


def invite_again(member: Membership, by: Actor) -> None:
    """Send the invitation once more. Raises CameAlready."""
    if member.is_accepted:
        raise CameAlready(name=member.called)
    inviting.send_link(member.user, by, member)
    journal.record(member.customer, "customer:invited", by, email=member.user.email)


def change(member: Membership, standing: Standing, by: Actor) -> None:
    """Give a buyer another role or other limits; its sessions for this customer end.

    Raises OwnMembership, LastAdmin.
    """
    before = Standing.of(member).told
    if before == standing.told:
        return
    _may_touch(member, by)
    if standing.role is not BuyerRole.ADMIN:
        _someone_else_administers(member, by)
    _set(member, standing)
    after = Standing.of(member).told
    changed = [name for name in after if after[name] != before[name]]
    journal.record(
        member.customer, "customer:buyer_changed", by, email=member.user.email,
        old={name: before[name] for name in changed}, new={name: after[name] for name in changed},
    )  # fmt: skip
    sessions.end_sessions_for(member.user_id, member.customer_id)


def remove(member: Membership, by: Actor) -> None:
    """The person acts for this customer no more. Raises OwnMembership, LastAdmin."""
    _may_touch(member, by)
    _someone_else_administers(member, by)
    journal.record(member.customer, "customer:buyer_removed", by, email=member.user.email)
    sessions.end_sessions_for(member.user_id, member.customer_id)
    inviting.void_links(member.user, "invite", member)
    session.delete(member)


def end_sessions(member: Membership, by: Actor) -> None:
    """End the sessions in which a buyer acts for this customer."""
    sessions.end_sessions_for(member.user_id, member.customer_id)
    journal.record(member.customer, "customer:buyer_signed_out", by, email=member.user.email)


def customers_of(user_id: int) -> Sequence[Customer]:
    """The customers a person may act for, by their names; across the limits of the unit."""
    with everybodys_rows():
        return session.scalars(
            select(Customer)
            .join(Membership, Membership.customer_id == Customer.id)
            .where(Membership.user_id == user_id, Membership.accepted_at.is_not(None))
            .order_by(Customer.name, Customer.id)
        ).all()


def _set(member: Membership, standing: Standing) -> None:
    """Ship-tos of somebody else, and retired ones, fall away."""
    own = session.scalars(
        select(Address.id).where(
            Address.customer_id == member.customer_id, Address.id.in_(list(standing.ship_to_ids))
        )
    ).all()
    member.role, member.spending_limit = standing.role, standing.spending_limit
    member.sees_prices, member.ship_to_ids = standing.sees_prices, sorted(own)


def _membership(user: User, customer: Customer) -> Membership | None:
    return session.scalar(
        select(Membership).where(
            Membership.user_id == user.id, Membership.customer_id == customer.id
        )
    )


def _may_touch(member: Membership, by: Actor) -> None:
    if by.id is not None and by.id == member.user_id:
        raise OwnMembership


def _someone_else_administers(member: Membership, by: Actor) -> None:
    """Among the buyers themselves the last administrator stays; our people may take any away.

    The administrators are locked, so that two can't take the right from each other at once.
    """
    if member.role is not BuyerRole.ADMIN or by.kind is not ActorKind.BUYER:
        return
    admins = session.scalars(
        select(Membership.user_id)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.customer_id == member.customer_id,
            Membership.role == BuyerRole.ADMIN,
            Membership.accepted_at.is_not(None),
            User.state == UserState.ACTIVE,
        )
        .order_by(Membership.id)
        .with_for_update(of=Membership)
    ).all()
    if set(admins) <= {member.user_id}:
        raise LastAdmin(name=member.called)
