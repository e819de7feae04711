"""Who acts, and whose rows a session may see."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    """Where an act comes from."""

    STAFF = "staff"
    BUYER = "buyer"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it, as the journal writes it down.

    `on_behalf_of` is the name of the customer's person for whom a member of staff acted (代理).
    """

    kind: ActorKind
    id: int | None
    name: str
    on_behalf_of: str | None = None

    @classmethod
    def system(cls, command: str) -> Actor:
        """The program itself: `system:import`."""
        return cls(ActorKind.SYSTEM, None, f"system:{command}")


@dataclass(frozen=True, slots=True)
class Principal:
    """Whose rows may be read in this unit of work.

    `customer_ids` None means all of them (staff without a limit, and the system); otherwise every
    query on an owned table is narrowed to these customers. `brand_ids` None means all brands; a
    member of staff limited to some is shown goods of these alone, and documents that hold no others.
    `ship_to_ids` None means all; a buyer limited to some is shown the orders that go to these.
    """

    actor: Actor
    customer_ids: frozenset[int] | None = None
    brand_ids: frozenset[int] | None = None
    ship_to_ids: frozenset[int] | None = None

    @property
    def is_limited(self) -> bool:
        """Whether rows are kept from this person beside those of other customers."""
        limits = (self.own_customers, self.brand_ids, self.ship_to_ids)
        return any(one is not None for one in limits)

    @property
    def own_customers(self) -> frozenset[int] | None:
        """The customers one of our people is kept to; None for no such limit, and for buyers."""
        return self.customer_ids if self.actor.kind is ActorKind.STAFF else None

    @classmethod
    def system(cls, command: str) -> Principal:
        """The program itself, which sees everything."""
        return cls(Actor.system(command))
