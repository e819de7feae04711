"""The blueprint of the portal, for buyers."""

from flask import Blueprint

portal = Blueprint("portal", __name__)
