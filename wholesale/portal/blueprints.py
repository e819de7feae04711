"""The blueprints of the portal: for buyers, and for visitors of an order link."""

from flask import Blueprint

portal = Blueprint("portal", __name__)
links = Blueprint("links", __name__, url_prefix="/o")
