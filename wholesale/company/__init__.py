"""Our firm: offices, bank accounts, the tax table, currencies and exchange rates, working days.

Verbs: set_up_company. One company per installation. Floor: above mail, below customers.
It never knows who trades with us.
"""
