"""What people do: commands in, facts out."""
