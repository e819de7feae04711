"""The bench: a large, seeded data set, and what each work of the house costs on it.

Verbs: main (`./run bench`), build. Figures are printed beside their goals and written as JSON.
Floor: below cli, above everything it measures. Never part of a request; no test asserts its times.
"""
