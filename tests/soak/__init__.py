"""Whether a page that is open all day keeps what it no longer needs."""
