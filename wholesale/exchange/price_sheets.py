"""Prices, rates and list prices as Excel, and the same file up again as plans that can be looked at.

A row that is equal to what stands changes nothing; a row that is missing takes nothing away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from wholesale.catalog.models import Product, Sku
from wholesale.catalog.queries import sku_facts
from wholesale.company.queries import enabled_currencies
from wholesale.exchange import cells
from wholesale.exchange.known import by_code
from wholesale.exchange.prices import SCOPES
from wholesale.exchange.reports import Refused, Report, accepted
from wholesale.kernel import clock
from wholesale.kernel.db import session
from wholesale.kernel.errors import DomainError
from wholesale.kernel.sheets import Row, SheetKind, Table, read_tables
from wholesale.kernel.tables import Cell, workbook
from wholesale.kernel.text import LOCALES, N_, in_language, localized
from wholesale.pricing import editing, naming
from wholesale.pricing.editing import Addition, Edit, Listed, Owner, Plan
from wholesale.pricing.models import (
    BreakScope,
    ListPrice,
    OwnerKind,
    PriceRule,
    RuleKind,
    Scope,
    owner_key,
)
from wholesale.pricing.resolving import PLACES

Translate = Callable[[str], str]
KIND = "price-sheets"
MOST_RULES = 50_000
HIGHEST_RATE, LOWEST_RATE, DIGITS = Decimal(2), Decimal("0.0001"), 4

# What a column is called; it is read in every language in which it is written.
HEADS = {
    "owner_kind": N_("Whose"), "owner": N_("Whose code"), "scope": N_("For"),
    "object": N_("Code of what"), "name": N_("Name of what"),
    "rate": N_("Rate on the list price (%)"), "price": N_("Unit price (net)"),
    "currency": N_("Currency"), "incoterm": N_("Trade terms"), "minimum": N_("From pieces"),
    "break": N_("counted over"), "special": N_("Special"), "valid_from": N_("From day"),
    "valid_until": N_("Last day"), "sku": N_("Item code"), "list_price": N_("List price (net)"),
}  # fmt: skip
_OWN = ("owner_kind", "owner", "scope", "object", "name")
_REST = ("incoterm", "minimum", "break", "special", "valid_from", "valid_until")
COLUMNS = {
    "rates": (*_OWN, "rate", *_REST),
    "fixed": (*_OWN, "price", "currency", *_REST),
    "lists": ("sku", "name", "list_price", "currency", "incoterm", "valid_from"),
}  # fmt: skip
TITLES = {"rates": N_("Rates"), "fixed": N_("Fixed prices"), "lists": N_("List prices")}
OWNERS = {
    OwnerKind.CUSTOMER: N_("Customer"), OwnerKind.PRICE_LIST: N_("Price list"),
    OwnerKind.GROUP: N_("Rank"), OwnerKind.CATALOG: N_("Catalogue"),
}  # fmt: skip
WHAT = {
    Scope.CATEGORY: N_("Category"), Scope.BRAND: N_("Brand"), Scope.PRODUCT: N_("Product"),
    Scope.SKU: N_("Item"), Scope.ALL: N_("Everything"),
}  # fmt: skip
BREAKS = {
    BreakScope.PRODUCT: N_("all variants"), BreakScope.SKU: N_("this item"),
    BreakScope.ORDER: N_("the whole order"),
}  # fmt: skip
YES = N_("yes")


class TooManyForSheet(DomainError):
    """A file nobody could work on."""

    message = N_("That is more than %(most)s rows. Choose a brand, or one price list.")


def export_rules(wanted: ColumnElement[bool], locale: str, translate: Translate) -> bytes:
    """The rules that count today or later and meet a condition, as a workbook of two sheets."""
    is_past = PriceRule.valid_until < clock.today()
    rules = session.scalars(
        select(PriceRule)
        .where(wanted, or_(PriceRule.valid_until.is_(None), ~is_past))
        .order_by(PriceRule.owner_kind, PriceRule.owner_id, PriceRule.scope, PriceRule.object_id,
                  PriceRule.minimum, PriceRule.valid_from, PriceRule.id)
        .limit(MOST_RULES + 1)
    ).all()  # fmt: skip
    if len(rules) > MOST_RULES:
        raise TooManyForSheet(most=f"{MOST_RULES:,}")
    names = naming.named({(rule.scope, rule.object_id) for rule in rules})
    owners = _codes_of_owners(rules)
    sheets = []
    for kind, sheet in ((RuleKind.RATE, "rates"), (RuleKind.FIXED, "fixed")):
        rows = [
            _rule_cells(rule, owners[rule.owner_kind, rule.owner_id], names, locale, translate)
            for rule in rules
            if rule.kind is kind
            and (rule.scope, rule.object_id) in names
            and (rule.owner_kind, rule.owner_id) in owners
        ]
        sheets.append(_sheet(sheet, rows, translate))
    return workbook(sheets)


def export_lists(skus: Any, locale: str, translate: Translate, currency: str = "") -> bytes:
    """The list prices in force and to come of these SKUs (a select of ids), as a workbook."""
    found = select(ListPrice).where(ListPrice.sku_id.in_(skus)).order_by(
        ListPrice.sku_id, ListPrice.currency, ListPrice.incoterm, ListPrice.valid_from
    )  # fmt: skip
    if currency:
        found = found.where(ListPrice.currency == currency)
    rows = _current(session.scalars(found.limit(MOST_RULES + 1)))
    if len(rows) > MOST_RULES:
        raise TooManyForSheet(most=f"{MOST_RULES:,}")
    facts = sku_facts({row.sku_id for row in rows})
    cells_of: list[dict[str, Cell]] = [
        {
            "sku": facts[row.sku_id].code, "name": localized(facts[row.sku_id].full_name(), locale),
            "list_price": row.amount, "currency": row.currency, "incoterm": row.incoterm,
            "valid_from": row.valid_from,
        }
        for row in rows
        if row.sku_id in facts
    ]  # fmt: skip
    return workbook([_sheet("lists", cells_of, translate)])


def of_owner(owner: Owner) -> ColumnElement[bool]:
    """The rules of one owner."""
    return PriceRule.owner_key == owner_key(*owner)


def of_brand(brand_id: int) -> ColumnElement[bool]:
    """The rules, whosever they are, that speak of a brand, its products or its SKUs."""
    products = select(Product.id).where(Product.brand_id == brand_id)
    skus = select(Sku.id).where(Sku.product_id.in_(products))
    return or_(
        (PriceRule.scope == Scope.BRAND) & (PriceRule.object_id == brand_id),
        (PriceRule.scope == Scope.PRODUCT) & PriceRule.object_id.in_(products),
        (PriceRule.scope == Scope.SKU) & PriceRule.object_id.in_(skus),
    )


@dataclass(slots=True)
class Brought:
    """What a file comes to: a plan per owner, list prices, and the report with the refused rows."""

    report: Report
    plans: dict[tuple[Owner, date], Plan] = field(default_factory=dict)
    listed: list[Listed] = field(default_factory=list)

    def together(self, day: date) -> Plan:
        """All of it as one plan, for its effect."""
        return editing.together(list(self.plans.values()), day, self.listed)


def read(data: bytes, name: str, day: date) -> Brought:
    """What a file of these sheets would change from a day on; nothing is written.

    Raises FileRefused, and what editing.plan raises of a row that can't count.
    """
    tables = read_tables(data, name, _kinds())
    report = Report(KIND)
    known = _Known(tables)
    edits: dict[tuple[Owner, date], list[Edit]] = {}
    fresh: dict[tuple[Owner, date], list[Addition]] = {}
    brought = Brought(report)
    for table in tables:
        if table.kind == "lists":
            for _, one in accepted(table, report, _list_reader(known)):
                _count(report, same=one is None)
                if one is not None:
                    brought.listed.append(one)
            continue
        kind = RuleKind.RATE if table.kind == "rates" else RuleKind.FIXED
        for _, told in accepted(table, report, _rule_reader(known, kind, day)):
            if isinstance(told.change, Edit):
                edits.setdefault((told.owner, told.day), []).append(told.change)
            elif told.change is not None:
                fresh.setdefault((told.owner, told.day), []).append(told.change)
            _count(report, same=told.change is None, new=isinstance(told.change, Addition))
    for key in {**edits, **fresh}:
        owner, begins = key
        brought.plans[key] = editing.plan(*owner, edits.get(key, []), fresh.get(key, []), begins)
    return brought


def _count(report: Report, *, same: bool, new: bool = False) -> None:
    report.unchanged += same
    report.created += new
    report.updated += not same and not new


@dataclass(frozen=True, slots=True)
class _Told:
    owner: Owner
    day: date
    change: Edit | Addition | None


class _Known:
    """What the codes of a file mean, and the rules and list prices that stand, read once each."""

    def __init__(self, tables: Sequence[Table]) -> None:
        rows = [row for table in tables for row in table.rows]
        codes = {_code(row, name) for row in rows for name in ("object", "sku", "owner")}
        self.owners = {
            (kind, code): one.id
            for kind, model in naming.OWNERS.items()
            for code, one in by_code(model, codes).items()
        }
        self.objects: dict[tuple[Scope, str], int] = {(Scope.ALL, ""): 0}
        for scope, model in naming.THINGS.items():
            for code, one in by_code(model, codes).items():
                self.objects[scope, code] = one.id
        self.rules = self._standing()
        self.lists = self._listed()
        self.currencies = set(enabled_currencies())
        self.seen: dict[tuple[object, ...], int] = {}

    def _standing(self) -> Mapping[tuple[object, ...], list[PriceRule]]:
        keys = {owner_key(kind, owner_id) for (kind, _), owner_id in self.owners.items()}
        found: dict[tuple[object, ...], list[PriceRule]] = {}
        for rule in session.scalars(
            select(PriceRule)
            .where(PriceRule.owner_key.in_(keys))
            .order_by(PriceRule.valid_from, PriceRule.id)
        ):
            found.setdefault(_key(rule), []).append(rule)
        return found

    def _listed(self) -> Mapping[tuple[int, str, str], list[ListPrice]]:
        skus = [one for (scope, _), one in self.objects.items() if scope is Scope.SKU]
        found: dict[tuple[int, str, str], list[ListPrice]] = {}
        for row in session.scalars(
            select(ListPrice).where(ListPrice.sku_id.in_(skus)).order_by(ListPrice.valid_from)
        ):
            found.setdefault((row.sku_id, row.currency, row.incoterm), []).append(row)
        return found


def _code(row: Row, name: str) -> str:
    try:
        return cells.code(row, name)
    except Refused:  # said of the row when its turn comes
        return ""


def _key(rule: PriceRule) -> tuple[object, ...]:
    return (
        rule.owner_kind, rule.owner_id, rule.kind, rule.scope, rule.object_id, rule.currency,
        rule.incoterm, rule.minimum, rule.break_scope, rule.is_special,
    )  # fmt: skip


def _rule_reader(known: _Known, kind: RuleKind, day: date) -> Callable[[Row], _Told]:
    def read_row(row: Row) -> _Told:
        owner = _owner(row, known)
        scope, object_id = _object(row, known)
        value, currency = _value(row, known, kind)
        incoterm = cells.code(row, "incoterm", 8).upper()
        minimum = cells.whole(row, "minimum", most=editing.MOST_MINIMUM) or 1
        over = cells.word(row, "break", _words("break"), BreakScope.PRODUCT)
        special = cells.word(row, "special", _words("special"), default=False)
        since, until = cells.day(row, "valid_from"), cells.day(row, "valid_until")
        key = (*owner, kind, scope, object_id, currency, incoterm, minimum, over, special)
        _say_once(row, known, (*key, since))
        rule = _meant(known.rules.get(key, []), since, day)
        begins = since if rule is None and since is not None and since > day else day
        _check(row, (owner[0], kind, scope), rule, value, until, begins)
        if rule is None:
            made = Addition(
                kind, scope, object_id, value, currency, incoterm, minimum, over, special, until
            )
            return _Told(owner, begins, made)
        if (rule.value, rule.valid_until) == (value, until):
            return _Told(owner, day, None)
        return _Told(owner, day, Edit(rule.id, (rule.value, rule.valid_until), value, until))

    return read_row


def _check(
    row: Row, place: tuple[OwnerKind, RuleKind, Scope], rule: PriceRule | None, value: Decimal,
    until: date | None, begins: date,
) -> None:  # fmt: skip
    """What would stop the whole table is said of its row. Raises Refused."""
    owner_kind, kind, scope = place
    if (owner_kind, kind, list(Scope).index(scope)) not in PLACES:
        raise Refused("counts_nowhere", "scope", value=cells.text(row, "scope")[:40])
    if until is None or (rule is not None and until == rule.valid_until and value == rule.value):
        return
    stays = rule is not None and (rule.value == value or rule.valid_from >= begins)
    yesterday = clock.today() - timedelta(days=1)
    first = max(rule.valid_from, yesterday) if rule is not None and stays else begins
    if until < first:
        raise Refused("date_order", "valid_until", value=until.isoformat())


def _meant(rules: Sequence[PriceRule], since: date | None, day: date) -> PriceRule | None:
    """The rule of these keys that a row speaks of: by its first day, else the one in force."""
    if since is not None:
        return next((rule for rule in rules if rule.valid_from == since), None)
    begun = [rule for rule in rules if rule.valid_from <= day]
    return begun[-1] if begun else None


def _list_reader(known: _Known) -> Callable[[Row], Listed | None]:
    def read_row(row: Row) -> Listed | None:
        code = cells.needed_code(row, "sku")
        sku_id = known.objects.get((Scope.SKU, code))
        if sku_id is None:
            raise Refused("unknown_sku", "sku", value=code)
        currency = _currency(row, known)
        incoterm = cells.code(row, "incoterm", 8).upper()
        amount = cells.price(row, "list_price", currency)
        if amount is None:
            raise Refused("bad_number", "list_price")
        since = cells.day(row, "valid_from")
        _say_once(row, known, (sku_id, currency, incoterm, since))
        stands = known.lists.get((sku_id, currency, incoterm), [])
        if any(one.amount == amount and one.valid_from == since for one in stands):
            return None
        if since is None and stands and stands[-1].amount == amount:
            return None
        return Listed(sku_id, currency, incoterm, amount)

    return read_row


def _say_once(row: Row, known: _Known, key: tuple[object, ...]) -> None:
    if key in known.seen:
        raise Refused("duplicate_row", "object", value=known.seen[key])
    known.seen[key] = row.number


def _owner(row: Row, known: _Known) -> Owner:
    kind = cells.word(row, "owner_kind", _words("owner_kind"), None)
    if kind is None:
        raise Refused("unknown_word", "owner_kind", value=cells.text(row, "owner_kind")[:40])
    code = cells.needed_code(row, "owner")
    found = known.owners.get((kind, code))
    if found is None:
        raise Refused("unknown_owner", "owner", value=code)
    return kind, found


def _object(row: Row, known: _Known) -> tuple[Scope, int]:
    scope = cells.word(row, "scope", _words("scope"), None, "unknown_scope")
    if scope is None:
        raise Refused("unknown_scope", "scope")
    code = "" if scope is Scope.ALL else cells.needed_code(row, "object")
    found = known.objects.get((scope, code))
    if found is None:
        reason = "unknown_sku" if scope in {Scope.SKU, Scope.PRODUCT} else "unknown_scope"
        raise Refused(reason, "object", value=code)
    return scope, found


def _value(row: Row, known: _Known, kind: RuleKind) -> tuple[Decimal, str]:
    if kind is RuleKind.RATE:
        rate = cells.rate(row, "rate", LOWEST_RATE, HIGHEST_RATE)
        if rate is None:
            raise Refused("bad_number", "rate")
        return rate, ""
    currency = _currency(row, known)
    price = cells.price(row, "price", currency, DIGITS)
    if price is None:
        raise Refused("bad_number", "price")
    return price, currency


def _currency(row: Row, known: _Known) -> str:
    currency = cells.code(row, "currency").upper()
    if currency not in known.currencies:
        raise Refused("unknown_currency", "currency", value=currency[:40])
    return currency


def spoken(message: str) -> tuple[str, ...]:
    """A word in every language, as sheets are written in any of them."""
    return tuple(dict.fromkeys(in_language(one)(message) for one in LOCALES))


@cache
def _words(of: str) -> dict[str, Any]:
    """The spellings of owners, of what a rule speaks of, of breaks, and of yes and no."""
    if of == "special":
        known: dict[Any, Iterable[str]] = {
            True: (*spoken(YES), *spoken(HEADS["special"]), "○", "1", "TRUE"),
            False: ("いいえ", "no", "否", "0", "FALSE", "-"),
        }
        return cells.known_words(known)
    meant: dict[str, dict[Any, str]] = {
        "owner_kind": dict(OWNERS),
        "break": dict(BREAKS),
        "scope": dict(WHAT),
    }
    found = cells.known_words({one: spoken(word) for one, word in meant[of].items()})
    return {**SCOPES, **found} if of == "scope" else found


def _kinds() -> list[SheetKind]:
    needed = {
        "rates": ("owner_kind", "owner", "scope", "rate"),
        "fixed": ("owner_kind", "owner", "scope", "price", "currency"),
        "lists": ("sku", "list_price", "currency"),
    }
    return [
        SheetKind(kind, {name: spoken(HEADS[name]) for name in names}, needed[kind])
        for kind, names in COLUMNS.items()
    ]


def _sheet(
    kind: str, rows: Iterable[Mapping[str, Cell]], translate: Translate
) -> tuple[str, list[str], list[list[Cell]]]:
    names = COLUMNS[kind]
    heads = [translate(HEADS[name]) for name in names]
    return translate(TITLES[kind]), heads, [[row.get(name) for name in names] for row in rows]


def _rule_cells(
    rule: PriceRule, owner: str, names: Mapping[tuple[Scope, int], tuple[Any, str]], locale: str,
    translate: Translate,
) -> dict[str, Cell]:  # fmt: skip
    name, code = names[rule.scope, rule.object_id]
    percent = rule.value * 100
    return {
        "owner_kind": translate(OWNERS[rule.owner_kind]), "owner": owner,
        "scope": translate(WHAT[rule.scope]), "object": code,
        "name": localized(name, locale) if name else "",
        # below 1 a bare figure would be read as a share
        "rate": percent if percent >= 1 else f"{percent.normalize():f}%", "price": rule.value,
        "currency": rule.currency, "incoterm": rule.incoterm, "minimum": rule.minimum,
        "break": translate(BREAKS[rule.break_scope]),
        "special": translate(YES) if rule.is_special else "", "valid_from": rule.valid_from,
        "valid_until": rule.valid_until,
    }  # fmt: skip


def _codes_of_owners(rules: Sequence[PriceRule]) -> dict[Owner, str]:
    found: dict[Owner, str] = {}
    for kind in {rule.owner_kind for rule in rules}:
        table = naming.OWNERS[kind]
        ids = {rule.owner_id for rule in rules if rule.owner_kind is kind}
        for one in session.execute(select(table.id, table.code).where(table.id.in_(ids))):
            found[kind, one[0]] = one[1]
    return found


def _current(rows: Iterable[ListPrice]) -> list[ListPrice]:
    """Of each SKU, currency and 貿易条件 the price in force, and those to come."""
    today = clock.today()
    found: dict[tuple[int, str, str], ListPrice] = {}
    to_come = []
    for row in rows:
        if row.valid_from > today:
            to_come.append(row)
        else:
            found[row.sku_id, row.currency, row.incoterm] = row
    return [*found.values(), *to_come]
