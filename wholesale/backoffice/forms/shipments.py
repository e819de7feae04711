"""Forms about shipments: pieces picked, cartons, who carries them."""

from __future__ import annotations

from collections.abc import Mapping

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import Length

from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_
from wholesale.shipping.models import Shipment
from wholesale.shipping.packing import suggest
from wholesale.web.forms import HouseForm, folded


class DispatchForm(HouseForm):
    """Who carries the goods, under which number."""

    carrier = StringField(_l("Carrier"), [Length(max=40)])
    tracking_number = StringField(_l("Tracking number"), [Length(max=40)])

    def told(self) -> dict[str, str]:
        """What the verb wants to know, blanks and excess cut off."""
        return {
            name: (self[name].data or "").strip()[:40] for name in ("carrier", "tracking_number")
        }


class ReverseForm(HouseForm):
    """Why a dispatch is taken back."""

    reason = StringField(_l("Reason"), [Length(max=200)])


class FigureMissing(DomainError):
    """What was typed is no number of pieces."""

    message = N_("Enter a whole number of pieces.")


def pieces(text: str) -> int:
    """A number of pieces as people type it; nothing is none. Raises FigureMissing."""
    if not text.strip():
        return 0
    plain = folded(text)
    if not plain.isdigit():
        raise FigureMissing
    return int(plain)


def picked(shipment: Shipment) -> dict[int, int]:
    """{shipment line: pieces found} of the form. Raises FigureMissing."""
    if request.form.get("all"):
        return {line.id: line.quantity for line in shipment.lines}
    return {
        line.id: pieces(request.form[f"picked-{line.id}"])
        for line in shipment.lines
        if f"picked-{line.id}" in request.form
    }


def carton_fields(shipment: Shipment, typed: Mapping[str, str] | None) -> list[dict[int, str]]:
    """What stands in the fields of each carton: what was typed, else what is suggested; one empty."""
    if typed is not None:
        count = 1 + max((int(name.split("-")[1]) for name in typed if _is_carton(name)), default=0)
        return [
            {line.id: typed.get(f"carton-{n}-{line.id}", "") for line in shipment.lines}
            for n in range(count)
        ]
    cartons = [{line.id: str(n) for line, n in carton} for carton in suggest(shipment)]
    return [{line.id: one.get(line.id, "") for line in shipment.lines} for one in [*cartons, {}]]


def cartons(shipment: Shipment) -> list[list[tuple[int, int]]]:
    """The cartons of the form as (shipment line, pieces). Raises FigureMissing."""
    return [
        [(line, n) for line, text in carton.items() if (n := pieces(text))]
        for carton in carton_fields(shipment, request.form)
    ]


def weights(shipment: Shipment) -> list[int | None]:
    """The weight in grams of each carton that holds something. Raises FigureMissing."""
    return [
        pieces(request.form.get(f"weight-{n}", "")) or None
        for n, carton in enumerate(cartons(shipment))
        if carton
    ]


def _is_carton(name: str) -> bool:
    parts = name.split("-")
    return len(parts) == 3 and parts[0] == "carton" and parts[1].isdigit()  # noqa: PLR2004 - carton-0-17
