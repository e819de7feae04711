"""Papers as PDF: draws the frozen facts of a paper with our own templates and fonts, once.

Verbs: `printing.print_paper` (or `draw` and `keep`, its two halves), `rendering.render`.
Stands beside exchange, above the domain; it never looks anything up that the facts don't say.
"""
