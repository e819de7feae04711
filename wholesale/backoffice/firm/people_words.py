"""How roles, permissions and the state of a person are said on the screens."""

from __future__ import annotations

from flask_babel import gettext

from wholesale.accounts.models import Role, User, UserState
from wholesale.accounts.permissions import OF_BUYERS, Permission, is_of_the_house
from wholesale.kernel.text import N_
from wholesale.web.chips import Chip

_ROLES = {
    "owner": N_("Owner"),
    "sales": N_("Sales"),
    "warehouse": N_("Warehouse"),
    "accounting": N_("Accounting"),
    "viewer": N_("Viewer"),
}

# What a right is about, and what it lets do: the rows and columns of the table of rights.
SUBJECTS: tuple[tuple[str, str], ...] = (
    ("orders", N_("Orders")),
    ("shipments", N_("Shipments")),
    ("stock", N_("Stock")),
    ("catalog", N_("Products and catalogues")),
    ("products", N_("Products")),
    ("catalogs", N_("Catalogues")),
    ("prices", N_("Prices")),
    ("customers", N_("Customers")),
    ("invoices", N_("Invoices")),
    ("receipts", N_("Receipts")),
    ("bank", N_("Bank statements")),
    ("imports", N_("Imports")),
    ("journal", N_("History")),
    ("people", N_("Our people")),
    ("settings", N_("Settings")),
)
ACTIONS: dict[str, str] = {
    "read": N_("see"),
    "edit": N_("change"),
    "place": N_("enter"),
    "confirm": N_("confirm"),
    "release": N_("release from hold"),
    "dispatch": N_("dispatch"),
    "adjust": N_("adjust"),
    "issue": N_("issue"),
    "settle": N_("clear"),
    "import": N_("import"),
    "run": N_("run"),
    "force": N_("place after the last day"),
    "undercut": N_("go below the floor"),
}

_STATES = {
    UserState.INVITED: (N_("invited"), "wait", "25"),
    UserState.ACTIVE: (N_("active"), "done", "100"),
    UserState.DISABLED: (N_("disabled"), "", "x"),
}


def role_name(role: Role) -> str:
    """A role of the house in the reader's language; one of our own as it was named."""
    return gettext(_ROLES[role.code]) if is_of_the_house(role.code) else role.name


def state_chip(user: User) -> Chip:
    """Whether a person may sign in."""
    word, tone, mark = _STATES[user.state]
    return Chip(gettext(word), tone, mark)


def rights_table(
    permissions: frozenset[Permission],
) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """(subject, [(permission, what it lets do, granted)]) of everything our people may be granted.

    A permission a newer part of the house brings along stands in the table by its own name.
    """
    named = dict(SUBJECTS)
    rows: dict[str, list[tuple[str, str, bool]]] = {subject: [] for subject, _ in SUBJECTS}
    for one in sorted(permissions_of_staff()):
        subject, _, action = one.partition(":")
        word = gettext(ACTIONS[action]) if action in ACTIONS else action
        rows.setdefault(subject, []).append((one, word, Permission(one) in permissions))
    return [
        (gettext(named[subject]) if subject in named else subject, columns)
        for subject, columns in rows.items()
        if columns
    ]


def permissions_of_staff() -> list[str]:
    """Every permission one of our people may hold."""
    return [one.value for one in Permission if one not in OF_BUYERS]
