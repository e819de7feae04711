"""Price tables, reasons of a price, freight rules and exchange rates."""
