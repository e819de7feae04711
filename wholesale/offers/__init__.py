"""What one customer is offered: price × availability × quantity limits × dates, page-wise.

Verbs: none; offers() and catalogue_page() answer in a fixed number of statements. Floor: above
pricing and stock, below orders. What screens, carts, papers and the API show comes from here.
"""
