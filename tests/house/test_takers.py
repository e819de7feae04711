"""No row of a customer is forgotten when two are merged: each column has its taker, or stays for a reason."""

from __future__ import annotations

from wholesale.kernel.db import Model
from wholesale.merging import taking
from wholesale.pricing.taking_over import RULES


def test_every_column_that_names_a_customer_has_its_taker() -> None:
    """A new one goes into `TAKES` of its package's `taking_over.py`, or into `STAYS` if it is frozen."""
    named = {
        f"{table.name}.{column.key}"
        for table in Model.metadata.tables.values()
        for column in table.columns
        if column.key == "customer_id"
        or any(key.target_fullname == "customers.id" for key in column.foreign_keys)
    }
    takes = {one.name for one in taking.TAKES}
    stays = {f"{one.class_.__table__.name}.{one.key}" for one in taking.STAYS}
    assert sorted(named - takes - stays) == []
    assert takes & stays == set()
    assert RULES.name == "price_rules.owner_key"  # owners that no foreign key names


def test_what_must_be_single_is_named_to_its_taker() -> None:
    """A unique constraint on the column means that a row of the new customer may stand in the way."""
    for one in (*taking.TAKES, RULES):
        for constraint in one.table.constraints:
            names = {column.key for column in getattr(constraint, "columns", ())}
            if type(constraint).__name__ == "UniqueConstraint" and one.column.key in names:
                beside = names - {one.column.key, "group_id"}
                by_code = one.table.name == "addresses"  # gets another code instead
                assert by_code or beside == set(one.once), one.name
