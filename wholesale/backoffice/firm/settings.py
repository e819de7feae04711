"""Our firm: the company's own row, its offices and its bank accounts."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext
from sqlalchemy import select

from wholesale.accounts.permissions import Permission
from wholesale.backoffice import settings_history
from wholesale.backoffice.blueprints import office
from wholesale.backoffice.form_desk import FormDesk, edit_desk
from wholesale.backoffice.forms.settings import AccountForm, CompanyForm, OfficeForm, SettingsForm
from wholesale.company import changing
from wholesale.company.models import BankAccount, Office
from wholesale.company.queries import company, enabled_currencies
from wholesale.company.registration import is_sound
from wholesale.kernel.db import session
from wholesale.kernel.text import N_
from wholesale.web.answers import Answer, answer
from wholesale.web.door import the_visitor
from wholesale.web.forms import HouseForm
from wholesale.web.gate import needs, proven
from wholesale.web.lookups import found

# The parts of the settings: endpoint and word; those that don't exist are not shown.
TABS = (
    ("office.settings", N_("Company")),
    ("office.settings_offices", N_("Offices")),
    ("office.settings_banks", N_("Bank accounts")),
    ("office.settings_tax", N_("Tax rates")),
    ("office.settings_currencies", N_("Languages and currencies")),
    ("office.settings_numbers", N_("Numbers")),
    ("office.settings_people", N_("People")),
    ("office.settings_mail", N_("Letters")),
)


@office.context_processor
def _tabs() -> dict[str, Any]:
    return {"settings_tabs": TABS}


@office.get("/settings")
@needs(Permission.SETTINGS_EDIT)
def settings() -> Answer:
    """The company's own row."""
    return _company_desk().show()


@office.post("/settings")
@needs(Permission.SETTINGS_EDIT)
def change_company() -> Answer:
    """Change the company's own row."""
    form, by = CompanyForm(), the_visitor().actor
    return _company_desk().save(
        form, lambda: changing.change_company(form.values(), form.seen, by), gettext("Saved")
    )


def _company_desk() -> FormDesk:
    return FormDesk(
        "backoffice/settings/company.html", "backoffice/settings/_company.html",
        url_for("office.settings"), _company,
    )  # fmt: skip


def _company(form: HouseForm | None) -> dict[str, Any]:
    ours = company()
    return {
        "form": form or CompanyForm.of(ours), "ours": ours,
        "is_sound": is_sound(ours.registration_number or ""),
        "changes": settings_history.newest(["company"]),
    }  # fmt: skip


@office.get("/settings/offices")
@needs(Permission.SETTINGS_EDIT)
def settings_offices() -> Answer:
    """Every office, and on whose papers it stands."""
    return answer(
        "backoffice/settings/offices.html", offices=changing.offices(),
        changes=settings_history.newest(["offices"]),
    )  # fmt: skip


@office.get("/settings/offices/new")
@needs(Permission.SETTINGS_EDIT)
def new_office() -> Answer:
    """An empty form."""
    return _office_desk(None).show()


@office.get("/settings/offices/<code>")
@needs(Permission.SETTINGS_EDIT)
def office_of_ours(code: str) -> Answer:
    """One office."""
    return _office_desk(_office(code)).show()


@office.post("/settings/offices")
@needs(Permission.SETTINGS_EDIT)
def add_office() -> Answer:
    """Add an office."""
    return _save_office(None)


@office.post("/settings/offices/<code>")
@needs(Permission.SETTINGS_EDIT)
def change_office(code: str) -> Answer:
    """Change an office."""
    return _save_office(_office(code))


def _office(code: str) -> Office:
    return found(session.scalar(select(Office).where(Office.code == code)))


def _save_office(row: Office | None) -> Answer:
    form, by = OfficeForm(), the_visitor().actor
    return _office_desk(row).save(
        form,
        lambda: changing.save_office(row, form.values(), form.seen, by),
        gettext("Saved"),
        url_for("office.settings_offices"),
    )


def _office_desk(row: Office | None) -> FormDesk:
    back = url_for("office.settings_offices")
    return _edit_desk(
        row, OfficeForm.of(row) if row else OfficeForm(data={}), back,
        gettext("Offices"), gettext("New office"),
    )  # fmt: skip


@office.get("/settings/banks")
@needs(Permission.SETTINGS_EDIT)
def settings_banks() -> Answer:
    """Our bank accounts, and which invoices print them."""
    accounts = changing.accounts()
    printed = {
        code for one in accounts if one.is_active and one.on_invoices for code in one.paid_in
    }
    return answer(
        "backoffice/settings/banks.html", accounts=accounts,
        without=[code for code in enabled_currencies() if code not in printed],
        changes=settings_history.newest(["bank_accounts"]),
    )  # fmt: skip


@office.get("/settings/banks/new")
@needs(Permission.SETTINGS_EDIT)
@proven()
def new_account() -> Answer:
    """An empty form."""
    return _account_desk(None).show()


@office.get("/settings/banks/<code>")
@needs(Permission.SETTINGS_EDIT)
@proven()
def account_of_ours(code: str) -> Answer:
    """One bank account."""
    return _account_desk(_account(code)).show()


@office.post("/settings/banks")
@needs(Permission.SETTINGS_EDIT)
@proven()
def add_account() -> Answer:
    """Add a bank account."""
    return _save_account(None)


@office.post("/settings/banks/<code>")
@needs(Permission.SETTINGS_EDIT)
@proven()
def change_account(code: str) -> Answer:
    """Change a bank account."""
    return _save_account(_account(code))


def _account(code: str) -> BankAccount:
    return found(session.scalar(select(BankAccount).where(BankAccount.code == code)))


def _save_account(row: BankAccount | None) -> Answer:
    form, by = AccountForm().offer(enabled_currencies()), the_visitor().actor
    return _account_desk(row).save(
        form,
        lambda: changing.save_account(row, form.values(), form.seen, by),
        gettext("Saved"),
        url_for("office.settings_banks"),
    )


def _account_desk(row: BankAccount | None) -> FormDesk:
    form = AccountForm.of(row) if row else AccountForm(data={})
    return _edit_desk(
        row, form.offer(enabled_currencies()), url_for("office.settings_banks"),
        gettext("Bank accounts"), gettext("New bank account"),
    )  # fmt: skip


def _edit_desk(
    row: Office | BankAccount | None, stored: SettingsForm, back: str, list_word: str, new_word: str
) -> FormDesk:
    """Posts to the list for a new row, to its own address else."""
    url = f"{back}/{row.code}" if row else back
    words = (list_word, row.code if row else new_word)
    return edit_desk(stored, url, back, words, is_new=row is None)
