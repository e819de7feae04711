"""Founding: everything an empty database needs before the first customer."""

from __future__ import annotations

from wholesale.accounts.permissions import set_up_roles
from wholesale.catalog.models import Catalog
from wholesale.company.setting_up import Profile, read_profile, set_up_company
from wholesale.kernel.access import Actor
from wholesale.kernel.config import PACKAGE
from wholesale.kernel.db import session
from wholesale.stock.setting_up import set_up_locations

DEMO_PROFILE = PACKAGE / "demo" / "data" / "company.toml"


def found(profile: Profile, by: Actor) -> None:
    """Set up the company, its roles, warehouses and the catalog 標準. Raises CompanyExists."""
    set_up_company(profile, by)
    set_up_roles()
    set_up_locations(profile.warehouses)
    session.add(
        Catalog(
            code="STANDARD",
            name={"ja": "標準", "en": "Standard", "zh": "标准"},
            holds_everything=True,
        )
    )


def found_demo_profile(by: Actor) -> None:
    """Found 土と紙, the company of the demo and of the tests."""
    found(read_profile(DEMO_PROFILE), by)
