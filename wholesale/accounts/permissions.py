"""What may be done at all, one name each, and which of our roles may do it."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import select

from wholesale.accounts.models import BuyerRole, Role
from wholesale.kernel.db import session


class Permission(StrEnum):
    """`resource:action`, in the order of the alphabet."""

    BANK_IMPORT = "bank:import"
    BUYERS_EDIT = "buyers:edit"
    CARTS_EDIT = "carts:edit"
    CATALOG_READ = "catalog:read"
    CATALOGS_EDIT = "catalogs:edit"
    CUSTOMERS_EDIT = "customers:edit"
    CUSTOMERS_READ = "customers:read"
    IMPORTS_RUN = "imports:run"
    INVOICES_ISSUE = "invoices:issue"
    INVOICES_READ = "invoices:read"
    JOURNAL_READ = "journal:read"
    ORDERS_APPROVE = "orders:approve"
    ORDERS_CONFIRM = "orders:confirm"
    ORDERS_EDIT = "orders:edit"
    ORDERS_FORCE = "orders:force"
    ORDERS_PLACE = "orders:place"
    ORDERS_READ = "orders:read"
    ORDERS_RELEASE = "orders:release"
    PEOPLE_EDIT = "people:edit"
    PRICES_EDIT = "prices:edit"
    PRICES_READ = "prices:read"
    PRODUCTS_EDIT = "products:edit"
    PRICES_UNDERCUT = "prices:undercut"
    RECEIPTS_READ = "receipts:read"
    RECEIPTS_SETTLE = "receipts:settle"
    SETTINGS_EDIT = "settings:edit"
    SHIPMENTS_DISPATCH = "shipments:dispatch"
    SHIPMENTS_READ = "shipments:read"
    STOCK_ADJUST = "stock:adjust"
    STOCK_READ = "stock:read"


P = Permission

_READING = frozenset(
    {P.CATALOG_READ, P.CUSTOMERS_READ, P.INVOICES_READ, P.ORDERS_READ, P.PRICES_READ,
     P.RECEIPTS_READ, P.SHIPMENTS_READ, P.STOCK_READ}
)  # fmt: skip

# What only a buyer may do, for its own customer.
OF_BUYERS = frozenset({P.BUYERS_EDIT, P.CARTS_EDIT, P.ORDERS_APPROVE})

# Code, name, permissions. The owner may do everything but post money (reliability: no role both
# issues and approves); roles of one's own are rows beside these.
STAFF_ROLES: tuple[tuple[str, str, frozenset[Permission]], ...] = (
    ("owner", "Owner", frozenset(Permission) - OF_BUYERS),
    ("sales", "Sales", _READING - {P.RECEIPTS_READ}
     | {P.ORDERS_CONFIRM, P.ORDERS_EDIT, P.ORDERS_PLACE, P.CUSTOMERS_EDIT,
        P.PRODUCTS_EDIT, P.CATALOGS_EDIT}),
    ("warehouse", "Warehouse", frozenset(
        {P.CATALOG_READ, P.SHIPMENTS_READ, P.SHIPMENTS_DISPATCH, P.STOCK_READ, P.STOCK_ADJUST})),
    ("accounting", "Accounting", _READING
     | {P.BANK_IMPORT, P.RECEIPTS_SETTLE, P.INVOICES_ISSUE, P.ORDERS_RELEASE, P.JOURNAL_READ}),
    ("viewer", "Viewer", _READING),
)  # fmt: skip

_BUYER_READING = frozenset({P.CATALOG_READ, P.ORDERS_READ, P.INVOICES_READ, P.SHIPMENTS_READ})
_BUYING = _BUYER_READING | {P.CARTS_EDIT, P.ORDERS_PLACE}

BUYER_PERMISSIONS: dict[BuyerRole, frozenset[Permission]] = {
    BuyerRole.ADMIN: _BUYING | {P.ORDERS_APPROVE, P.BUYERS_EDIT},
    BuyerRole.BUYER: _BUYING,
    BuyerRole.APPROVER: _BUYING | {P.ORDERS_APPROVE},
    BuyerRole.VIEWER: _BUYER_READING,
}


# What a buyer without sight of prices may not do whatever its role: such papers are all prices.
NEEDS_PRICES = frozenset({P.INVOICES_READ})

_OF_THE_HOUSE = {code: granted for code, _, granted in STAFF_ROLES}


def is_of_the_house(code: str) -> bool:
    """Whether a role came with the house; such roles are as this version of it says."""
    return code in _OF_THE_HOUSE


def set_up_roles() -> None:
    """Write the staff roles that come with the house; what exists stays as it is."""
    known = set(session.scalars(select(Role.code)))
    session.add_all(
        Role(code=code, name=name, permissions=sorted(granted))
        for code, name, granted in STAFF_ROLES
        if code not in known
    )


def granted_to_role(code: str) -> frozenset[Permission]:
    """What a staff role may do; an unknown role may do nothing, and none what is for buyers alone."""
    if code in _OF_THE_HOUSE:
        return _OF_THE_HOUSE[code]
    permissions = session.scalar(select(Role.permissions).where(Role.code == code))
    known = {permission.value for permission in Permission}
    return frozenset(Permission(name) for name in permissions or () if name in known) - OF_BUYERS
