"""The portal whole: importing this module hangs every route on its blueprint."""

from wholesale.portal.blueprints import portal

__all__ = ["portal"]
