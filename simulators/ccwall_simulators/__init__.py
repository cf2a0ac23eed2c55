"""Call centres that do not exist: a floor that produces facts, and one server or device for each protocol."""
