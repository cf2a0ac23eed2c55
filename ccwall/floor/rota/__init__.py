"""The rota as people write it: spreadsheets and calendars in, shifts out; and what came of them."""
