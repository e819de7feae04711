"""Wholesale: a portal for trade customers and an office for the people who serve them.

The words of the house: our firm is the `company`, a trading partner a `customer`, its person a
`buyer`, our person `staff`. A `cart` becomes an `order`, an order a `demand` on stock, a demand an
`allocation`; a `shipment` leaves by `dispatch`; what is earned and not billed is a `sales entry`,
what is billed an `invoice`, what the bank says a `receipt`, and what pays an invoice a `settlement`.
A `rate` (掛け率) is what a customer pays of a list price; a `demand` waits for goods, an `allotment`
keeps goods for some customers; a `paper` is what we sign, a `letter` what we mail. A divided cart
has `parts`, each order it comes to is a `leg`; a `standard list` (定番リスト) holds usual quantities,
a `watch` is what a buyer wants to be told of.
"""

from typing import Any


def __getattr__(name: str) -> Any:
    """`flask --app wholesale run` finds its application factory here."""
    if name == "create_app":
        from wholesale.cli.serving import create_app  # noqa: PLC0415 - only who asks loads the web

        return create_app
    raise AttributeError(name)
