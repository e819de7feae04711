"""The outbox: letters waiting to be sent.

Verbs: post, hand over. A letter is a row of the same transaction as the business it tells of, so none is sent
for what was rolled back and none is lost after a commit. Floor: just above the kernel. It never
opens a connection to a mail server while business is done.
"""
