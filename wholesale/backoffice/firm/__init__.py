"""Our own firm: settings, calendar, staff, roles, security."""
