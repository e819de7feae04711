"""The account: the company and its terms, addresses, people, and one's own settings."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from wholesale.accounts.colleagues import customers_of
from wholesale.accounts.models import Membership, SignIn
from wholesale.company.queries import main_office
from wholesale.customers.credit_limits import known_credit
from wholesale.customers.queries import NoTerms, money_terms, ship_tos
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.offers.watching import watches_of
from wholesale.portal import lookups
from wholesale.portal.blueprints import portal
from wholesale.portal.header import category_rates, payment_words
from wholesale.web.answers import Answer, answer
from wholesale.web.door import the_visitor
from wholesale.web.filters import language
from wholesale.web.gate import signed_in


@portal.get("/account")
@signed_in()
def account() -> Answer:
    """The company, its terms (read only), its addresses and people, one's own settings."""
    customer = lookups.own_customer()
    try:
        terms = money_terms(customer, clock.today())
    except NoTerms:
        terms = None
    return answer(
        "portal/account/show.html",
        customer=customer,
        payer=customer.payer,
        terms=terms,
        rates=category_rates(customer, terms) if terms else [],
        payment=payment_words(terms) if terms else "",
        credit=known_credit(customer.payer_id, terms.currency) if terms else None,
        places=ship_tos(customer.id),
        people=_people(customer.id),
        sign_ins=[(one, device(one.agent)) for one in _sign_ins()],
        others=_other_customers(),
        watches=watches_of(customer.id, the_visitor().user_id),
        office=main_office(language()),
    )


def _people(customer_id: int) -> list[Membership]:
    """Who may act for the customer."""
    return list(
        session.scalars(
            select(Membership)
            .where(Membership.customer_id == customer_id)
            .options(selectinload(Membership.user))
            .order_by(Membership.id)
        )
    )


def _sign_ins() -> list[SignIn]:
    """One's own open sessions, the latest used first."""
    return list(
        session.scalars(
            select(SignIn)
            .where(
                SignIn.user_id == the_visitor().user_id,
                SignIn.revoked_at.is_(None),
                SignIn.expires_at > clock.now(),
            )
            .order_by(SignIn.seen_at.desc())
            .limit(10)
        )
    )


BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("Mac OS", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def device(agent: str) -> str:
    """What a browser calls itself, as people call it: Chrome, Windows; "" for what we don't know."""
    words = [
        next((said for sign, said in known if sign in agent), "") for known in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(word for word in words if word)


def _other_customers() -> list[tuple[int, str]]:
    """The other customers the person may act for."""
    someone = the_visitor()
    return [
        (one.id, one.display_name(someone.locale))
        for one in customers_of(someone.user_id)
        if one.id != someone.customer_id
    ]
