"""Who reads the published store from outside: consumers, their keys, and what each may see."""
