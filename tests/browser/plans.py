"""A floor plan for the morning of the design: four teams of twelve, rooms at the side."""


def of_four(rooms: tuple[str, str] = ("茶水间", "质检室"), lead: str = "现场主管台") -> str:
    """As text, with the lead's desk in the middle."""
    wide = 12

    def room(name: str) -> str:
        ems = sum(2 if sign >= "\u2e80" else 1 for sign in name)
        left = (wide - ems) // 2
        return "[" + " " * left + name + " " * (wide - left - ems) + "]"

    blank = "[" + " " * wide + "]"
    out = " " * (wide + 2)

    def row(letter: str, other: str, first: int) -> str:
        one, two = (" ".join(f"{each}-{i:02}" for i in range(first, first + 6)) for each in (letter, other))
        return f"{one}     {two}"

    middle = [
        (blank, "{A}" + " " * 31 + "{B}"),
        (room(rooms[0]), row("A", "B", 1)),
        (blank, row("A", "B", 7)),
        (out, ""),
        (out, " " * 24 + f"[  {lead}  ]"),
        (out, ""),
        (blank, "{C}" + " " * 31 + "{D}"),
        (room(rooms[1]), row("C", "D", 1)),
        (blank, row("C", "D", 7)),
    ]
    inner = 2 + len(out) + 2 + 64 + 2

    def filled(side: str, rest: str) -> str:
        ems = sum(2 if sign >= "\u2e80" else 1 for sign in rest)
        return "#" + side + "  " + rest + " " * (inner - len(out) - ems - 3) + "#"

    wall = "#" * 14 + ("====" + "#" * 8) * 5
    wall += "#" * (inner + 1 - len(wall))
    return "\n".join([wall, *(filled(*each) for each in middle), "#" * (inner + 1)]) + "\n"
