"""Our own people, roles and the rules of sign-in, by their pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import func, select

from tests.conftest import NOW
from tests.factories.browsing import Browser
from tests.factories.people import Cast
from wholesale.accounts import sessions
from wholesale.accounts.models import Assignment, Role, SecurityRules, User, UserState
from wholesale.accounts.permissions import granted_to_role
from wholesale.accounts.rules import OutOfBounds
from wholesale.backoffice.firm.people import UnknownCustomers
from wholesale.catalog.models import Brand
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.kernel.journal import JournalEntry
from wholesale.mail.letters import compose
from wholesale.mail.models import Letter

ClientOf = Callable[[User | None], Browser]
PEOPLE = "/office/settings/people"


def test_the_list_shows_everybody_with_role_and_state(client_of: ClientOf, cast: Cast) -> None:
    page = client_of(cast.gil).get(PEOPLE)
    assert page.status_code == 200
    for user in (cast.dana, cast.egon, cast.frida, cast.gil):
        assert user.email in page.text
    assert cast.alma.email not in page.text


def test_inviting_a_colleague_sends_a_letter_with_a_link(client_of: ClientOf, cast: Cast) -> None:
    browser = client_of(cast.gil)
    form = {"name": "Hiro", "email": "hiro@example.jp", "role": "sales", "locale": "ja"}
    answer = browser.post(PEOPLE, form)
    assert answer.status_code == 303
    user = session.scalars(select(User).where(User.email == "hiro@example.jp")).one()
    assert (user.state, user.role) == (UserState.INVITED, "sales")
    letter = session.scalars(select(Letter).where(Letter.event == "staff_invitation")).one()
    assert "/invite/" in compose(letter).get_content()
    page = browser.get(answer.headers["Location"])
    assert "hiro@example.jp" in page.text.split('id="flash"')[1]  # the word of what was done
    again = browser.post(PEOPLE, form)
    assert again.status_code == 409
    assert 'value="Hiro"' in again.text
    assert browser.post(PEOPLE, {**form, "email": "nowhere"}).status_code == 422


def test_role_brands_and_customers_are_set_on_one_form(client_of: ClientOf, cast: Cast) -> None:
    brand = Brand(code="TK", name={"ja": "土と紙"})
    session.add(brand)
    session.flush()
    url = f"{PEOPLE}/{cast.dana.id}/rights"
    form = {"role": "sales", "brands": [brand.id], "own_customers_only": "y",
            "customers": "nordwind\nrival"}  # fmt: skip
    answer = client_of(cast.gil).post(url, form)
    assert answer.status_code == 303
    assert (cast.dana.brand_ids, cast.dana.own_customers_only) == ([brand.id], True)
    assert session.scalar(select(func.count()).select_from(Assignment)) == 2
    entry = session.scalars(select(JournalEntry).where(JournalEntry.did == "user:changed")).one()
    assert entry.actor_name == "Gil"
    assert '"old"' in entry.details
    refused = client_of(cast.gil).post(url, {**form, "customers": "nordwind nowhere"})
    assert refused.status_code == 422
    assert str(UnknownCustomers(codes="nowhere")).split(".")[0][-7:] in refused.text


def test_htmx_is_given_the_person_alone(client_of: ClientOf, cast: Cast) -> None:
    part = client_of(cast.gil).post_part(f"{PEOPLE}/{cast.dana.id}/state")
    assert part.status_code == 200
    assert part.text.lstrip().startswith(f'<div id="person-{cast.dana.id}"')
    assert cast.dana.state is UserState.DISABLED


def test_shut_out_and_let_in_again(client_of: ClientOf, cast: Cast) -> None:
    danas, browser = client_of(cast.dana), client_of(cast.gil)
    assert danas.get("/office/").status_code == 200
    assert browser.post(f"{PEOPLE}/{cast.dana.id}/state").status_code == 303
    assert danas.get("/office/").status_code == 303
    assert browser.post(f"{PEOPLE}/{cast.dana.id}/return").status_code == 303
    assert cast.dana.state is UserState.ACTIVE
    assert browser.post(f"{PEOPLE}/{cast.dana.id}/invitation").status_code == 409
    assert browser.post(f"{PEOPLE}/{cast.gil.id}/state").status_code == 422
    assert cast.gil.state is UserState.ACTIVE


def test_sessions_of_others_are_seen_and_ended(client_of: ClientOf, cast: Cast) -> None:
    danas, browser = client_of(cast.dana), client_of(cast.gil)
    danas.get("/office/")
    (entry,) = sessions.open_sessions(cast.dana.id)
    page = browser.get(f"{PEOPLE}/{cast.dana.id}")
    assert f"/sessions/{entry.id}" in page.text
    url = f"{PEOPLE}/{cast.dana.id}/sessions"
    assert browser.post(f"{PEOPLE}/{cast.egon.id}/sessions/{entry.id}").status_code == 404
    assert browser.post(f"{url}/{entry.id}").status_code == 303
    assert danas.get("/office/").status_code == 303
    again = client_of(cast.dana)
    assert browser.post(url).status_code == 303
    assert again.get("/office/").status_code == 303


def test_a_role_of_our_own_is_ticked_in_a_table(client_of: ClientOf, cast: Cast) -> None:
    browser = client_of(cast.gil)
    page = browser.get("/office/settings/roles/new")
    assert 'value="stock:read"' in page.text
    assert 'value="carts:edit"' not in page.text
    url = "/office/settings/roles"
    empty = browser.post(url, {"name": "Showroom"})
    assert empty.status_code == 422
    assert browser.post(url, {"name": "Showroom", "permissions": ["carts:edit"]}).status_code == 422
    made = browser.post(url, {"name": "Showroom", "permissions": ["stock:read", "catalog:read"]})
    assert made.status_code == 303
    role = session.scalars(select(Role).where(Role.name == "Showroom")).one()
    assert granted_to_role(role.code) == {"stock:read", "catalog:read"}
    changed = browser.post(f"{url}/{role.code}", {"name": "Showroom", "permissions": "stock:read"})
    assert changed.status_code == 303
    assert "Showroom" in browser.get(url).text
    fixed = browser.post(f"{url}/sales", {"name": "Sales", "permissions": ["stock:read"]})
    assert fixed.status_code == 422
    assert browser.post(f"{url}/{role.code}/removal").status_code == 303
    assert browser.get(f"{url}/{role.code}").status_code == 404


def test_an_own_role_opens_what_was_ticked_and_nothing_else(
    client_of: ClientOf, cast: Cast
) -> None:
    browser = client_of(cast.gil)
    browser.post("/office/settings/roles", {"name": "Desk", "permissions": ["orders:read"]})
    role = session.scalars(select(Role).where(Role.name == "Desk")).one()
    browser.post(f"{PEOPLE}/{cast.frida.id}/rights", {"role": role.code})
    frida = client_of(cast.frida)
    assert frida.get("/office/orders").status_code == 200
    assert frida.get("/office/stock").status_code == 403
    assert frida.get(PEOPLE).status_code == 403


def test_the_rules_of_sign_in(client_of: ClientOf, cast: Cast) -> None:
    browser, url = client_of(cast.gil), "/office/settings/security"
    assert browser.get(url).status_code == 200
    too_long = browser.post(url, {"staff_idle": "481"})
    assert too_long.status_code == 422
    assert str(OutOfBounds(least=5, most=480))[-10:] in too_long.text or "480" in too_long.text
    assert browser.post(url, {"staff_idle": "30", "factor_roles": ["sales"]}).status_code == 303
    rules = session.scalars(select(SecurityRules)).one()
    assert (rules.staff_idle, rules.factor_roles) == (30, ["sales"])
    dana = client_of(cast.dana)
    answer = dana.get("/office/orders")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/profile")
    assert dana.get("/profile").status_code == 200
    with clock.at(NOW + timedelta(minutes=31)):
        assert dana.get("/profile").status_code == 303


def test_what_protects_everybody_asks_for_the_password_anew(
    client_of: ClientOf, cast: Cast
) -> None:
    browser = client_of(cast.gil)
    with clock.at(NOW + sessions.PROVEN_FOR):
        for url in (f"{PEOPLE}/new", "/office/settings/roles/new", "/office/settings/security"):
            answer = browser.get(url)
            assert (answer.status_code, answer.headers["Location"]) == (303, f"/proof?next={url}")
        assert browser.post(f"{PEOPLE}/{cast.dana.id}/state").headers["Location"] == "/proof?next=/"
        assert cast.dana.state is UserState.ACTIVE
        assert browser.get(PEOPLE).status_code == 200


def test_strangers_and_those_without_the_right(client_of: ClientOf, cast: Cast) -> None:
    for url in (PEOPLE, f"{PEOPLE}/{cast.dana.id}", "/office/settings/roles"):
        assert client_of(cast.alma).get(url).status_code == 404
        assert client_of(cast.dana).get(url).status_code == 403
    browser = client_of(cast.gil)
    assert browser.get(f"{PEOPLE}/{cast.alma.id}").status_code == 404
    assert browser.post(f"{PEOPLE}/{cast.alma.id}/state").status_code == 404
    assert browser.get(f"{PEOPLE}/999999").status_code == 404


def test_looking_writes_nothing(client_of: ClientOf, cast: Cast) -> None:
    browser = client_of(cast.gil)
    session.commit()
    before = session.scalar(select(func.count()).select_from(JournalEntry))
    for url in (PEOPLE, f"{PEOPLE}/new", f"{PEOPLE}/{cast.dana.id}", "/office/settings/roles",
                "/office/settings/roles/sales", "/office/settings/security"):  # fmt: skip
        assert browser.get(url).status_code == 200, url
    assert session.scalar(select(func.count()).select_from(JournalEntry)) == before
    assert session.scalar(select(func.count()).select_from(SecurityRules)) == 0
