"""売上: append-only rows of revenue between shipment and invoice.

Verbs: record_shipment. Invoices and closings only gather these rows; figures read them.
Floor: above orders, below shipping.
"""
