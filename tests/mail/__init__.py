"""Letters and the worker that sends them."""
