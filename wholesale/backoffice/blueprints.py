"""The two blueprints of our staff: the office, and the warehouse floor."""

from flask import Blueprint

office = Blueprint("office", __name__, url_prefix="/office")
floor = Blueprint("floor", __name__, url_prefix="/floor")
