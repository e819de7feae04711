"""One customer out of two: likely duplicates, what will move, the merge, and taking it back.

Verbs: merge, undo, are_different. Each package moves its own tables (`taking_over.py`); what is frozen
stays under the old code and is found through the new one. Floor: above payments, below the outlets.
"""
