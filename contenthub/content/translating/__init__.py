"""What is written in one language after another: units of text, what became of their source, and who may write."""
