"""The demo company 土と紙, told with the real verbs under a moving clock.

Verbs: build. Data in `data/`. Floor: beside `app`; it never touches a table a verb could write.
"""
