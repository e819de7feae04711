"""Where a reader can go: the rail of the office, the bar of the portal, without dead ends."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, request, url_for
from flask_babel import gettext

from wholesale.kernel.text import N_
from wholesale.web.rendering import may


@dataclass(frozen=True, slots=True)
class Item:
    """One place: the word, its icon, the endpoint, the right it needs, and the key after G."""

    word: str
    icon: str
    endpoint: str
    permission: str = ""
    key: str = ""
    family: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """An item as one page shows it. `here` marks the place the page belongs to."""

    word: str
    icon: str
    url: str
    endpoint: str
    key: str
    here: bool


OFFICE: tuple[tuple[str, tuple[Item, ...]], ...] = (
    ("", (Item(N_("Today"), "house", "office.today", "", "t"),)),
    (N_("Sales"), (
        Item(N_("Orders"), "receipt-text", "office.orders", "orders:read", "o",
             ("office.order", "office.new_order")),
        Item(N_("Holds"), "circle-alert", "office.credit", "orders:read", "l"),
        Item(N_("Shipments"), "truck", "office.shipments", "shipments:read", "h",
             ("office.shipment",)),
        Item(N_("Freight rules"), "scale", "office.freight_rules_page", "prices:read", "f",
             ("office.new_freight_rule", "office.freight_rule")),
        Item(N_("Shipping calendar"), "calendar", "office.calendar", "shipments:read", "d",
             ("office.special_days", "office.carriers", "office.lead_times", "office.work_rule",
              "office.new_carrier", "office.carrier")),
    )),
    (N_("Goods"), (
        Item(N_("Products"), "tags", "office.products", "catalog:read", "q",
             ("office.product_of_ours", "office.new_product", "office.product_sku", "office.pictures",
              "office.categories", "office.new_category", "office.category_of_ours",
              "office.brands", "office.new_brand", "office.brand_of_ours", "office.product_papers")),
        Item(N_("Catalogues"), "layout-grid", "office.catalogues", "catalog:read", "k",
             ("office.catalogue", "office.new_catalogue", "office.preview_catalogue")),
        Item(N_("Order links"), "globe", "office.order_links", "catalogs:edit", "",
             ("office.order_link", "office.new_order_link")),
        Item(N_("Stock"), "boxes", "office.stock", "stock:read", "s", ("office.sku",)),
        Item(N_("Prices and rates"), "tags", "office.price_lists", "prices:read", "v",
             ("office.price_list", "office.price_sheets_page", "office.rate_matrix_page",
              "office.list_prices")),
        Item(N_("Price revisions"), "calendar-check", "office.price_revisions", "prices:read", "",
             ("office.price_revision", "office.revised_prices_of")),
        Item(N_("Packing"), "package-check", "floor.home", "shipments:dispatch", "p"),
    )),
    (N_("Accounts"), (
        Item(N_("Invoices"), "file-spreadsheet", "office.invoices", "invoices:read", "i",
             ("office.invoice",)),
        Item(N_("Bank statements"), "landmark", "office.bank", "receipts:read", "b"),
        Item(N_("Match receipts"), "scale", "office.match", "receipts:read", "m"),
        Item(N_("Exchange rates"), "globe", "office.fx", "receipts:read", "r"),
    )),
    (N_("Administration"), (
        Item(N_("Customers"), "users", "office.customers", "customers:read", "c",
             ("office.customer", "office.new_customer", "office.edit_customer",
              "office.new_address", "office.edit_address", "office.postal_code",
              "office.customer_terms", "office.customer_bill_to", "office.customer_checks", "office.customer_table", "office.customer_sheet",
              "office.checks_due", "office.duplicates", "office.merge_preview",
              "office.undo_merge")),
        Item(N_("Requests for accounts"), "mail", "office.signup_requests", "customers:read", "a",
             ("office.signup_request",)),
        Item(N_("Imports"), "upload", "office.imports", "imports:run", "x", ("office.import_run",)),
        Item(
            N_("Exports"), "download", "office.exports", "imports:run", "",
            ("office.layout", "office.new_layout"),
        ),
        Item(N_("Settings"), "settings", "office.settings", "settings:edit", "e",
             ("office.settings_offices", "office.new_office", "office.office_of_ours",
              "office.settings_banks", "office.new_account", "office.account_of_ours",
              "office.settings_tax", "office.settings_currencies", "office.settings_numbers")),
        Item(N_("Our people"), "key-round", "office.settings_people", "people:edit", "y",
             ("office.person", "office.new_person", "office.roles", "office.role",
              "office.new_role", "office.security")),
    )),
)  # fmt: skip

PORTAL = (
    Item(N_("Home"), "house", "portal.home"),
    Item(
        N_("Catalogue"),
        "layout-grid",
        "portal.catalogue",
        "catalog:read",
        "",
        ("portal.product", "portal.collections", "portal.collection", "portal.asked_line_sheet"),
    ),
    Item(N_("Quick order"), "scan-barcode", "portal.quick_order", "carts:edit"),
    Item(N_("Your orders"), "package", "portal.orders", "orders:read", "", ("portal.order",)),
    Item(
        N_("Your invoices"),
        "receipt-text",
        "portal.invoices",
        "invoices:read",
        "",
        ("portal.invoice",),
    ),
)


def office_places() -> list[tuple[str, list[Place]]]:
    """(group, places) of the rail, without groups that are empty for this reader."""
    groups = [
        (gettext(group) if group else "", [_place(item) for item in items if _is_open(item)])
        for group, items in OFFICE
    ]
    return [group for group in groups if group[1]]


def portal_places() -> list[Place]:
    """The places of the portal."""
    return [_place(item) for item in PORTAL if _is_open(item)]


def _is_open(item: Item) -> bool:
    exists = item.endpoint in current_app.view_functions
    return exists and (not item.permission or may(item.permission))


def _place(item: Item) -> Place:
    here = request.endpoint == item.endpoint or (request.endpoint or "") in item.family
    return Place(
        gettext(item.word), item.icon, url_for(item.endpoint), item.endpoint, item.key, here
    )
