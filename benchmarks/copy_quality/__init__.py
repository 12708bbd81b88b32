"""How good drafted lines are: counted by a program, and judged blind by readers."""
