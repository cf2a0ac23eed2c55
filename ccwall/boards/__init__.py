"""What hangs on a wall: boards, floor plans and pictures, as people made them. docs/boards.md has every field."""
