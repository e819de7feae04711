"""The staff wing whole: importing this module hangs every route on its blueprint."""

from wholesale.backoffice.blueprints import floor, office

__all__ = ["floor", "office"]
