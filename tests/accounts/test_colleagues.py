"""The buyers of one customer: invited, changed, let go, without a look at other customers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from tests.factories.people import BY, PASSWORD, Cast
from wholesale.accounts import colleagues, inviting, sessions, visiting
from wholesale.accounts.addresses import BadAddress
from wholesale.accounts.colleagues import (
    CameAlready,
    LastAdmin,
    MemberAlready,
    NotInvitable,
    OwnMembership,
    Standing,
)
from wholesale.accounts.inviting import LinkExpired
from wholesale.accounts.models import BuyerRole, Membership, User
from wholesale.accounts.sessions import actor_of
from wholesale.customers.models import Address, Customer
from wholesale.kernel.db import session
from wholesale.mail.models import Letter


def member(user: User, customer: Customer) -> Membership:
    return session.scalars(
        select(Membership).where(
            Membership.user_id == user.id, Membership.customer_id == customer.id
        )
    ).one()


def last_link() -> str:
    session.flush()
    letter = session.scalars(select(Letter).order_by(Letter.id.desc()).limit(1)).one()
    return str(letter.facts["path"]).removeprefix("/invite/")


def test_a_new_colleague_comes_in_by_the_link(cast: Cast) -> None:
    standing = Standing(BuyerRole.BUYER, Decimal(50000), sees_prices=False)
    made = colleagues.invite(
        cast.nordwind, "Hana@Nordwind.example", "Hana", standing, actor_of(cast.alma)
    )
    invited = inviting.invited(last_link())
    assert (invited.made_by, invited.needs_password) == ("Alma", True)
    assert (made.spending_limit, made.sees_prices) == (Decimal(50000), False)
    user = inviting.accept(last_link(), PASSWORD)
    assert user.email == "hana@nordwind.example"
    assert made.is_accepted


def test_whoever_buys_elsewhere_is_asked_first_and_keeps_name_and_password(cast: Cast) -> None:
    made = colleagues.invite(
        cast.nordwind, cast.cleo.email, "C. from the fair", Standing(), actor_of(cast.alma)
    )
    word = last_link()
    assert made.called == "C. from the fair"  # the name elsewhere is nobody's business here
    secret = sessions.open_session(cast.cleo, address="192.0.2.1")
    session.flush()
    found = visiting.visitor_of(secret)
    assert found is not None and not found.has_choice
    kept = cast.cleo.password_hash
    assert not inviting.invited(word).needs_password
    inviting.accept(word)
    session.flush()
    assert (cast.cleo.password_hash, made.called) == (kept, "Cleo")
    found = visiting.visitor_of(secret)
    assert found is not None and found.has_choice
    with pytest.raises(LinkExpired):
        inviting.accept(word)


def test_who_can_not_be_invited(cast: Cast) -> None:
    by = actor_of(cast.alma)
    with pytest.raises(MemberAlready, match="bo@"):
        colleagues.invite(cast.nordwind, cast.bo.email, "Bo", Standing(), by)
    with pytest.raises(NotInvitable):
        colleagues.invite(cast.nordwind, cast.dana.email, "Dana", Standing(), by)
    with pytest.raises(BadAddress):
        colleagues.invite(cast.nordwind, "a@b.example,c@d.example", "Two", Standing(), by)
    with pytest.raises(CameAlready, match="Bo"):
        colleagues.invite_again(member(cast.bo, cast.nordwind), by)


def test_nobody_promotes_itself_and_the_last_administrator_stays(cast: Cast) -> None:
    alma, bo = member(cast.alma, cast.nordwind), member(cast.bo, cast.nordwind)
    with pytest.raises(OwnMembership):
        colleagues.change(bo, Standing(BuyerRole.ADMIN), actor_of(cast.bo))
    with pytest.raises(OwnMembership):
        colleagues.remove(alma, actor_of(cast.alma))
    for act in (
        lambda: colleagues.change(alma, Standing(BuyerRole.BUYER), actor_of(cast.bo)),
        lambda: colleagues.remove(alma, actor_of(cast.bo)),
    ):
        with pytest.raises(LastAdmin, match="Alma"):
            act()
    colleagues.change(bo, Standing(BuyerRole.ADMIN), actor_of(cast.alma))
    session.flush()
    colleagues.change(alma, Standing(BuyerRole.VIEWER), actor_of(cast.bo))
    assert alma.role is BuyerRole.VIEWER
    colleagues.remove(bo, actor_of(cast.dana))  # our people may take any away


def test_a_change_ends_the_sessions_for_this_customer_alone(cast: Cast) -> None:
    inviting.join(cast.bo, cast.rival, BuyerRole.BUYER, BY)
    session.flush()
    here, there = (sessions.open_session(cast.bo, address="192.0.2.1") for _ in range(2))
    session.flush()
    other = visiting.visitor_of(there)
    assert other is not None
    (entry,) = [one for one in sessions.open_sessions(cast.bo.id) if one.id == other.sign_in_id]
    there = sessions.act_for(entry, cast.rival.id)
    session.flush()
    mine = member(cast.bo, cast.nordwind)
    colleagues.change(mine, Standing(BuyerRole.VIEWER), actor_of(cast.alma))
    assert visiting.visitor_of(here) is None
    assert visiting.visitor_of(there) is not None


def test_a_stranger_s_ship_to_is_no_limit_one_can_set(cast: Cast) -> None:
    foreign = session.scalars(select(Address.id).where(Address.customer_id == cast.rival.id)).one()
    own = session.scalars(select(Address.id).where(Address.customer_id == cast.nordwind.id)).one()
    bo = member(cast.bo, cast.nordwind)
    colleagues.change(bo, Standing(ship_to_ids=(foreign, own)), actor_of(cast.alma))
    assert bo.ship_to_ids == [own]


def test_a_removed_colleague_s_invitation_is_void(cast: Cast) -> None:
    made = colleagues.invite(cast.nordwind, "x@shop.example", "X", Standing(), actor_of(cast.alma))
    word = last_link()
    colleagues.remove(made, actor_of(cast.alma))
    session.flush()
    with pytest.raises(LinkExpired):
        inviting.invited(word)
