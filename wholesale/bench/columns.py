"""The columns the history writes, table by table, in the order of its tuples."""

from __future__ import annotations

ACTOR = ("system", None, "system:bench")

COLUMNS = {
    "orders": (
        "id number is_opening customer_id bill_to_id state goods_state money_state on_hold source "
        "placed_at placed_by currency incoterm incoterm_place tax_mode tax_region_is_export terms "
        "ship_to_id ship_to planned_on po_number note internal_note amount_net tax_estimate "
        "credit_counted credit_is_later confirmed_revision version"
    ),
    "order_lines": (
        "id order_id position kind sku_id catalog_id code description quantity dropped drop_reason "
        "planned allocated shipped returned invoiced settled opening_shipped opening_invoiced "
        "list_price rate unit_price amount tax_class price_rule price_trace policy planned_on "
        "po_number demand_id note"
    ),
    "confirmations": ("order_id revision lines proposed_at confirmed_at confirmed_by forced"),
    "holds": "order_id reason note since released_by",
    "demands": (
        "id sku_id customer_id group_id quantity open allocated planned_on priority policy region "
        "source_kind source_id asked_at"
    ),
    "allocations": "demand_id sku_id location_id lot quantity from_allotment",
    "shipments": (
        "id number delivery_note_number customer_id bill_to_id location_id state ship_to planned_on "
        "dispatched_on dispatched_at arrives_on carrier tracking_number paper_id is_billed note "
        "version"
    ),
    "shipment_lines": ("id shipment_id position order_line_id sku_id lot quantity picked invoiced"),
    "cartons": "id shipment_id number weight_grams is_closed",
    "carton_lines": "carton_id shipment_line_id quantity",
    "moves": (
        "sku_id lot quantity from_location_id to_location_id kind moved_at source_kind source_id "
        "reason actor_kind actor_id actor_name"
    ),
    "sales_entries": (
        "id kind customer_id bill_to_id revenue_on supply_on currency sku_id order_line_id code "
        "description quantity unit_price amount tax_class tax_provisional slip_number source_kind "
        "source_id written_at"
    ),
    "invoices": (
        "id number kind state customer_id currency issued_on issued_at due_on supplied_from "
        "supplied_until tax_mode net tax total settled opening_settled closing_number paper_id"
    ),
    "invoice_lines": (
        "id invoice_id position code description quantity unit_price amount tax_class tax_rate "
        "supply_on slip_number order_line_id"
    ),
    "invoice_taxes": "invoice_id tax_class rate base tax",
    "billed_entries": "sales_entry_id invoice_line_id is_live",
    "ledger_entries": (
        "customer_id currency kind amount posted_on posted_at document source_kind source_id "
        "actor_kind actor_id actor_name"
    ),
    "papers": (
        "id kind number revision customer_id partner issued_on amount currency locale facts"
    ),
    "journal_entries": (
        "sequence at did subject_kind subject_id actor_kind actor_id actor_name on_behalf_of "
        "details previous_hash hash"
    ),
    "balances": "sku_id location_id lot on_hand allocated set_aside safety is_guarded",
    "promise_rows": "sku_id version",
    "shelves": "sku_id location_id code",
    "credit_uses": (
        "customer_id level currency credit_limit ordered later unbilled receivable notes on_account"
    ),
    "bank_files": "id name sha256 format imported_at imported_by lines_new lines_known",
    "bank_lines": (
        "id account_id file_id key record booked_on is_credit currency amount payer_name payer_key "
        "payer_code payer_bank payer_branch reference bank_reference description is_reversal state "
        "note version"
    ),
    "receipts": (
        "id number customer_id bank_line_id currency amount received_on on_account is_live "
        "is_automatic"
    ),
    "settlements": "receipt_id invoice_id amount settled_at actor_kind actor_id actor_name",
    "differences": "id receipt_id kind amount",
}

# Built after the rows are in: a tenth of the time.
HEAVY = (
    "order_lines", "demands", "allocations", "shipment_lines", "moves", "sales_entries",
    "invoice_lines", "billed_entries", "ledger_entries", "price_rules", "orders", "papers",
    "bank_lines", "balances",
)  # fmt: skip
