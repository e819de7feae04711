"""The ground: what every floor stands on and what knows nothing of the trade.

Owns the session and the unit of work, exact money, document numbers, the journal, jobs, form tokens,
stored files, papers, the clock, the settings, words in several languages. Floor: the lowest.
It never imports another package of the house, and never Flask.
"""
