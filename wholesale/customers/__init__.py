"""Customer companies: addresses, terms of trade, paying dates, and the credit they use.

Verbs: register, change_terms, add_address; add_ordered and its siblings on the credit counter.
Floor: above company, below accounts. It never knows what was ordered, only how much.
"""
