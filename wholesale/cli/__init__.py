"""Commands: what an operator types after `./run` or `wholesale`.

Each module holds the words of one craft; `main` knows which word is whose. Commands open their own
units of work and print; they decide nothing that a verb below could decide.
"""
