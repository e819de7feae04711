"""The staff wing whole: importing this module hangs every route on its blueprint."""

from wholesale.backoffice import marks, orders, queues, today  # noqa: F401 - what hangs on them
from wholesale.backoffice.blueprints import floor, office

__all__ = ["floor", "office"]
