"""Stock, receiving, packing and shipments."""
