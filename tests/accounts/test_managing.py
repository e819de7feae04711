"""Our own people: who may change whom, and what ends with it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.factories.people import BY, PASSWORD, Cast
from wholesale.accounts import inviting, managing, own_roles, sessions, visiting
from wholesale.accounts.inviting import LinkExpired
from wholesale.accounts.managing import (
    LastOwner,
    MoreThanYours,
    NotWaiting,
    NotYourself,
    UnknownRole,
)
from wholesale.accounts.models import OneTimeLink, User, UserState
from wholesale.accounts.own_roles import EmptyRole, NameTaken, RoleInUse, RoleOfTheHouse
from wholesale.accounts.permissions import Permission, granted_to_role
from wholesale.accounts.sessions import actor_of
from wholesale.kernel.db import session
from wholesale.mail.models import Letter

HERE = "192.0.2.1"


def secret_of(user: User) -> str:
    secret = sessions.open_session(user, address=HERE)
    session.flush()
    return secret


def test_nobody_changes_its_own_role_or_shuts_itself_out(cast: Cast) -> None:
    by = actor_of(cast.gil)
    inviting.add_staff("olga@example.jp", "Olga", "owner", BY, password=PASSWORD)
    for act in (
        lambda: managing.change(cast.gil, by, role="sales"),
        lambda: managing.change(cast.gil, by, role="owner", own_customers_only=True),
        lambda: managing.disable(cast.gil, by),
        lambda: managing.remove_proofs(cast.gil, by),
    ):
        with pytest.raises(NotYourself):
            act()
    assert (cast.gil.role, cast.gil.state) == ("owner", UserState.ACTIVE)


def test_the_last_owner_stays(cast: Cast) -> None:
    with pytest.raises(LastOwner, match="Gil"):
        managing.change(cast.gil, BY, role="viewer")
    with pytest.raises(LastOwner):
        managing.disable(cast.gil, BY)
    olga = inviting.add_staff("olga@example.jp", "Olga", "owner", BY)
    with pytest.raises(LastOwner):  # one who has not come yet owns nothing
        managing.disable(cast.gil, actor_of(olga))
    olga.state = UserState.ACTIVE
    session.flush()
    managing.change(cast.gil, actor_of(olga), role="viewer")
    assert cast.gil.role == "viewer"


def test_rights_one_lacks_are_neither_given_nor_taken(cast: Cast) -> None:
    role = own_roles.make(
        "People desk", [Permission.PEOPLE_EDIT, *granted_to_role("viewer")], actor_of(cast.gil)
    )
    session.flush()
    managing.change(cast.egon, actor_of(cast.gil), role=role.code)
    by = actor_of(cast.egon)
    for act in (
        lambda: managing.invite("new@example.jp", "New", "owner", by),
        lambda: managing.change(cast.dana, by, role="owner"),
        lambda: managing.change(cast.frida, by, role="viewer"),
        lambda: managing.disable(cast.gil, by),
        lambda: own_roles.make("More", [Permission.INVOICES_ISSUE], by),
    ):
        with pytest.raises(MoreThanYours):
            act()
    assert managing.invite("new@example.jp", "New", "viewer", by).role == "viewer"
    with pytest.raises(UnknownRole):
        managing.invite("other@example.jp", "Other", "own-none", actor_of(cast.gil))


def test_a_changed_role_or_limit_ends_every_session(cast: Cast) -> None:
    secret = secret_of(cast.dana)
    managing.change(cast.dana, actor_of(cast.gil), role="sales")
    assert visiting.visitor_of(secret) is not None  # nothing has changed
    managing.change(cast.dana, actor_of(cast.gil), role="sales", own_customers_only=True)
    assert visiting.visitor_of(secret) is None


def test_a_disabled_person_is_out_at_once_and_links_are_void(cast: Cast) -> None:
    secret = secret_of(cast.dana)
    word = inviting.make_link(cast.dana, "reset")
    session.flush()
    managing.disable(cast.dana, actor_of(cast.gil))
    assert visiting.visitor_of(secret) is None
    with pytest.raises(LinkExpired):
        inviting.open_link(word, "reset")
    managing.enable(cast.dana, actor_of(cast.gil))
    assert cast.dana.state is UserState.ACTIVE
    assert visiting.visitor_of(secret) is None
    with pytest.raises(NotWaiting, match="Dana"):
        managing.invite_again(cast.dana, actor_of(cast.gil))


def test_an_invitation_sent_again_voids_the_earlier_link(cast: Cast) -> None:
    user = managing.invite("new@example.jp", "New", "sales", actor_of(cast.gil))
    managing.invite_again(user, actor_of(cast.gil))
    session.flush()
    letters = session.scalars(select(Letter).where(Letter.event == "staff_invitation")).all()
    first, second = (one.facts["path"].removeprefix("/invite/") for one in letters)
    with pytest.raises(LinkExpired):
        inviting.invited(first)
    assert inviting.invited(second).made_by == "Gil"
    assert inviting.accept(second, PASSWORD).state is UserState.ACTIVE
    assert session.scalars(select(OneTimeLink.used_at)).all().count(None) == 0


def test_roles_of_our_own(cast: Cast) -> None:
    by = actor_of(cast.gil)
    role = own_roles.make("Showroom", [Permission.CATALOG_READ, Permission.CARTS_EDIT], by)
    session.flush()
    # What is for buyers alone is never granted to one of ours.
    assert granted_to_role(role.code) == {Permission.CATALOG_READ}
    with pytest.raises(NameTaken):
        own_roles.make(" showroom ", [Permission.CATALOG_READ], by)
    with pytest.raises(EmptyRole):
        own_roles.change(role, "Showroom", [], by)
    managing.change(cast.frida, by, role=role.code)
    secret = secret_of(cast.frida)
    with pytest.raises(RoleInUse, match="1"):
        own_roles.drop(role, by)
    own_roles.change(role, "Showroom", [Permission.CATALOG_READ, Permission.STOCK_READ], by)
    assert visiting.visitor_of(secret) is None
    assert granted_to_role(role.code) == {Permission.CATALOG_READ, Permission.STOCK_READ}
    managing.change(cast.frida, by, role="warehouse")
    own_roles.drop(role, by)
    session.flush()
    assert granted_to_role(role.code) == frozenset()


def test_the_roles_of_the_house_and_ones_own_role_stay(cast: Cast) -> None:
    by = actor_of(cast.gil)
    sales = next(role for role in own_roles.roles() if role.code == "sales")
    for act in (
        lambda: own_roles.change(sales, "Sales", [Permission.ORDERS_READ], by),
        lambda: own_roles.drop(sales, by),
    ):
        with pytest.raises(RoleOfTheHouse):
            act()
    role = own_roles.make("Deputy", list(granted_to_role("owner")), by)
    session.flush()
    managing.change(cast.egon, by, role=role.code)
    with pytest.raises(NotYourself):
        own_roles.change(role, "Deputy", [Permission.PEOPLE_EDIT], actor_of(cast.egon))
